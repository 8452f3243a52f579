package io.noesis.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.score.Decoding;
import io.noesis.alignment.score.Difference;
import io.noesis.alignment.score.Differences;
import io.noesis.alignment.score.Exchange;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.train.Trainer;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every network, as the recipes train it (on top of ridge), against ridge: not below it where the
 * planted code is linear, better where it is not. The larger table, with networks alone, is in
 * {@code tests/benchmarks/architectures}.
 */
class ArchitectureAgainstRidgeTest {
  private static final int TRAIN = 480;
  private static final int TEST = 160;
  private static final int DIM = 4;
  private static final int VOXELS = 40;
  private static final int CHANNELS = 6;
  private static final int SAMPLES = 32;
  private static final double LEVEL = 0.01;

  /** Of two-way identification, whose values here are about 0.97: less is no difference. */
  private static final double SLACK = 0.003;

  private static final String TOKENS =
      "{width: 48, depth: 1, heads: 4, hidden: 96, dropout: 0, headHidden: 48}";

  private static final String CONVOLUTION =
      "{filters: 12, filterLength: 5, poolLength: 8, poolStride: 4, dropout: 0.2,"
          + " projectorDropout: 0.2}";

  static final Map<String, String> VOXEL_NETWORKS =
      new TreeMap<>(
          Map.of(
              "residual-mlp", "{width: 96, blocks: 1, firstDropout: 0.1, blockDropout: 0.1}",
              "mindbridge",
                  "{pooled: 40, bottleneck: 16, width: 96, blocks: 1, firstDropout: 0.1,"
                      + " blockDropout: 0.1, reconstruction: 0, cycle: 0}",
              "sttm", "{width: 96, blocks: 1, firstDropout: 0.1, blockDropout: 0.1}",
              "vit-3d", "{patchMm: 100, encoder: " + TOKENS + "}",
              "flat-map-vit", "{patch: 100, encoder: " + TOKENS + "}",
              "parcel-transformer", "{parcels: 4, encoder: " + TOKENS + "}",
              "mind-vis", "{patch: 10, kept: 4, encoder: " + TOKENS + "}",
              "tensor-brain",
                  "{backbone: {width: 96, blocks: 1, firstDropout: 0.1, blockDropout: 0.1},"
                      + " width: 32, hidden: 32, groups: [{name: what, concepts: 4}],"
                      + " windows: [{step: input}, {step: measure, slot: what}]}",
              "mindeye",
                  "{backbone: {width: 96, blocks: 1, firstDropout: 0.1, blockDropout: 0.1},"
                      + " projector: 48, heads: []}"));

  static final Map<String, String> EPOCH_NETWORKS = epochNetworks();

  private static Map<String, String> epochNetworks() {
    Map<String, String> networks =
        new TreeMap<>(
            Map.of(
                "nice", "{convolution: " + CONVOLUTION + "}",
                "atm",
                    "{heads: 4, headWidth: 8, hidden: 32, dropout: 0.1, convolution: "
                        + CONVOLUTION
                        + "}",
                "eegnet",
                    "{filterLength: 9, separableLength: 5, firstPool: 2, secondPool: 4,"
                        + " dropout: 0.1}",
                "shallow-fbcsp",
                    "{filters: 12, filterLength: 7, poolLength: 8, poolStride: 4, dropout: 0.2}",
                "deep4", "{filters: [12, 16, 20], filterLength: 4, pool: 2, dropout: 0.1}",
                "eeg-conformer",
                    "{width: 12, filterLength: 5, poolLength: 8, poolStride: 4, blocks: 1, heads: 4,"
                        + " dropout: 0.1, hidden: [32], hiddenDropouts: [0.1]}",
                "brainmagick",
                    "{channels: 12, frequencies: 4, spatialDropout: 0, width: 24, depth: 2,"
                        + " dilations: 2, headWidth: 32}",
                "glim",
                    "{width: 24, depth: 1, heads: 4, channels: mixed,"
                        + " gathering: {queries: 4, width: 24, depth: 1}, alignerHeads: 1}",
                "du-in",
                    "{sources: 6, patch: 8, stem: {filters: 12, kept: 4, padding: 2, stride: 1},"
                        + " transformer: {width: 32, depth: 1, heads: 4, hidden: 64, dropout: 0,"
                        + " headHidden: 32}, headWidth: 8, codes: {up: []}}",
                "roi-queries",
                    "{rois: 2, encoder: {width: 32, depth: 1, heads: 4, hidden: 64, dropout: 0}}"));
    networks.put(
        "labram",
        "{patch: 8, stem: {filters: 8, groups: 4, padding: 3, stride: 2}, transformer: {width: 32,"
            + " depth: 1, heads: 4, hidden: 64, dropout: 0, headHidden: 0}, dropPath: 0}");
    networks.put(
        "causal-sequence",
        "{stepSeconds: 0.2, encoder: {width: 32, depth: 1, heads: 4, hidden: 64, dropout: 0}}");
    return networks;
  }

