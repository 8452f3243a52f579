import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.score.Decoding;
import io.noesis.alignment.score.Difference;
import io.noesis.alignment.score.Differences;
import io.noesis.alignment.score.Exchange;
import io.noesis.alignment.score.Metrics;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.Score;
import io.noesis.alignment.train.EpochRecord;
import io.noesis.alignment.train.Pretrainer;
import io.noesis.alignment.train.Trainer;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.NetworkTrainer;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.ingest.simulate.EpochCodePlan;
import io.noesis.ingest.simulate.EpochSimulationSpec;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SensorPlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedEpochStudy;
import io.noesis.ingest.simulate.SimulatedEpochSubject;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulatedSubject;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.ingest.simulate.StimulusCode;
import io.noesis.ingest.simulate.stimulus.Background;
import io.noesis.ingest.simulate.stimulus.ObjectGroup;
import io.noesis.ingest.simulate.stimulus.Scene;
import io.noesis.ingest.simulate.stimulus.SceneColour;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Networks, alone or on top of ridge, against ridge on a simulated study: {@code
 * ArchitecturesAgainstRidge NETWORKS.json STUDY SEED NETWORK/START/CONTROL,...}. Prints one line of
 * JSON for each. The control NONE trains on what was shown; SHUFFLED deals the targets of training
 * trials anew among them, for ridge beside it too.
 *
 * <p>Responses are the simulation's true betas with the noise that a GLM leaves, scaled over
 * training trials, or its epochs after the recipe's baseline and window; targets are the picture's
 * attributes, or what the sources carry. 1440 or 1500 training trials, 72 test pictures. The
 * network's loss on the held-out training rows is printed beside its scores: settings are chosen by
 * that, never by the test trials.
 */
final class ArchitecturesAgainstRidge {
  private static final int VOXELS = 200;

  private ArchitecturesAgainstRidge() {}

  /** What is decoded from what. */
  record Study(TrainingRows train, Tensor test, int[] tested, Tensor pool) {}

  public static void main(String[] args) throws Exception {
    ObjectNode networks = YamlTree.read(Path.of(args[0]));
    long seed = Long.parseLong(args[2]);
    Study study = study(args[1], Seed.of(seed));
    Study shuffled = shuffled(study, Seed.of(seed));
    Map<String, Decoding> ridge =
        Map.of("NONE", ridge(study), "SHUFFLED", ridge(shuffled));
    for (String job : args[3].split(",")) {
      String[] parts = job.split("/");
      ObjectNode settings = (ObjectNode) networks.path(args[1].split("-")[0]).path(parts[0]);
      settings.set("training", merged(networks.path("training"), settings.path("training")));
      Study trained = parts[2].equals("SHUFFLED") ? shuffled : study;
      System.out.println(line(trained, args[1], parts, settings, seed, ridge.get(parts[2])));
    }
  }

  private static Decoding ridge(Study study) {
    return decoded(study, fitted("ridge", YamlTree.emptyMapping(), study, Fitting.Start.RANDOM, 0, null));
  }

  private static Study shuffled(Study study, Seed seed) {
    TrainingRows rows = study.train();
    int[] order = seed.child("shuffled ids").random().permutation(rows.targets().dim(0));
    TrainingRows dealt = rows.some(order);
    dealt = rows.aimedAt(dealt.targets()).showing(dealt.shown());
    return new Study(dealt, study.test(), study.tested(), study.pool());
  }

  private static JsonNode merged(JsonNode base, JsonNode over) {
    ObjectNode out = base.deepCopy();
    over.properties()
        .forEach(
            field -> {
              JsonNode there = out.path(field.getKey());
              boolean both = there.isObject() && field.getValue().isObject() && !field.getKey().equals("loss");
              out.set(field.getKey(), both ? merged(there, field.getValue()) : field.getValue());
            });
    return out;
  }

