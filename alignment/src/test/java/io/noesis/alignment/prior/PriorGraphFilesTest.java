package io.noesis.alignment.prior;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.noesis.alignment.diffusion.Denoiser;
import io.noesis.alignment.diffusion.NoiseSchedule;
import io.noesis.alignment.diffusion.Predicts;
import io.noesis.alignment.diffusion.PriorSizes;
import io.noesis.alignment.diffusion.PriorSpec;
import io.noesis.alignment.diffusion.TokenDenoiser;
import io.noesis.alignment.diffusion.VectorDenoiser;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.run.Seed;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Writes the graphs of diffusion priors to {@code alignment/target/graphs}, where {@code
 * tests/fixtures/make/check_graphs.py} asks the onnx package's own checker about them.
 */
class PriorGraphFilesTest {
  private static void written(String name, Denoiser denoiser, PriorSizes sizes) {
    PriorSpec spec =
        new PriorSpec(
            new NoiseSchedule(100, NoiseSchedule.Shape.COSINE), Predicts.EMBEDDING, denoiser, 0.1);
    Layer network = denoiser.network(sizes);
    Parameters parameters = Parameters.of(network, Seed.of(3));
    Path file = Path.of("target", "graphs").toAbsolutePath().resolve(name + ".onnx");
    new DiffusionPrior(spec, sizes, new DiffusionPrior.Scales(1, 1), parameters.snapshot())
        .write(file, Map.of());
    parameters.free();
    try (OnnxModel model = OnnxModel.open(file, OnnxOptions.SINGLE_THREADED)) {
      assertEquals(4, model.inputs().size(), () -> model.inputs().toString());
      assertEquals(Sampler.PREDICTION, model.outputs().get(0).name());
    }
  }

  @Test
  void priorsOfVectorsAndTokensAreWritten() {
    written(
        "prior-of-vectors",
        new VectorDenoiser(List.of(12, 7, 5), 6, 0.1),
        new PriorSizes(List.of(4), List.of(9)));
    written(
        "prior-of-tokens",
        new TokenDenoiser(2, 2, 8, 4, 0),
        new PriorSizes(List.of(3, 6), List.of(3, 6)));
  }
}
