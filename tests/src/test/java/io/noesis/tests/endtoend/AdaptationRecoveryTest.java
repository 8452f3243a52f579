package io.noesis.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A new simulated subject of 200 voxels and a ceiling of 0.2 joins a network that two others
 * taught: a tenth of its trials is enough for four fifths of what all of them give, above chance.
 * The table over ceilings, voxels and seeds is in {@code tests/benchmarks/architectures}.
 */
class AdaptationRecoveryTest {
  private static final Seed SEED = Seed.of(3);
  private static final int TENTH = 72;
  private static final int POOL = 72;

  @TempDir static Path folder;

  private static TrainingRows train;
  private static Tensor test;
  private static List<Integer> tested;
  private static Tensor pool;
  private static SharedNetwork shared;
  private static AdapterStart start;

  @BeforeAll
  static void twoSubjectsTeachANetwork() {
    SignalPlan usual = SignalPlan.defaults();
    SimulatedStudy study =
        SimulatedStudy.of(
            SimulationSpec.defaults()
                .withSize(3, 200)
                .withPictures(new PicturePlan(720, 1, POOL, 3, 32))
                .withSignal(
                    new SignalPlan(0.2, usual.noiseVoxels(), usual.rho(), usual.driftPercent())),
            SEED);
    Map<String, TrainingRows> two = new LinkedHashMap<>();
    for (int s = 0; s < 2; s++) {
      two.put("0" + (s + 1), rows(study, s, true));
    }
    TrainingRows all = TrainingRows.join(two);
    BrainEncoder joint = fit(all, Trainer.of(spec(1), TrainingRun.silent()), Optional.empty());
    Path file = folder.resolve("joint.safetensors");
    joint.save(file, Map.of());
    AdapterStart.write(joint, all, folder.resolve("template.safetensors"));
    shared = SharedNetwork.read(file, "residual-mlp");
    start = AdapterStart.read(folder.resolve("template.safetensors"), shared);
    train = rows(study, 2, true);
    TrainingRows left = rows(study, 2, false);
    test = left.responses();
    List<String> order = left.groups().stream().distinct().toList();
    tested = left.groups().stream().map(order::indexOf).toList();
    pool =
        left.targets()
            .rows(order.stream().mapToInt(stimulus -> left.groups().indexOf(stimulus)).toArray());
  }

  /** True betas with the noise that a GLM leaves, scaled by the training trials. */
  private static TrainingRows rows(SimulatedStudy study, int number, boolean training) {
    SimulatedSubject subject = study.subjects().get(number);
    Tensor betas = subject.trueBetas();
    int voxels = betas.dim(1);
    PinnedRandom noise = SEED.child("noise" + number).random();
    for (int i = 0; i < betas.size(); i++) {
      double sd = subject.model().voxels().get(i % voxels).betaNoiseSd();
      betas.array()[i] += (float) (sd * noise.nextGaussian());
    }
    List<PlannedTrial> trials =
        subject.runs().stream().flatMap(run -> run.trials().stream()).toList();
    int[] seen = part(trials, true);
    double[] mean = new double[voxels];
    double[] square = new double[voxels];
    for (int row : seen) {
      for (int v = 0; v < voxels; v++) {
        mean[v] += (double) betas.at(row, v) / seen.length;
        square[v] += (double) betas.at(row, v) * betas.at(row, v) / seen.length;
      }
    }
    int[] wanted = part(trials, training);
    Tensor x = betas.rows(wanted);
    for (int i = 0; i < x.size(); i++) {
      int v = i % voxels;
      double sd = Math.sqrt(Math.max(square[v] - mean[v] * mean[v], 1e-12));
      x.array()[i] = (float) ((x.array()[i] - mean[v]) / sd);
    }
    int[] stimuli = Arrays.stream(wanted).map(row -> trials.get(row).stimulus()).toArray();
    return new TrainingRows(
        x,
        study.features().rows(stimuli),
        Arrays.stream(stimuli).mapToObj(stimulus -> "s" + stimulus).toList());
  }

  private static int[] part(List<PlannedTrial> trials, boolean training) {
    return IntStream.range(0, trials.size())
        .filter(row -> trials.get(row).part().equals("train") == training)
        .toArray();
  }

