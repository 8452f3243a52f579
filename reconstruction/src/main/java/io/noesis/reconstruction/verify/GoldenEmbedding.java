package io.noesis.reconstruction.verify;

import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.diffusion.EmbeddingPrior;
import io.noesis.reconstruction.diffusion.EmbeddingRequest;
import io.noesis.reconstruction.diffusion.PictureRequest;
import io.noesis.reconstruction.diffusion.Priors;
import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The embedding that a prior's pack carries, drawn again from its prompt or what was decoded. */
final class GoldenEmbedding {
  private static final double TOLERANCE = 1e-3;

  private GoldenEmbedding() {}

  static String check(ModelPack pack, Progress progress) {
    try (Safetensors file = Safetensors.open(pack.file(GoldenPair.FILE));
        EmbeddingPrior prior = Priors.open(pack, OnnxOptions.SINGLE_THREADED)) {
      Tensor expected = file.read("embedding");
      Map<String, String> told = file.metadata();
      List<Long> seeds = List.of((long) number(told, "seed", pack));
      SamplingPlan plan =
          SamplingPlan.of((int) number(told, "steps", pack), number(told, "guidance", pack))
              .with(prior.plan().settings());
      Tensor found =
          file.names().contains("decoded")
              ? prior.draw(EmbeddingRequest.of(file.read("decoded"), seeds, plan), progress)
              : prior.draw(
                  PictureRequest.of(List.of(told.getOrDefault("prompt", "")), seeds, plan),
                  progress);
      double worst = found.size() == expected.size() ? 0 : Double.POSITIVE_INFINITY;
      for (int i = 0; i < Math.min(found.size(), expected.size()); i++) {
        double wanted = expected.array()[i];
        double error = Math.abs(wanted - found.array()[i]) / Math.max(1, Math.abs(wanted));
        worst = Math.max(worst, error);
      }
      if (!(worst <= TOLERANCE)) {
        throw GoldenPair.differs(
            pack,
            "the embedding it carries comes out with a difference of "
                + worst
                + " here, expected at most "
                + TOLERANCE);
      }
      return String.format(Locale.ROOT, "its embedding comes out within %.1e", worst);
    }
  }

  private static double number(Map<String, String> told, String name, ModelPack pack) {
    try {
      return Double.parseDouble(told.getOrDefault(name, ""));
    } catch (NumberFormatException e) {
      throw new ModelException(
          "checking the model pack "
              + pack.folder()
              + ": "
              + GoldenPair.FILE
              + " has no number '"
              + name
              + "' in its metadata "
              + told
              + ". Export the model again.",
          e);
    }
  }
}
