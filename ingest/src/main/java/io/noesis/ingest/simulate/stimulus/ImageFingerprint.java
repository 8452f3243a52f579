package io.noesis.ingest.simulate.stimulus;

import io.noesis.run.Fingerprint;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The SHA-256 of what a picture shows, whatever file it came from: width and height as big-endian
 * int32, then red, green and blue of each pixel, row by row. Opacity and metadata do not count.
 */
public final class ImageFingerprint {
  private ImageFingerprint() {}

  /**
   * The fingerprint of a picture's pixels.
   *
   * @param image any type of picture; read as 8-bit sRGB
   * @return 64 hexadecimal digits
   */
  public static String ofPixels(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    MessageDigest sha = Fingerprint.sha256();
    sha.update(ByteBuffer.allocate(8).putInt(width).putInt(height).array());
    int[] row = new int[width];
    byte[] bytes = new byte[3 * width];
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        bytes[3 * x] = (byte) (row[x] >> 16);
        bytes[3 * x + 1] = (byte) (row[x] >> 8);
        bytes[3 * x + 2] = (byte) row[x];
      }
      sha.update(bytes);
    }
    return HexFormat.of().formatHex(sha.digest());
  }
}
