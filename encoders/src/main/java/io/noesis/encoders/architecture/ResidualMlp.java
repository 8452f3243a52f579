package io.noesis.encoders.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.Architecture;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.TrainedWeights;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Residual;
import io.noesis.encoders.layer.Sequence;
import io.noesis.run.Check;
import io.noesis.run.RecordBinder;
import java.nio.file.Path;

/**
 * The backbone of MindEye (Scotti et al. 2023, arXiv:2305.18274): a linear map from voxels to a
 * width with layer norm, GELU and strong dropout, residual blocks of the same, and a linear map to
 * the embedding. {@code [trials, voxels]} → {@code [trials, dim]}.
 */
public final class ResidualMlp implements Architecture {
  static final String NAME = "residual-mlp";

  /**
   * Its settings.
   *
   * @param width of the blocks
   * @param blocks how many
   * @param firstDropout rate behind the first map
   * @param blockDropout rate at the end of each block
   */
  public record Spec(int width, int blocks, double firstDropout, double blockDropout) {
    /** Checks the sizes; the rates are checked by their layers. */
    public Spec {
      Check.argument(
          width > 0 && blocks >= 0,
          "residual MLP: expected a width of at least 1 and blocks of at least 0, found %d and %d",
          width,
          blocks);
    }

    /** As published: width 4096, 4 blocks, dropout 0.5 and 0.15. */
    public static Spec defaults() {
      return new Spec(4096, 4, 0.5, 0.15);
    }

    /**
     * The network.
     *
     * @param voxels width of its input
     * @param dim width of its output
     * @return the layers
     */
    public Layer network(int voxels, int dim) {
      Sequence.Builder network = block("into", voxels, firstDropout);
      for (int i = 0; i < blocks; i++) {
        network.add("blocks." + i, new Residual(block("linear", width, blockDropout).build()));
      }
      return network.add("out", Linear.of(width, dim)).build();
    }

    private Sequence.Builder block(String name, int in, double rate) {
      return Sequence.builder()
          .add(name, Linear.of(in, width))
          .add("norm", LayerNorm.of(width))
          .add("activation", new Gelu())
          .add("dropout", new Dropout(rate));
    }
  }

  @Override
  public Class<? extends Record> settings() {
    return Spec.class;
  }

  @Override
  public BrainEncoder fit(TrainingRows rows, JsonNode settings, Fitting fitting) {
    Spec spec = RecordBinder.bind(settings, Spec.class, "encoder.settings");
    Layer network = spec.network(rows.responses().dim(1), rows.targets().dim(1));
    TrainedWeights trained = fitting.trainer().train(network, rows, fitting.seed());
    NetworkShape shape =
        new NetworkShape(
            NAME, RecordBinder.tree(spec), rows.responses().dim(1), rows.targets().dim(1));
    return new NetworkEncoder(shape, network, trained.weights(), trained.facts());
  }

  @Override
  public BrainEncoder load(Path file) {
    return NetworkFile.read(
        file,
        NAME,
        shape ->
            RecordBinder.bind(shape.settings(), Spec.class, file + ": settings")
                .network(shape.voxels(), shape.dim()));
  }
}