  private static List<String> networks() {
    List<String> all = new ArrayList<>(VOXEL_NETWORKS.keySet());
    all.addAll(EPOCH_NETWORKS.keySet());
    return all;
  }

  /** What is decoded from what. */
  private record Planted(TrainingRows train, Tensor test, Tensor truth) {}

  /** Whether ridge can read it. */
  private enum Code {
    LINEAR,
    NON_LINEAR
  }

  private static final Map<Code, Baseline> OF_VOXELS = new EnumMap<>(Code.class);
  private static final Map<Code, Baseline> OF_EPOCHS = new EnumMap<>(Code.class);

  /**
   * Voxels that add up four numbers, and a sign that a few of them show: where the code is not
   * linear the sign turns the numbers round in all others.
   */
  private static Planted voxels(Code code) {
    int rows = TRAIN + TEST;
    PinnedRandom random = Seed.of(11).child("voxels").random();
    double[] mixing = gaussian(random, VOXELS * DIM);
    float[] x = new float[rows * VOXELS];
    float[] y = new float[rows * DIM];
    for (int r = 0; r < rows; r++) {
      double[] z = gaussian(random, DIM);
      double sign = random.nextDouble() < 0.5 ? -1 : 1;
      double turned = code == Code.NON_LINEAR ? sign : 1;
      for (int v = 0; v < VOXELS; v++) {
        double sum = v % 4 == 0 ? 2 * sign : 0;
        for (int d = 0; d < DIM; d++) {
          sum += v % 4 == 0 ? 0 : turned * z[d] * mixing[v * DIM + d];
        }
        x[r * VOXELS + v] = (float) (sum + 1.5 * random.nextGaussian());
      }
      for (int d = 0; d < DIM; d++) {
        y[r * DIM + d] = (float) z[d];
      }
    }
    List<List<Double>> grid =
        IntStream.range(0, VOXELS)
            .mapToObj(v -> List.of(2.0 * (v % 5), 2.0 * (v / 5 % 4), 2.0 * Math.floorDiv(v, 20)))
            .toList();
    return planted(Tensor.wrap(x, rows, VOXELS), Tensor.wrap(y, rows, DIM), grid);
  }

  /**
   * Sensors over which four sources spread: their deflection is the number, or the strength of a
   * rhythm whose phase is random in every trial.
   */
  private static Planted epochs(Code code) {
    int rows = TRAIN + TEST;
    PinnedRandom random = Seed.of(12).child("epochs").random();
    double[] spread = gaussian(random, DIM * CHANNELS);
    float[] x = new float[rows * CHANNELS * SAMPLES];
    float[] y = new float[rows * DIM];
    for (int r = 0; r < rows; r++) {
      double[] z = gaussian(random, DIM);
      for (int d = 0; d < DIM; d++) {
        y[r * DIM + d] = (float) z[d];
        double phase = 2 * Math.PI * random.nextDouble();
        for (int c = 0; c < CHANNELS; c++) {
          for (int t = 0; t < SAMPLES; t++) {
            double wave =
                code == Code.LINEAR
                    ? z[d] * Math.exp(-Math.pow((t - 6 * d - 6) / 3.0, 2))
                    : 2
                        * Math.exp(0.6 * z[d])
                        * Math.sin(phase + 2 * Math.PI * (0.08 + 0.09 * d) * t);
            x[(r * CHANNELS + c) * SAMPLES + t] += (float) (wave * spread[d * CHANNELS + c]);
          }
        }
      }
      for (int i = 0; i < CHANNELS * SAMPLES; i++) {
        x[r * CHANNELS * SAMPLES + i] += (float) (1.5 * random.nextGaussian());
      }
    }
    List<List<Double>> ring =
        IntStream.range(0, CHANNELS)
            .mapToObj(c -> List.of(Math.cos(c), Math.sin(c), 0.1 * c))
            .toList();
    return planted(Tensor.wrap(x, rows, CHANNELS, SAMPLES), Tensor.wrap(y, rows, DIM), ring);
  }

