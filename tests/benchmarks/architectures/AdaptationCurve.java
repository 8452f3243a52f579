import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.score.Decoding;
import io.noesis.alignment.score.Exchange;
import io.noesis.alignment.score.Metrics;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.Similarity;
import io.noesis.alignment.train.FreezeSpec;
import io.noesis.alignment.train.Trainer;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkTrainer;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.AdapterStart;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.encoders.architecture.SharedNetwork;
import io.noesis.encoders.ridge.TargetPrior;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.PlannedTrial;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulatedSubject;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A fourth simulated subject joins a network of three, with a tenth of its 720 training trials and
 * with all: {@code AdaptationCurve CEILING VOXELS SEED[,SEED...] [DUMP]}. Prints top-1 of 72, two-way
 * and centred r, compared as runs do (cosine about the training mean), of ridge and of Gaussian
 * inversion on the same trials, of a map from random weights (as many steps for few trials as for
 * all), of one that starts in closed form, and of one beside a linear decoder (a network that starts
 * from ridge). With a folder as DUMP it also writes what adaptation_ideal.py needs, and with DUMP
 * alone nothing is trained.
 */
final class AdaptationCurve {
  private AdaptationCurve() {}

  private record One(TrainingRows train, Tensor test, int[] tested, Tensor pool) {}
  private static One subject(SimulatedStudy study, int s, Seed seed) {
    SimulatedSubject subject = study.subjects().get(s);
    Tensor betas = subject.trueBetas();
    PinnedRandom noise = seed.child("noise" + s).random();
    int V = betas.dim(1);
    for (int i = 0; i < betas.size(); i++) betas.array()[i] += (float) (subject.model().voxels().get(i % V).betaNoiseSd() * noise.nextGaussian());
    List<PlannedTrial> trials = new ArrayList<>();
    subject.runs().forEach(r -> trials.addAll(r.trials()));
    int[] train = IntStream.range(0, trials.size()).filter(i -> trials.get(i).part().equals("train")).toArray();
    int[] test = IntStream.range(0, trials.size()).filter(i -> !trials.get(i).part().equals("train")).toArray();
    double[] m = new double[V], q = new double[V];
    for (int r : train) for (int v = 0; v < V; v++) { double x = betas.at(r, v); m[v] += x / train.length; q[v] += x * x / train.length; }
    float[] z = new float[betas.size()];
    for (int i = 0; i < z.length; i++) { int v = i % V; z[i] = (float) ((betas.array()[i] - m[v]) / Math.sqrt(Math.max(q[v] - m[v] * m[v], 1e-12))); }
    Tensor x = Tensor.wrap(z, betas.dim(0), V);
    Map<Integer, Integer> place = new LinkedHashMap<>();
    for (int r : test) place.computeIfAbsent(trials.get(r).stimulus(), k -> place.size());
    Tensor y = study.features().rows(IntStream.of(train).map(r -> trials.get(r).stimulus()).toArray());
    List<String> groups = IntStream.of(train).mapToObj(r -> "s" + trials.get(r).stimulus()).toList();
    return new One(new TrainingRows(x.rows(train), y, groups).showing(Shown.of(groups)), x.rows(test), IntStream.of(test).map(r -> place.get(trials.get(r).stimulus())).toArray(), study.features().rows(place.keySet().stream().mapToInt(i -> i).toArray()));
  }
  private static String score(Tensor values, One one) {
    int d = values.dim(1);
    EmbeddingSpace space = new EmbeddingSpace("s", "a", d, EmbeddingSpace.Scaling.RAW);
    List<String> ids = IntStream.range(0, one.pool.dim(0)).mapToObj(i -> "p" + i).toList();
    List<Decoding.Row> rows = new ArrayList<>(); List<String> names = new ArrayList<>();
    for (int i = 0; i < one.tested.length; i++) { rows.add(new Decoding.Row(ids.get(one.tested[i]), ids.get(one.tested[i]), "r", "all")); names.add("t" + i); }
    float[] mean = new float[d];
    for (int i = 0; i < one.train.targets().size(); i++) mean[i % d] += one.train.targets().array()[i] / one.train.targets().dim(0);
    Decoding dec = Decoding.of(new Embeddings(space, names, values), rows, new Embeddings(space, ids, one.pool), new Embeddings(space, List.of("all"), Tensor.wrap(mean, 1, d))).averaged();
    dec = dec.with(dec.setting().with(Similarity.CENTRED_COSINE));
    Resampling few = new Resampling(1, 1, Exchange.ANY_UNIT, Seed.of(0));
    return String.format(Locale.ROOT, "top-1 %.3f, two-way %.3f, r %.3f", Metrics.score("image_from_brain.top1", dec, few).value(), Metrics.score("image_from_brain.two_way", dec, few).value(), Metrics.score("embedding_correlation_centred", dec, few).value());
  }
  private static TrainingRows first(TrainingRows r, int n, Seed seed) {
    int[] order = Arrays.copyOf(seed.random().permutation(r.groups().size()), n);
    return new TrainingRows(r.responses().rows(order), r.targets().rows(order), Arrays.stream(order).mapToObj(r.groups()::get).toList()).showing(Shown.of(Arrays.stream(order).mapToObj(r.shown().stimuli()::get).toList()));
  }
  private static TrainingSpec spec(int epochs, int batch, double lr, double part, boolean frozen, boolean balanced, double wd) {
    String t = "loss: {name: info-nce, settings: {temperature: 0.15}}\nepochs: " + epochs + "\nbatchSize: " + batch + "\noptimizer: {learningRate: " + lr + ", weightDecay: " + wd + "}\nvalidation: {part: " + part + ", patience: 0}\n" + (balanced ? "batches: {subjects: balanced}\n" : "");
    TrainingSpec s = RecordBinder.bind(YamlTree.parse(t, "t"), TrainingSpec.class, "t");
    return frozen ? s.withFreeze(FreezeSpec.shared()) : s;
  }
  private static BrainEncoder fit(String name, TrainingRows rows, NetworkTrainer trainer, Fitting.Start start, Optional<TargetPrior> stimuli) {
    var settings = YamlTree.parse("{width: 256, blocks: 1, firstDropout: 0.7, adapter: subject}", "settings");
    return Architectures.registry().get(name).fit(rows, name.equals("residual-mlp") ? settings : YamlTree.emptyMapping(), new Fitting(Seed.of(1), trainer, start, stimuli));
  }
  private static BrainEncoder fit(String name, TrainingRows rows, NetworkTrainer trainer) {
    return fit(name, rows, trainer, Fitting.Start.RANDOM, Optional.empty());
  }

