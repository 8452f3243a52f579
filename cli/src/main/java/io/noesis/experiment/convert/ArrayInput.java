package io.noesis.experiment.convert;

/** An array that is known by its header and can be read. */
interface ArrayInput {
  /** Bytes of memory that reading takes at its peak, from headers alone. */
  long bytesNeeded();

  /** Reads all of it. */
  Numbers read();
}
