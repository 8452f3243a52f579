package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.ExpectedCode;
import io.noesis.encoders.layer.FeedForward;
import io.noesis.encoders.layer.Flatten;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Heads;
import io.noesis.encoders.layer.Identity;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.NormedResidual;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.ToldPlaces;
import io.noesis.run.Check;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * BrainNRDS's decoder of motion (Yeung et al. 2025, arXiv:2406.02659): the vector that a multilayer
 * perceptron makes of a response is put at every place of a grid, beside features of the stimulus's
 * first frame there, which are told; residual blocks of 1×1 convolutions, each place by itself,
 * then tell which code of a codebook its flow is. {@code [trials, voxels]} or {@code [trials,
 * voxels, volumes]} and {@code [trials, places, features]} → {@code [trials, places, 2]}, the mean
 * of the codes by their shares.
 *
 * <p>The codes are k-means of the targets of training trials, each stimulus once, and are kept with
 * the weights; a network that is trained on keeps those it has. Logits are the output {@value
 * #CODES}, {@code [trials, places, codes]}; the target {@value #CODES} that the part {@code
 * cross-entropy} of the loss {@code sum} asks for is made from the targets.
 *
 * @param backbone from voxels to the vector, which is that behind its last block
 * @param input the name of the features that are told
 * @param codes of the codebook
 * @param width of the residual blocks
 * @param blocks how many
 * @param dropout rate in each block
 */
public record BrainNrds(
    ResidualMlp backbone, String input, int codes, int width, int blocks, double dropout)
    implements NetworkSpec {
  static final String NAME = "brain-nrds";

  /** Name of the logits and of their targets. */
  static final String CODES = "codes";

  /** Numbers of a vector in the plane. */
  private static final int FLOW = 2;

  private static final String CODEBOOK = "flow.embedding." + ExpectedCode.CODEBOOK;

  /** Checks the sizes; the rate is checked by its layers. */
  public BrainNrds {
    Check.argument(
        codes > 1 && width > 0 && blocks >= 0 && !input.isBlank() && !input.equals(CODES),
        "brain-nrds: expected at least 2 codes, a width of at least 1, blocks of at least 0 and the"
            + " name of an input other than its output 'codes', found %d, %d, %d and '%s'",
        codes,
        width,
        blocks,
        input);
    Check.argument(
        backbone.projector() == 0 && backbone.latent().isEmpty(),
        "brain-nrds: its backbone ends behind the last block; leave backbone.projector at 0 and"
            + " backbone.latent out");
  }

  /**
   * 40 codes and 3 blocks, as published; how wide the perceptron (1024, one hidden block) and the
   * blocks (512) are and the rates of dropout (0.5, 0.15 and 0.1) is not known to us and chosen by
   * us.
   */
  public static BrainNrds defaults() {
    return new BrainNrds(new ResidualMlp(1024, 1, 0.5, 0.15), "first-frame", 40, 512, 3, 0.1);
  }

  @Override
  public Set<String> inputs() {
    return Set.of(input);
  }

  @Override
  public Set<String> targets() {
    return Set.of(CODES);
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int of = width(sizes.target());
    int places = sizes.dim() / of;
    int told = told(sizes, places);
    Sequence.Builder flow =
        Sequence.builder()
            .add("places", new ToldPlaces(input, places, told))
            .add("into", Linear.of(backbone.width() + told, width));
    for (int i = 0; i < blocks; i++) {
      flow.add(
          "blocks." + i,
          new NormedResidual(
              new FeedForward(width, width, new Gelu(), dropout),
              width,
              NormedResidual.Style.normFirst().withDropout(dropout)));
    }
    flow.add("norm", LayerNorm.of(width)).add("logits", Linear.of(width, codes));
    return Sequence.builder()
        .add("window", new Flatten())
        .add("response", backbone.trunk(flat(sizes)).build())
        .add("grid", flow.build())
        .add(
            "flow",
            new Heads(
                new ExpectedCode(codes, of),
                List.of(new Heads.Head(CODES, new Identity(), List.of(places, codes)))))
        .add("embedding", new Reshape(sizes.target()))
        .build();
  }

  /** Numbers of a place: those of a token, or of a vector in the plane where there are none. */
  private static int width(List<Integer> target) {
    Check.argument(
        target.size() == 2 || (target.size() == 1 && target.get(0) % FLOW == 0),
        "brain-nrds decodes the flow at places, [places, 2], or vectors of other widths as tokens"
            + " (encoder.tokens), found targets %s",
        target);
    return target.size() == 2 ? target.get(1) : FLOW;
  }

  /** Windows of several volumes in one axis. */
  private static NetworkSizes flat(NetworkSizes sizes) {
    int volumes = sizes.response().stream().skip(1).reduce(1, Math::multiplyExact);
    return new NetworkSizes(
        List.of(sizes.response().get(0) * volumes),
        sizes.subjects(),
        sizes.widths().stream().map(width -> width * volumes).toList(),
        List.of(),
        sizes.target());
  }

  private int told(NetworkSizes sizes, int places) {
    List<Integer> axes = sizes.inputs().getOrDefault(input, List.of());
    int numbers = axes.stream().reduce(1, Math::multiplyExact);
    Check.argument(
        !axes.isEmpty() && numbers % places == 0,
        "brain-nrds is told '%s' of each of the %d places of its targets, found %s numbers of a"
            + " stimulus; give features of the same grid (encoder.inputs)",
        input,
        places,
        axes.isEmpty() ? "no" : Integer.toString(numbers));
    return numbers / places;
  }

  @Override
  public Prepared prepared(TrainingRows rows, Map<String, Tensor> given, Seed seed) {
    int of = width(NetworkSizes.of(rows).target());
    Tensor before = given.get(CODEBOOK);
    Codebook book =
        before == null ? Codebook.of(once(rows), of, codes, seed) : new Codebook(before);
    int[] nearest = book.nearest(rows.targets());
    float[] numbers = new float[nearest.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = nearest[i];
    }
    int count = rows.targets().dim(0);
    return new Prepared(
        Map.of(CODEBOOK, book.codes()),
        Map.of(CODES, Tensor.wrap(numbers, count, numbers.length / count)),
        Map.of(
            CODES,
            String.format(
                Locale.ROOT,
                "%d, %s, from which training targets lie %.4g on average",
                codes,
                before == null
                    ? "k-means of training targets"
                    : "of the network that is trained on",
                book.error(rows.targets(), nearest))));
  }

  /** The targets of each stimulus once, however often it was shown. */
  private static Tensor once(TrainingRows rows) {
    List<String> stimuli = rows.shown().stimuli();
    if (stimuli.isEmpty()) {
      return rows.targets();
    }
    Map<String, Integer> first = new LinkedHashMap<>();
    for (int row = 0; row < stimuli.size(); row++) {
      first.putIfAbsent(stimuli.get(row), row);
    }
    return rows.targets().rows(first.values().stream().mapToInt(row -> row).toArray());
  }
}
