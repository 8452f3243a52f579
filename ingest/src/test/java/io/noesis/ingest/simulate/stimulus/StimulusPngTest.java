package io.noesis.ingest.simulate.stimulus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.OutputException;
import io.noesis.run.Seed;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StimulusPngTest {
  private static final Scene SCENE = Scene.ofId("cat_orange_large_centre_one_meadow", Seed.of(1));
  @TempDir Path folder;

  @Test
  void bytesRepeatAndPixelsReadBack() throws IOException {
    Path first = folder.resolve("a/first.png");
    Path second = folder.resolve("second.png");
    StimulusPng.write(first, SCENE, 128);
    StimulusPng.write(second, SCENE, 128);
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    BufferedImage read = ImageIO.read(first.toFile());
    assertEquals(128, read.getWidth());
    assertEquals(ImageFingerprint.ofPixels(SCENE.draw(128)), ImageFingerprint.ofPixels(read));
  }

  @Test
  void saysThatItIsSimulated() throws IOException {
    Path file = folder.resolve("cat.png");
    StimulusPng.write(file, SCENE, 64);
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertTrue(bytes.contains("simulated stimulus"));
    assertTrue(bytes.contains(SCENE.caption()));
  }

  @Test
  void anUnwritablePlaceIsAnOutputError() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    assertThrows(OutputException.class, () -> StimulusPng.write(file.resolve("x.png"), SCENE, 64));
  }

  @Test
  void fingerprintSeesPixelsOnly() {
    BufferedImage image = SCENE.draw(64);
    BufferedImage opaque = new BufferedImage(64, 64, BufferedImage.TYPE_INT_ARGB);
    BufferedImage bytes = new BufferedImage(64, 64, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 64 * 64; i++) {
      opaque.setRGB(i % 64, i / 64, image.getRGB(i % 64, i / 64));
      bytes.setRGB(i % 64, i / 64, image.getRGB(i % 64, i / 64));
    }
    String print = ImageFingerprint.ofPixels(image);
    assertEquals(print, ImageFingerprint.ofPixels(opaque));
    assertEquals(print, ImageFingerprint.ofPixels(bytes));
    image.setRGB(63, 63, image.getRGB(63, 63) ^ 1);
    assertNotEquals(print, ImageFingerprint.ofPixels(image));
  }

  /** Against Python: hashlib.sha256(struct.pack('>ii', 2, 1) + bytes([255, 0, 0, 0, 0, 255])). */
  @Test
  void fingerprintIsSha256OfSizeAndRgb() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xff0000);
    image.setRGB(1, 0, 0x0000ff);
    assertEquals(
        "47a173e1b0d9091c98de3201ee7d2d79666fe8efe431b9c95a860eb8b4219377",
        ImageFingerprint.ofPixels(image));
  }
}