  private static String line(Study study, String of, String[] job, ObjectNode settings, long seed, Decoding ridge) throws Exception {
    String name = job[0];
    Fitting.Start start = Fitting.Start.valueOf(job[1]);
    StringBuilder line = new StringBuilder();
    Path log = Files.createTempDirectory("noesis-architectures");
    long begun = System.nanoTime();
    BrainEncoder network = fitted(settings.path("architecture").asText(name), settings, study, start, seed, log);
    double seconds = (System.nanoTime() - begun) / 1e9;
    Decoding decoded = decoded(study, network);
    Resampling plan = new Resampling(1000, 1000, Exchange.ANY_UNIT, Seed.of(0));
    Resampling few = new Resampling(1, 1, Exchange.ANY_UNIT, Seed.of(0));
    String epoch = String.valueOf(network.facts().get("epoch"));
    line.append(String.format(Locale.ROOT, "{\"study\": \"%s\", \"network\": \"%s\", \"start\": \"%s\", \"control\": \"%s\", \"seed\": %d, ", of, name, start, job[2], seed));
    line.append(String.format(Locale.ROOT, "\"epoch\": \"%s\", \"validation\": %s, \"seconds\": %.1f", epoch, validation(log, epoch), seconds));
    List<Difference> differences = Differences.of(decoded, ridge, plan);
    for (String metric : List.of("image_from_brain.top1", "image_from_brain.two_way", "embedding_correlation_centred")) {
      Score own = Metrics.score(metric, decoded, few);
      Score other = Metrics.score(metric, ridge, few);
      Difference d = differences.stream().filter(x -> x.metric().equals(own.metric())).findFirst().orElseThrow();
      line.append(String.format(Locale.ROOT, ", \"%s\": {\"network\": %.4f, \"ridge\": %.4f, \"low\": %.4f, \"high\": %.4f, \"p\": %.4f}", metric, own.value(), other.value(), d.low(), d.high(), d.p()));
    }
    Score twoWay = Metrics.score("image_from_brain.two_way", decoded, plan);
    line.append(String.format(Locale.ROOT, ", \"null\": {\"low\": %.4f, \"high\": %.4f, \"p\": %.4f}", twoWay.nullLow(), twoWay.nullHigh(), twoWay.p()));
    return line.append("}").toString();
  }

  private static String validation(Path log, String epoch) throws Exception {
    int chosen = Integer.parseInt(epoch.split(" ")[0]);
    Path file = log.resolve(TrainingRun.METRICS);
    return chosen == 0
        ? "null"
        : String.format(
            Locale.ROOT,
            "%.4f",
            EpochRecord.read(file).get(chosen - 1).validation().orElse(Double.NaN));
  }

  private static BrainEncoder fitted(String name, ObjectNode settings, Study study, Fitting.Start start, long seed, Path log) {
    TrainingSpec spec =
        settings.has("training")
            ? RecordBinder.bind(settings.path("training"), TrainingSpec.class, "training")
            : TrainingSpec.defaults();
    TrainingRun run = log == null ? TrainingRun.silent() : TrainingRun.silent().in(log, TrainingRun.Start.FRESH).savedEvery(java.time.Duration.ofHours(9));
    JsonNode own = settings.has("settings") ? settings.path("settings") : YamlTree.emptyMapping();
    NetworkTrainer trainer = settings.has("pretraining") ? pretrained(name, own, settings.path("pretraining"), spec, run) : Trainer.of(spec, run);
    return Architectures.registry().get(name).fit(study.train(), own, new Fitting(Seed.of(seed).child("encoder"), trainer, start));
  }

  /** Trained on from what the training rows teach without targets, one setting for each stage. */
  private static NetworkTrainer pretrained(String name, JsonNode settings, JsonNode stages, TrainingSpec spec, TrainingRun run) {
    List<TrainingSpec> specs = new ArrayList<>();
    stages.forEach(stage -> specs.add(RecordBinder.bind(stage, TrainingSpec.class, "pretraining")));
    return (network, rows, seed) -> {
      Pretraining plan = Architectures.pretraining(name, settings, NetworkSizes.of(rows)).orElseThrow();
      Pretrainer.Pretrained learned = new Pretrainer(plan, specs).run(rows, seed.child("pretraining"), stage -> TrainingRun.silent());
      System.err.println(name + " " + learned.facts());
      return Trainer.of(spec, Pretraining.renamed(plan.start(), network, learned.weights()), run).train(network, rows, seed);
    };
  }

