package io.noesis.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what went into a result, as 64 lower-case hexadecimal digits. */
public final class Fingerprint {
  private Fingerprint() {}

  /** A new SHA-256 digest. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /**
   * The digest of a text in UTF-8.
   *
   * @param text the text
   * @return 64 hexadecimal digits
   */
  public static String ofText(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * The digest of a file's bytes, read in blocks.
   *
   * @param file the file
   * @return 64 hexadecimal digits
   * @throws DataException when the file cannot be read
   */
  public static String ofFile(Path file) {
    MessageDigest sha = sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] block = new byte[1 << 16];
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        sha.update(block, 0, n);
      }
    } catch (IOException e) {
      throw new DataException(
          "computing the fingerprint of "
              + file
              + ": "
              + Failure.reason(e)
              + ". Check that it exists.",
          e);
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /**
   * The digest of float32 values in little-endian order.
   *
   * @param values the values; not modified
   * @return 64 hexadecimal digits
   */
  public static String ofFloats(float[] values) {
    MessageDigest sha = sha256();
    ByteBuffer block = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      if (!block.hasRemaining()) {
        sha.update(block.flip());
        block.clear();
      }
      block.putFloat(value);
    }
    sha.update(block.flip());
    return HexFormat.of().formatHex(sha.digest());
  }
}
