package io.drasi.postgres.protocol.replication;

import io.drasi.postgres.protocol.message.Lsn;

/**
 * What IDENTIFY_SYSTEM tells.
 *
 * @param systemId the identifier of the cluster, the same on all its standbys
 * @param timeline the current timeline
 * @param flushed up to where the write-ahead log is on disk
 */
public record SystemIdentity(String systemId, int timeline, Lsn flushed) {}
