/** Threads as the source wants them. */
package io.drasi.source.postgres.internal.thread;
