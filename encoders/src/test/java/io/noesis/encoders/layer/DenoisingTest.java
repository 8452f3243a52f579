package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.noesis.encoders.layer.Denoising.Course;
import io.noesis.encoders.layer.Denoising.Says;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** PyTorch's numbers, from fixtures/make/torch_objectives.py. */
class DenoisingTest {
  private static final Denoising MINDEYE = Denoising.defaults();

  private static Safetensors python() throws Exception {
    return Safetensors.open(
        Path.of(DenoisingTest.class.getResource("denoising.safetensors").toURI()));
  }

  @Test
  void theSignalThatIsLeftIsThatOfPyTorch() throws Exception {
    try (Safetensors python = python()) {
      assertArrayEquals(python.readDoubles("cosine-100").array(), MINDEYE.signal(), 1e-12);
      Denoising linear = new Denoising(1000, Course.LINEAR, Says.NOISE);
      assertArrayEquals(python.readDoubles("linear-1000").array(), linear.signal(), 1e-12);
    }
  }

  @Test
  void noisyRowsAndTheirLossAreThoseOfPyTorch() throws Exception {
    try (Safetensors python = python()) {
      Scope.run(
          () -> {
            Value clean = Value.of(python.read("clean"));
            Value noise = Value.of(python.read("noise"));
            Value said = Value.of(python.read("said"));
            long[] times = python.readLongs("times").array();
            float[] noisy = MINDEYE.noisy(clean, noise, times).toTensor().array();
            assertArrayEquals(python.read("noisy").array(), noisy, 1e-6f);
            assertEquals(
                python.read("loss-clean").array()[0],
                MINDEYE.loss(said, clean, noise).item(),
                1e-6);
            Denoising atm = new Denoising(1000, Course.LINEAR, Says.NOISE);
            assertEquals(
                python.read("loss-noise").array()[0], atm.loss(said, clean, noise).item(), 1e-6);
          });
    }
  }

  @Test
  void stepsAreDrawnEvenly() {
    Scope.run(
        () -> {
          long[] times = MINDEYE.draw(TorchRandom.ofNumber(3), 20_000);
          assertEquals(0, Arrays.stream(times).min().orElseThrow());
          assertEquals(99, Arrays.stream(times).max().orElseThrow());
          assertEquals(49.5, Arrays.stream(times).average().orElseThrow(), 0.8);
        });
    assertThrows(IllegalArgumentException.class, () -> new Denoising(1, Course.COSINE, Says.CLEAN));
  }

  @Test
  void aPerfectPredictionCostsNothing() {
    Scope.run(
        () -> {
          Value clean = Value.of(Tensor.zeros(3, 2).map(z -> 2));
          Value noise = Value.of(Tensor.zeros(3, 2).map(z -> -1));
          assertEquals(0, MINDEYE.loss(clean, clean, noise).item());
        });
  }
}