  private static Decoding decoded(Study study, BrainEncoder encoder) {
    EmbeddingSpace space = new EmbeddingSpace("simulated", "all", study.pool().dim(1), EmbeddingSpace.Scaling.RAW);
    Tensor values = encoder.encode(study.test());
    List<String> ids = IntStream.range(0, study.pool().dim(0)).mapToObj(i -> "picture-" + i).toList();
    List<Decoding.Row> rows = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < study.tested().length; i++) {
      String id = ids.get(study.tested()[i]);
      rows.add(new Decoding.Row(id, id, "run", "all"));
      names.add("trial-" + i);
    }
    double[] mean = new double[space.dim()];
    for (int i = 0; i < study.train().targets().size(); i++) {
      mean[i % space.dim()] += study.train().targets().array()[i] / study.train().targets().dim(0);
    }
    float[] means = new float[mean.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) mean[i];
    }
    return Decoding.of(
            new Embeddings(space, names, values),
            rows,
            new Embeddings(space, ids, study.pool()),
            new Embeddings(space, List.of("all"), Tensor.wrap(means, 1, means.length)))
        .averaged();
  }

  static Study study(String name, Seed seed) {
    return switch (name) {
      case "fmri-linear" -> fmri(StimulusCode.LINEAR, seed);
      case "fmri-gated" -> fmri(StimulusCode.GATED, seed);
      case "eeg-evoked" -> eeg(EpochCodePlan.Code.EVOKED, 0.5, seed);
      case "eeg-induced" -> eeg(EpochCodePlan.Code.INDUCED, 0.93, seed);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Study fmri(StimulusCode code, Seed seed) {
    SignalPlan usual = SignalPlan.defaults();
    SimulationSpec spec =
        SimulationSpec.defaults()
            .withSize(1, VOXELS)
            .withPictures(new PicturePlan(1440, 1, 72, 4, 32))
            .withSignal(new SignalPlan(code == StimulusCode.LINEAR ? 0.03 : 0.3, usual.noiseVoxels(), usual.rho(), usual.driftPercent()).withCode(code));
    SimulatedStudy study = SimulatedStudy.of(spec, seed);
    SimulatedSubject subject = study.subjects().get(0);
    Tensor betas = subject.trueBetas();
    PinnedRandom noise = seed.child("beta noise").random();
    int voxels = betas.dim(1);
    for (int i = 0; i < betas.size(); i++) {
      betas.array()[i] += (float) (subject.model().voxels().get(i % voxels).betaNoiseSd() * noise.nextGaussian());
    }
    List<int[]> trials = new ArrayList<>();
    List<String> parts = new ArrayList<>();
    List<String> groups = new ArrayList<>();
    for (int r = 0; r < subject.runs().size(); r++) {
      int run = r;
      subject.runs().get(r).trials().forEach(t -> {
        trials.add(new int[] {t.stimulus()});
        parts.add(t.part());
        groups.add("run-" + run);
      });
    }
    List<List<Double>> positions = new ArrayList<>();
    for (int v = 0; v < voxels; v++) {
      int[] at = subject.brain().mask().voxel(v);
      positions.add(List.of(3.0 * at[0], 3.0 * at[1], 3.0 * at[2]));
    }
    int[] stimuli = trials.stream().mapToInt(t -> t[0]).toArray();
    Study whole = assembled(betas, stimuli, parts, groups, study.features(), positions);
    int[] trained = IntStream.range(0, stimuli.length).filter(i -> parts.get(i).equals("train")).map(i -> stimuli[i]).toArray();
    return new Study(whole.train().showing(slots(study, trained)), whole.test(), whole.tested(), whole.pool());
  }

  /** What the slots of tensor-brain learn: a one where the concept of a training trial is. */
  private static Shown slots(SimulatedStudy study, int[] stimuli) {
    Shown shown = Shown.UNKNOWN;
    List<Scene> scenes = IntStream.of(stimuli).mapToObj(i -> study.stimuli().get(i).scene()).toList();
    shown = shown.with("group", ones(scenes, scene -> scene.category().group(), ObjectGroup.values().length));
    shown = shown.with("colour", ones(scenes, Scene::colour, SceneColour.values().length));
    return shown.with("background", ones(scenes, Scene::background, Background.values().length));
  }

  private static Tensor ones(List<Scene> scenes, Function<Scene, Enum<?>> concept, int concepts) {
    Tensor ones = Tensor.zeros(scenes.size(), concepts);
    for (int i = 0; i < scenes.size(); i++) {
      ones.array()[i * concepts + concept.apply(scenes.get(i)).ordinal()] = 1;
    }
    return ones;
  }

  private static Study eeg(EpochCodePlan.Code code, double ceiling, Seed seed) {
    SensorPlan usual = SensorPlan.defaults(SensorPlan.Modality.EEG);
    EpochSimulationSpec spec =
        EpochSimulationSpec.defaults()
            .withSubjects(1)
            .withPictures(new PicturePlan(1500, 1, 72, 4, 32))
            .withSensors(new SensorPlan(SensorPlan.Modality.EEG, 16, 50, usual.startSeconds(), usual.endSeconds()))
            .withCode(new EpochCodePlan(code, 8, ceiling));
    SimulatedEpochStudy study = SimulatedEpochStudy.of(spec, seed);
    SimulatedEpochSubject subject = study.subjects().get(0);
    Tensor epochs = study.epochs(subject);
    int channels = epochs.dim(1);
    int samples = epochs.dim(2);
    // As the recipes: minus the mean before 0 s, then 0 to 0.78 s.
    int zero = (int) Math.round(0.2 * 50);
    int kept = 40;
    Tensor out = Tensor.zeros(epochs.dim(0), channels, kept);
    for (int row = 0; row < epochs.dim(0) * channels; row++) {
      double base = 0;
      for (int t = 0; t < zero; t++) {
        base += epochs.array()[row * samples + t] / (double) zero;
      }
      for (int t = 0; t < kept; t++) {
        out.array()[row * kept + t] = (float) (epochs.array()[row * samples + zero + t] - base);
      }
    }
    List<String> parts = subject.trials().stream().map(SimulatedEpochSubject.Shown::part).toList();
    List<String> groups = subject.trials().stream().map(t -> "run-" + t.run()).toList();
    int[] stimuli = subject.trials().stream().mapToInt(SimulatedEpochSubject.Shown::stimulus).toArray();
    List<List<Double>> ring = IntStream.range(0, channels).mapToObj(c -> List.of(Math.cos(2 * Math.PI * c / channels), Math.sin(2 * Math.PI * c / channels), 0.1 * (c % 3))).toList();
    return assembled(out, stimuli, parts, groups, study.latents(), ring);
  }

  private static Study assembled(Tensor x, int[] stimuli, List<String> parts, List<String> groups, Tensor targets, List<List<Double>> positions) {
    int[] train = IntStream.range(0, stimuli.length).filter(i -> parts.get(i).equals("train")).toArray();
    int[] test = IntStream.range(0, stimuli.length).filter(i -> !parts.get(i).equals("train")).toArray();
    boolean epochs = x.shape().rank() == 3;
    int units = x.dim(1);
    int inner = epochs ? x.dim(2) : 1;
    double[] mean = new double[units];
    double[] square = new double[units];
    for (int row : train) {
      for (int i = 0; i < units * inner; i++) {
        double v = x.array()[row * units * inner + i];
        mean[i / inner] += v;
        square[i / inner] += v * v;
      }
    }
    double n = (double) train.length * inner;
    float[] z = new float[x.size()];
    for (int i = 0; i < z.length; i++) {
      int u = i / inner % units;
      double m = mean[u] / n;
      double sd = Math.sqrt(Math.max(square[u] / n - m * m, 1e-20));
      z[i] = (float) Math.max(-20, Math.min(20, (x.array()[i] - m) / sd));
    }
    Tensor scaled = Tensor.wrap(z, x.shape().toArray());
    Map<Integer, Integer> places = new LinkedHashMap<>();
    for (int row : test) {
      places.computeIfAbsent(stimuli[row], s -> places.size());
    }
    Tensor y = targets.rows(IntStream.of(train).map(i -> stimuli[i]).toArray());
    List<String> trained = IntStream.of(train).mapToObj(groups::get).toList();
    TrainingRows rows = new TrainingRows(scaled.rows(train), y, trained).at(positions);
    return new Study(
        rows,
        scaled.rows(test),
        IntStream.of(test).map(i -> places.get(stimuli[i])).toArray(),
        targets.rows(places.keySet().stream().mapToInt(i -> i).toArray()));
  }
}
