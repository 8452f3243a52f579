package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.AdaptiveMaxPool;
import io.noesis.encoders.layer.Cycle;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Relu;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Residual;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.layer.SubjectMaxPool;
import io.noesis.encoders.layer.SubjectNorm;
import io.noesis.encoders.layer.ZeroStart;
import io.noesis.run.Check;
import java.util.List;

/**
 * MindBridge (Wang et al. 2024, arXiv:2404.07850): each subject's voxels are brought to one width
 * by adaptive maxima, embedded by weights of its own, and translated by residual blocks that all
 * subjects share; training also rebuilds the responses and goes in a cycle through another subject.
 * Windows of maxima follow the order of the mask's voxels. {@code [trials, voxels]} → {@code
 * [trials, dim]} or {@code [trials, tokens, dim]}.
 *
 * @param pooled width after the maxima
 * @param bottleneck width of the residual adapter in front of each subject's map
 * @param width of the shared blocks
 * @param blocks how many
 * @param firstDropout rate behind each subject's map
 * @param blockDropout rate at the end of each block
 * @param reconstruction weight of the squared error of rebuilt responses; 0 for without
 * @param cycle weight of the squared error of embeddings after the cycle; 0 for without
 * @param heads further outputs on the shared blocks, as the published one for texts
 */
public record MindBridge(
    int pooled,
    int bottleneck,
    int width,
    int blocks,
    double firstDropout,
    double blockDropout,
    double reconstruction,
    double cycle,
    List<HeadSpec> heads)
    implements NetworkSpec {
  static final String NAME = "mindbridge";

  /** Checks the sizes; the rates are checked by their layers. */
  public MindBridge {
    heads = List.copyOf(heads);
    Check.argument(
        pooled > 0 && bottleneck > 0 && width > 0 && blocks >= 0,
        "%s: expected widths of at least 1 and blocks of at least 0, found %d, %d, %d and %d",
        NAME,
        pooled,
        bottleneck,
        width,
        blocks);
    Check.argument(
        reconstruction >= 0 && cycle >= 0,
        "%s: expected weights of terms of at least 0, found %s and %s",
        NAME,
        reconstruction,
        cycle);
  }

  /**
   * As published: 8192 maxima, bottleneck 128, 4 blocks of 2048, both terms with weight 1; one
   * output.
   */
  public static MindBridge defaults() {
    return new MindBridge(8192, 128, 2048, 4, 0.5, 0.15, 1, 1, List.of());
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int voxels = sizes.voxels(NAME);
    int subjects = sizes.subjects().size();
    Layer pool =
        sizes.widths().stream().allMatch(width -> width == voxels)
            ? new AdaptiveMaxPool(voxels, pooled)
            : new SubjectMaxPool(sizes.widths(), pooled);
    Layer embed =
        Sequence.builder()
            .add("adapter", adapter(subjects))
            .add("linear", linear(subjects, pooled, width))
            .add("norm", new SubjectNorm(subjects, width))
            .add("activation", new Gelu())
            .add("dropout", new Dropout(firstDropout))
            .build();
    Layer build =
        Sequence.builder()
            .add("linear", linear(subjects, width, pooled))
            .add("norm", new SubjectNorm(subjects, pooled))
            .add("activation", new Gelu())
            .add("adapter", adapter(subjects))
            .build();
    Sequence.Builder network =
        Sequence.builder()
            .add("pool", pool)
            .add("subject", new Cycle(embed, build, subjects, reconstruction, cycle));
    for (int i = 0; i < blocks; i++) {
      Layer map = Linear.of(width, width);
      network.add(
          "blocks." + i, new Residual(Blocks.normLast("linear", map, width, blockDropout).build()));
    }
    HeadSpec.behind(network, width, heads);
    return network
        .add("out", Linear.of(width, sizes.dim()))
        .add("embedding", new Reshape(sizes.target()))
        .build();
  }

  /** Its second map begins as zero: at first the adapter changes nothing. */
  private Layer adapter(int subjects) {
    return new Residual(
        Sequence.builder()
            .add("down", linear(subjects, pooled, bottleneck))
            .add("activation", new Relu())
            .add("up", new ZeroStart(linear(subjects, bottleneck, pooled)))
            .build());
  }

  private static Layer linear(int subjects, int in, int out) {
    return new SubjectLinear(subjects, in, out, SubjectLinear.Axes.FLAT);
  }
}
