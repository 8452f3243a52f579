package io.noesis.ingest.format.nifti;

import java.io.IOException;
import java.io.InputStream;

/** Reads over bytes: {@code skip} of an inflating stream may stop early and hides the end. */
final class Skip {
  private Skip() {}

  /** Whether there were so many bytes; fewer means the stream ended. */
  static boolean exactly(InputStream in, long bytes) throws IOException {
    byte[] block = new byte[(int) Math.min(1 << 13, bytes)];
    long left = bytes;
    while (left > 0) {
      int n = in.read(block, 0, (int) Math.min(block.length, left));
      if (n < 0) {
        return false;
      }
      left -= n;
    }
    return true;
  }
}
