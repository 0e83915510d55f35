package io.drasi.bench.client;

/** Something that reads everything once. */
interface Drain {

  /**
   * Reads.
   *
   * @param task what to read
   * @param meter is told of the first row and of what cannot be seen from outside
   * @param ready is to be called when the stream has begun
   * @return what was measured, up to the last row
   */
  Measurement run(Task task, Meter meter, Runnable ready) throws Exception;
}