  private static double[] gaussian(PinnedRandom random, int count) {
    return IntStream.range(0, count).mapToDouble(i -> random.nextGaussian()).toArray();
  }

  /** Scaled alike: epochs are noise of some microvolts, networks expect about 1. */
  private static Planted planted(Tensor x, Tensor y, List<List<Double>> places) {
    double square = 0;
    for (float value : x.array()) {
      square += (double) value * value / x.size();
    }
    double scale = 1 / Math.sqrt(square);
    Tensor scaled = x.map(value -> value * scale);
    int[] train = IntStream.range(0, TRAIN).toArray();
    int[] test = IntStream.range(TRAIN, TRAIN + TEST).toArray();
    List<String> groups = IntStream.range(0, TRAIN).mapToObj(i -> "run-" + i % 12).toList();
    return new Planted(
        new TrainingRows(scaled.rows(train), y.rows(train), groups).at(places),
        scaled.rows(test),
        y.rows(test));
  }

  private static BrainEncoder fit(String name, String settings, Planted planted) {
    TrainingSpec spec =
        RecordBinder.bind(
            YamlTree.parse(
                "loss: {name: mse}\nepochs: 8\nbatchSize: 48\noptimizer: {learningRate: 0.005}\n"
                    + "validation: {part: 0.17, patience: 0}\n",
                "training"),
            TrainingSpec.class,
            "training");
    ObjectNode tree = settings.isEmpty() ? YamlTree.emptyMapping() : YamlTree.parse(settings, name);
    return Architectures.registry()
        .get(name)
        .fit(
            planted.train(),
            tree,
            new Fitting(
                Seed.of(1).child(name),
                Trainer.of(spec, TrainingRun.silent()),
                Fitting.Start.RIDGE));
  }

  private static Decoding decoding(BrainEncoder encoder, Planted planted) {
    EmbeddingSpace space = new EmbeddingSpace("planted", "all", DIM, EmbeddingSpace.Scaling.RAW);
    List<String> ids = IntStream.range(0, TEST).mapToObj(i -> "row-" + i).toList();
    return Decoding.of(
        new Embeddings(space, ids, encoder.encode(planted.test())),
        ids.stream().map(id -> new Decoding.Row(id, id, "run", "all")).toList(),
        new Embeddings(space, ids, planted.truth()),
        new Embeddings(space, List.of("all"), Tensor.zeros(1, DIM)));
  }

  /** Responses and what ridge decodes of them, the same for all networks. */
  private record Baseline(Planted planted, Decoding ridge) {
    Baseline(Planted planted) {
      this(planted, decoding(fit("ridge", "", planted), planted));
    }
  }

  /** The network minus ridge, by the mean rank of the truth. */
  private static Difference difference(String name, Code code) {
    boolean voxels = VOXEL_NETWORKS.containsKey(name);
    Baseline baseline =
        (voxels ? OF_VOXELS : OF_EPOCHS)
            .computeIfAbsent(code, c -> new Baseline(voxels ? voxels(c) : epochs(c)));
    Planted planted = baseline.planted();
    String settings = (voxels ? VOXEL_NETWORKS : EPOCH_NETWORKS).get(name);
    Decoding network = decoding(fit(name, settings, planted), planted);
    Decoding ridge = baseline.ridge();
    return Differences.of(network, ridge, new Resampling(999, 199, Exchange.ANY_UNIT, Seed.of(2)))
        .stream()
        .filter(d -> d.metric().startsWith("image_from_brain.two_way@"))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void isNotBelowRidgeWhereTheCodeIsLinear(String name) {
    Difference difference = difference(name, Code.LINEAR);
    boolean below = difference.worse(LEVEL) && difference.gain() < -SLACK;
    assertTrue(!below, () -> name + ": " + difference);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void isBetterThanRidgeWhereItIsNot(String name) {
    Difference difference = difference(name, Code.NON_LINEAR);
    assertTrue(difference.better(LEVEL), () -> name + ": " + difference);
  }

  @Test
  void noneIsLeftOut() {
    Set<String> registered = new HashSet<>(Architectures.registry().names());
    registered.removeIf(name -> !Architectures.registry().get(name).trainedByGradients());
    // It is told the first frame of a clip, as MotionExperimentTest tells it.
    assertTrue(registered.remove("brain-nrds"));
    assertEquals(registered, new HashSet<>(networks()));
  }
}
