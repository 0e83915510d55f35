package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.decoder.value.Codecs;

/**
 * What a session may ask the server to send values as.
 *
 * @param codecs what decodes them
 * @param binaryAllowed whether they may come in the binary format; if not, they come as text
 */
public record ValueFormat(Codecs codecs, boolean binaryAllowed) {}
