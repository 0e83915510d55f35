package io.drasi.it.faults;

/** Where bytes go. */
enum Direction {
  TO_SERVER,
  TO_CLIENT
}