  /** What an ideal learner may know: the true weights and noise, and all pictures. */
  private static void dump(SimulatedStudy study, Seed seed, Path folder) throws Exception {
    Files.createDirectories(folder);
    Npy.write(folder.resolve("features.npy"), study.features());
    for (int s = 0; s < 4; s++) {
      Npy.write(folder.resolve("weights" + s + ".npy"), study.subjects().get(s).model().weights());
      Npy.writeStrings(folder.resolve("rois" + s + ".npy"), study.subjects().get(s).model().voxels().stream().map(v -> v.roi().word()).toList());
    }
    SimulatedSubject subject = study.subjects().get(3);
    Tensor betas = subject.trueBetas();
    PinnedRandom noise = seed.child("noise3").random();
    int V = betas.dim(1);
    for (int i = 0; i < betas.size(); i++) betas.array()[i] += (float) (subject.model().voxels().get(i % V).betaNoiseSd() * noise.nextGaussian());
    Npy.write(folder.resolve("betas.npy"), betas);
    Tensor sd = Tensor.zeros(V);
    for (int v = 0; v < V; v++) sd.array()[v] = (float) subject.model().voxels().get(v).betaNoiseSd();
    Npy.write(folder.resolve("noise.npy"), sd);
    List<PlannedTrial> trials = new ArrayList<>();
    subject.runs().forEach(r -> trials.addAll(r.trials()));
    int[] train = IntStream.range(0, trials.size()).filter(i -> trials.get(i).part().equals("train")).toArray();
    int[] order = Seed.of(5).random().permutation(train.length);
    // Stimulus of each trial; 1 for training trials; 1 for those of the tenth.
    Tensor table = Tensor.zeros(trials.size(), 3);
    for (int i = 0; i < trials.size(); i++) table.array()[3 * i] = trials.get(i).stimulus();
    for (int i : train) table.array()[3 * i + 1] = 1;
    for (int i = 0; i < 72; i++) table.array()[3 * train[order[i]] + 2] = 1;
    Npy.write(folder.resolve("trials.npy"), table);
  }

