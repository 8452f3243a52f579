package io.noesis.alignment.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.tensor.LongArray;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against tests/fixtures/make/clip_pictures.py. */
class TensorResizeTest {
  private static final Path FILE = Path.of("src/test/resources/pictures/resize.safetensors");

  @ParameterizedTest
  @EnumSource(TensorResize.class)
  void resizesAsTorchDoesWithoutAntialias(TensorResize mode) {
    String start = mode.name().toLowerCase(Locale.ROOT) + "/";
    int sizes = 0;
    try (Safetensors file = Safetensors.open(FILE)) {
      Tensor in = file.read("in");
      for (String name : file.names()) {
        if (name.startsWith(start)) {
          Tensor expected = file.read(name);
          Tensor found = mode.apply(in, expected.dim(2), expected.dim(3));
          assertArrayEquals(expected.array(), found.array(), 5e-6f, name);
          sizes++;
        }
      }
    }
    assertEquals(6, sizes);
    assertThrows(IllegalArgumentException.class, () -> mode.apply(Tensor.zeros(3, 4, 4), 2, 2));
  }

  @Test
  void preparesPicturesAsTheImageProcessorOfClipDoes() {
    ImagePreprocess preprocess = ImagePreprocess.clipOfTransformers(24);
    int pictures = 0;
    int others = 0;
    int values = 0;
    try (Safetensors file = Safetensors.open(FILE)) {
      for (String name : file.names()) {
        if (!name.startsWith("picture/")) {
          continue;
        }
        LongArray stored = file.readLongs(name);
        byte[] rgb = new byte[stored.array().length];
        for (int i = 0; i < rgb.length; i++) {
          rgb[i] = (byte) stored.array()[i];
        }
        String[] size = name.substring("picture/".length()).split("x");
        PixelImage picture =
            PixelImage.wrap(Integer.parseInt(size[0]), Integer.parseInt(size[1]), rgb);
        float[] expected = file.read(name.replace("picture", "clip")).array();
        float[] found = preprocess.apply(picture).array();
        assertEquals(expected.length, found.length);
        for (int i = 0; i < found.length; i++) {
          double levels =
              Math.abs(found[i] - expected[i]) * 255 * preprocess.std().get(i / (24 * 24));
          assertTrue(levels < 1.01, name + " differs by " + levels + " levels at " + i);
          others += levels < 0.01 ? 0 : 1;
          values++;
        }
        pictures++;
      }
    }
    assertEquals(6, pictures);
    assertTrue(others <= values / 50, others + " of " + values + " differ");
  }
}
