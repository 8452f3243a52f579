package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.BatchNorm;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Convolution;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.FourierPositions;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Glu;
import io.noesis.encoders.layer.Heads;
import io.noesis.encoders.layer.Identity;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.MeanOver;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Residual;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SpatialAttention;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.layer.TransposedConvolution;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Check;
import java.util.List;

/**
 * The convolutional encoder of BrainMagick (Défossez et al. 2023, doi:10.1038/s42256-023-00714-5):
 * sensors mixed by where they are, a matrix for each subject, dilated convolutions with batch norm,
 * GELU and skips, gates behind every second of them. {@code [trials, channels, samples]} → {@code
 * [trials, dim, samples]}, or {@code [trials, dim]} with a pooling. It needs the sensors'
 * positions. Rows say by a further input whose they are; a subject that was not trained gets the
 * mean of the matrices.
 *
 * @param spatial how sensors are mixed
 * @param channels they are mixed into
 * @param frequencies of positions along each axis
 * @param spatialDropout radius around a random place within which sensors are left out in training
 * @param subjects whether each has a matrix of its own
 * @param width of the convolutions
 * @param depth how many convolutions
 * @param dilations of one after another: 1, 2, 4, ...; after so many they begin again
 * @param headWidth between the convolutions and the embedding
 * @param pooling what becomes of time
 * @param layout where sensors lie for the attention and its waves
 * @param subjectDropout part of the trials, by chance, that get the mean of the matrices in
 *     training, as somebody who was not trained does
 * @param heads further outputs on the convolutions: of sizes {@code [dim, samples]} one for each
 *     sample where time is kept; else made of the pooled moment, or of the mean over time
 */