  public static void main(String[] args) throws Exception {
    for (String seed : args[2].split(",")) {
      one(args, seed);
    }
  }

  private static void one(String[] args, String root) throws Exception {
    Seed seed = Seed.of(Long.parseLong(root));
    SignalPlan usual = SignalPlan.defaults();
    SignalPlan signal = new SignalPlan(Double.parseDouble(args[0]), usual.noiseVoxels(), usual.rho(), usual.driftPercent());
    SimulatedStudy study =
        SimulatedStudy.of(
            SimulationSpec.defaults()
                .withSize(4, Integer.parseInt(args[1]))
                .withPictures(new PicturePlan(720, 1, 72, 3, 32))
                .withSignal(signal),
            seed);
    if (args.length > 3) {
      dump(study, seed, Path.of(args[3]).resolve(args[0] + "-" + args[1] + "-" + root));
      return;
    }
    Map<String, TrainingRows> three = new LinkedHashMap<>();
    for (int s = 0; s < 3; s++) {
      three.put("0" + (s + 1), subject(study, s, seed).train());
    }
    TrainingRows all = TrainingRows.join(three);
    One fresh = subject(study, 3, seed);
    String where = String.format(Locale.ROOT, "ceiling %s, %s voxels, seed %s, ", args[0], args[1], root);
    for (int n : new int[] {72, 720}) {
      TrainingRows rows = first(fresh.train(), n, Seed.of(5));
      for (String linear : List.of("ridge", "gaussian-inversion")) {
        System.out.println(where + n + " trials, " + linear + ": " + score(fit(linear, rows, Trainer.of(TrainingSpec.defaults(), TrainingRun.silent())).encode(fresh.test()), fresh));
      }
    }
    for (Fitting.Start start : Fitting.Start.values()) {
      adapt(all, fresh, start, where);
    }
  }

  /** A network of three subjects, from random weights or on ridge, and what the fourth makes of it. */
  private static void adapt(TrainingRows all, One fresh, Fitting.Start how, String where) throws Exception {
    double part = how == Fitting.Start.RIDGE ? 0.15 : 0;
    BrainEncoder joint = fit("residual-mlp", all, Trainer.of(spec(40, 96, 1e-3, part, false, true, 0.01), TrainingRun.silent()), how, Optional.empty());
    Path folder = Files.createTempDirectory("noesis-adaptation");
    joint.save(folder.resolve("joint.safetensors"), Map.of());
    AdapterStart.write(joint, all, folder.resolve("template.safetensors"));
    SharedNetwork shared = SharedNetwork.read(folder.resolve("joint.safetensors"), "residual-mlp");
    AdapterStart start = AdapterStart.read(folder.resolve("template.safetensors"), shared);
    String name = how == Fitting.Start.RIDGE ? "on ridge" : "closed";
    for (int n : new int[] {72, 720}) {
      TrainingRows own = shared.rowsOf("04", first(fresh.train(), n, Seed.of(5)));
      Map<String, Tensor> given = new LinkedHashMap<>(shared.shared());
      if (how == Fitting.Start.RANDOM) {
        TrainingSpec scaled = spec(40 * 720 / n, Math.min(96, n), 1e-3, 0, true, false, 0.01);
        System.out.println(where + n + " trials, random: " + score(fit("residual-mlp", own, Trainer.of(scaled, given, TrainingRun.silent())).encode(fresh.test()), fresh));
      }
      given.putAll(start.of(own).weights());
      TrainingSpec same = spec(40, Math.min(96, n), 1e-3, part, true, false, 0.01);
      System.out.println(where + n + " trials, " + name + ": " + score(fit("residual-mlp", own, Trainer.refining(same, given, TrainingRun.silent()), how, start.targets()).encode(fresh.test()), fresh));
    }
  }
}