  private static TrainingSpec spec(int epochs) {
    return RecordBinder.bind(
        YamlTree.parse(
            "loss: {name: info-nce, settings: {temperature: 0.15}}\nbatchSize: 72\nepochs: "
                + epochs
                + "\nvalidation: {part: 0.15, patience: 0}\n",
            "training"),
        TrainingSpec.class,
        "training");
  }

  private static BrainEncoder fit(
      TrainingRows rows, NetworkTrainer trainer, Optional<TargetPrior> stimuli) {
    return Architectures.registry()
        .get("residual-mlp")
        .fit(
            rows,
            YamlTree.parse("{width: 64, blocks: 1, firstDropout: 0.7, adapter: subject}", "mlp"),
            new Fitting(Seed.of(1), trainer, Fitting.Start.RIDGE, stimuli));
  }

  private static TrainingRows some(int trials) {
    int[] order = Seed.of(5).random().permutation(train.groups().size());
    int[] some = Arrays.copyOf(order, trials);
    return new TrainingRows(
        train.responses().rows(some),
        train.targets().rows(some),
        Arrays.stream(some).mapToObj(train.groups()::get).toList());
  }

  private static double[] adapted(int trials) {
    TrainingRows own = shared.rowsOf("03", some(trials));
    Map<String, Tensor> given = new LinkedHashMap<>(shared.shared());
    given.putAll(start.of(own).weights());
    NetworkTrainer trainer =
        Trainer.refining(spec(1).withFreeze(FreezeSpec.shared()), given, TrainingRun.silent());
    BrainEncoder encoder = fit(own, trainer, start.targets());
    return aboveChance(encoder);
  }

  /** Top-1 and two-way identification above chance, as a share of what is possible. */
  private static double[] aboveChance(BrainEncoder encoder) {
    int dims = pool.dim(1);
    EmbeddingSpace space =
        new EmbeddingSpace("pictures", "attributes", dims, EmbeddingSpace.Scaling.RAW);
    List<String> candidates = IntStream.range(0, POOL).mapToObj(i -> "p" + i).toList();
    Tensor mean = Tensor.zeros(1, dims);
    for (int i = 0; i < train.targets().size(); i++) {
      mean.array()[i % dims] += train.targets().array()[i] / train.targets().dim(0);
    }
    Decoding decoding =
        Decoding.of(
                new Embeddings(
                    space,
                    IntStream.range(0, test.dim(0)).mapToObj(i -> "t" + i).toList(),
                    encoder.encode(test)),
                tested.stream().map(i -> new Decoding.Row("p" + i, "p" + i, "run", "all")).toList(),
                new Embeddings(space, candidates, pool),
                new Embeddings(space, List.of("all"), mean))
            .averaged();
    Decoding centred = decoding.with(decoding.setting().with(Similarity.CENTRED_COSINE));
    Resampling none = new Resampling(1, 1, Exchange.ANY_UNIT, Seed.of(0));
    double top = Metrics.score("image_from_brain.top1", centred, none).value();
    double two = Metrics.score("image_from_brain.two_way", centred, none).value();
    return new double[] {(top - 1.0 / POOL) / (1 - 1.0 / POOL), 2 * two - 1};
  }

  @Test
  void aTenthOfTheTrialsRecoversFourFifths() {
    double[] few = adapted(TENTH);
    double[] all = adapted(10 * TENTH);
    assertTrue(all[0] > 0.9 && all[1] > 0.99, () -> "with all trials " + Arrays.toString(all));
    String both = Arrays.toString(few) + " with a tenth, " + Arrays.toString(all) + " with all";
    assertTrue(few[0] > 0.8 * all[0], () -> "top-1 above chance: " + both);
    assertTrue(few[1] > 0.8 * all[1], () -> "two-way above chance: " + both);
    BrainEncoder ridge =
        Architectures.registry()
            .get("ridge")
            .fit(
                some(TENTH),
                YamlTree.emptyMapping(),
                new Fitting(Seed.of(1), Trainer.of(spec(1), TrainingRun.silent())));
    assertTrue(aboveChance(ridge)[0] < 0.8 * all[0], "ridge would have done");
  }
}