public record BrainMagick(
    Spatial spatial,
    int channels,
    int frequencies,
    double spatialDropout,
    Subjects subjects,
    int width,
    int depth,
    int dilations,
    int headWidth,
    Pooling pooling,
    Layout layout,
    double subjectDropout,
    List<HeadSpec> heads)
    implements NetworkSpec {
  static final String NAME = "brainmagick";
  private static final int KERNEL = 3;
  private static final double MARGIN = 0.2;

  /** How sensors are mixed. */
  public enum Spatial {
    /** As published: by attention to their positions. */
    ATTENTION,
    /** By learned weights alone; positions are not needed. */
    LINEAR
  }

  /** Whether each subject has a matrix of its own. */
  public enum Subjects {
    /** As published. */
    MATRIX,
    /** All are treated alike. */
    ALIKE
  }

  /** Where sensors lie. */
  public enum Layout {
    /** As published: on a map of the head from above. */
    MAP,
    /** In space, by three coordinates; with 10 frequencies there are 2000 waves. */
    SPACE;

    private int axes() {
      return this == MAP ? 2 : 3;
    }
  }

  /** What becomes of time. */
  public enum Pooling {
    /**
     * As published for speech: an embedding for each sample; targets are {@code [dim, samples]}.
     */
    NONE,
    /** The mean over time, in front of the head. */
    MEAN,
    /**
     * One learned weight for each sample, in front of the head, as for images (Benchetrit et al.
     * 2024, arXiv:2310.19812).
     */
    LEARNED
  }

  /** Checks the sizes. */
  public BrainMagick {
    heads = List.copyOf(heads);
    Check.argument(
        channels > 0 && frequencies > 0 && width > 0 && headWidth > 0,
        "BrainMagick: expected sizes of at least 1, found %d channels, %d frequencies, widths %d"
            + " and %d",
        channels,
        frequencies,
        width,
        headWidth);
    Check.argument(
        subjectDropout >= 0
            && subjectDropout < 1
            && (subjectDropout == 0 || subjects == Subjects.MATRIX),
        "BrainMagick: expected a subjectDropout from 0 to below 1, and 0 where subjects are alike,"
            + " found %s",
        subjectDropout);
    Check.argument(
        depth > 0 && depth % 2 == 0 && dilations > 0,
        "BrainMagick: expected an even depth and at least 1 dilation, found %d and %d",
        depth,
        dilations);
  }

  /** Sensors on a map, nobody hidden. */
  BrainMagick(
      Spatial spatial,
      int channels,
      int frequencies,
      double spatialDropout,
      Subjects subjects,
      int width,
      int depth,
      int dilations,
      int headWidth,
      Pooling pooling,
      List<HeadSpec> heads) {
    this(
        spatial,
        channels,
        frequencies,
        spatialDropout,
        subjects,
        width,
        depth,
        dilations,
        headWidth,
        pooling,
        Layout.MAP,
        0,
        heads);
  }

  /** As published, with one embedding for an epoch. */
  public static BrainMagick defaults() {
    return new BrainMagick(
        Spatial.ATTENTION,
        270,
        32,
        0.2,
        Subjects.MATRIX,
        320,
        10,
        5,
        640,
        Pooling.LEARNED,
        Layout.MAP,
        0,
        List.of());
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int sensors = sizes.channels(NAME);
    int samples = sizes.response().get(1);
    Sequence.Builder steps = Sequence.builder().add("merger", merger(sensors, sizes));
    steps.add("mix", pointwise(spatial == Spatial.LINEAR ? sensors : channels, channels));
    if (subjects == Subjects.MATRIX) {
      steps.add(
          "subjects",
          new SubjectLinear(
              sizes.subjects().size(),
              channels,
              channels,
              SubjectLinear.Axes.TIME,
              Bias.WITHOUT,
              subjectDropout));
    }
    int in = channels;
    for (int k = 0; k < depth; k++) {
      Layer convolution = convolution(in, 1 << (k % dilations));
      steps.add("convolutions." + k, in == width ? new Residual(convolution) : convolution);
      if (k % 2 == 1) {
        steps.add("gates." + k, gate());
      }
      in = width;
    }
    return head(pooled(steps, samples), sizes).build();
  }

  private Layer merger(int sensors, NetworkSizes sizes) {
    if (spatial == Spatial.LINEAR) {
      return new Identity();
    }
    Check.argument(
        sizes.positions().size() == sensors || sizes.positionsDiffer(),
        "BrainMagick mixes sensors by their positions: expected %d of them, found %d; give the study"
            + " a sensors.tsv, or set encoder.settings.spatial to linear",
        sensors,
        sizes.positions().size());
    FourierPositions waves = new FourierPositions(layout.axes(), frequencies, MARGIN);
    return new SpatialAttention(
        channels, waves, spatialDropout, SensorLayout.of(sizes, sensors, layout.axes()));
  }

  private static Convolution pointwise(int in, int out) {
    return new Convolution(in, out, Window.of(1), Bias.WITH);
  }

  private Sequence convolution(int in, int dilation) {
    return Sequence.builder()
        .add(
            "time",
            new Convolution(
                in, width, Window.of(KERNEL).withDilation(dilation).centred(), Bias.WITH))
        .add("norm", BatchNorm.of(width))
        .add("activation", new Gelu())
        .build();
  }

  private Sequence gate() {
    return Sequence.builder()
        .add("time", new Convolution(width, 2 * width, Window.of(KERNEL).centred(), Bias.WITH))
        .add("gate", new Glu(1))
        .build();
  }

  private Sequence.Builder pooled(Sequence.Builder steps, int samples) {
    return switch (pooling) {
      case NONE -> steps;
      case MEAN -> steps.add("mean", new MeanOver(-1)).add("moment", Reshape.to(width, 1));
      case LEARNED -> steps.add("moment", Linear.of(samples, 1));
    };
  }

  private Sequence.Builder head(Sequence.Builder steps, NetworkSizes sizes) {
    List<Integer> target = sizes.target();
    int samples = sizes.response().get(1);
    Check.argument(
        pooling != Pooling.NONE || (target.size() == 2 && target.get(1) == samples),
        "BrainMagick without pooling gives an embedding for each sample: expected targets [dim, %d],"
            + " found %s; set encoder.settings.pooling to learned or mean",
        samples,
        target);
    int dim = pooling == Pooling.NONE ? target.get(0) : sizes.dim();
    if (!heads.isEmpty()) {
      steps.add(
          "heads",
          new Heads(new Identity(), heads.stream().map(head -> further(head, samples)).toList()));
    }
    steps
        .add("head", pointwise(width, headWidth))
        .add("activation", new Gelu())
        .add("out", new TransposedConvolution(headWidth, dim, Window.of(1), 0, Bias.WITH));
    return pooling == Pooling.NONE ? steps : steps.add("embedding", new Reshape(target));
  }

  private Heads.Head further(HeadSpec head, int samples) {
    boolean time = pooling == Pooling.NONE;
    if (time && head.sizes().size() == 2 && head.sizes().get(1) == samples) {
      return new Heads.Head(head.name(), overTime(head), head.sizes());
    }
    Heads.Head ofMoment = head.on(width);
    Sequence.Builder moment = Sequence.builder();
    if (time) {
      moment.add("mean", new MeanOver(-1));
    }
    Layer layer = moment.add("moment", Reshape.to(width)).add("head", ofMoment.layer()).build();
    return new Heads.Head(head.name(), layer, head.sizes());
  }

  /** Made of each sample as the embedding is. */
  private Layer overTime(HeadSpec head) {
    int dim = head.sizes().get(0);
    if (head.hidden() == 0) {
      return pointwise(width, dim);
    }
    return Sequence.builder()
        .add("head", pointwise(width, head.hidden()))
        .add("activation", new Gelu())
        .add("dropout", new Dropout(head.dropout()))
        .add("out", pointwise(head.hidden(), dim))
        .build();
  }
}
