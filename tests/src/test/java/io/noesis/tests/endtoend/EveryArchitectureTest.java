package io.noesis.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.experiment.DecodingRecipe;
import io.noesis.experiment.Execution;
import io.noesis.experiment.Experiment;
import io.noesis.experiment.ModelPlaces;
import io.noesis.experiment.Recipes;
import io.noesis.ingest.simulate.EpochCodePlan;
import io.noesis.ingest.simulate.EpochSimulationSpec;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SensorPlan;
import io.noesis.ingest.simulate.SimulatedEpochStudy;
import io.noesis.report.Report;
import io.noesis.report.RidgePanel;
import io.noesis.run.Progress;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tests.support.CommandLines;
import io.noesis.tests.support.RunFiles;
import io.noesis.tests.support.Studies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every architecture of the registry, from a recipe to a report with ridge beside it: on a
 * simulated study of several people, with true and with shuffled ids, and on a real recording.
 * Settings are those of {@link ArchitectureAgainstRidgeTest}, which none may lack.
 */
class EveryArchitectureTest {
  private static final Path DATA = CommandLines.ROOT.resolve("../shared/data").normalize();

  /**
   * Those without a map for each, which the recipe of people with other voxels would have to add.
   */
  private static final Set<String> ALONE = Set.of("residual-mlp", "parcel-transformer", "mind-vis");

  private static final String AVERAGED = "repetitions averaged";
  private static final int PEOPLE = 2;

  /** How probable it may be that chance alone fails a control, over all architectures. */
  private static final double FAMILY_WISE = 0.01;

  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path voxels;
  private static Path epochs;

  @BeforeAll
  static void simulate() {
    voxels = shared.resolve("voxels");
    Studies.write(Studies.plan(40, new PicturePlan(96, 1, 24, 2, 32), 0.6), 5, voxels);
    epochs = shared.resolve("epochs");
    EpochSimulationSpec spec =
        new EpochSimulationSpec(
            PEOPLE,
            new PicturePlan(120, 1, 24, 2, 32),
            new SensorPlan(SensorPlan.Modality.EEG, 6, 50, -0.2, 0.79),
            new EpochCodePlan(EpochCodePlan.Code.EVOKED, 4, 0.6));
    SimulatedEpochStudy.of(spec, Seed.of(3)).write(epochs, Existing.KEEP, Progress.NONE);
  }

  /** Networks that are told something of the stimuli are for studies that say it. */
  static List<String> architectures() {
    return Architectures.registry().names().stream()
        .filter(
            name ->
                Architectures.inputs(
                        name, RecordBinder.defaults(Architectures.registry().get(name).settings()))
                    .isEmpty())
        .toList();
  }

  private static boolean isNetwork(String name) {
    return Architectures.registry().get(name).trainedByGradients();
  }

  private static boolean ofEpochs(String name) {
    return ArchitectureAgainstRidgeTest.EPOCH_NETWORKS.containsKey(name);
  }

  /** A shipped recipe with another encoder, small and quick. */
  private static DecodingRecipe recipe(String base, String architecture, String... overrides) {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("evaluation.permutations=999");
    all.add("evaluation.bootstraps=99");
    all.add("evaluation.gallery=0");
    ObjectNode tree = Recipes.tree(base, all);
    ObjectNode encoder = YamlTree.emptyMapping();
    encoder.put("architecture", architecture);
    String settings =
        (ofEpochs(architecture)
                ? ArchitectureAgainstRidgeTest.EPOCH_NETWORKS
                : ArchitectureAgainstRidgeTest.VOXEL_NETWORKS)
            .get(architecture);
    assertEquals(isNetwork(architecture), settings != null, "no small settings: " + architecture);
    if (architecture.equals("banded-ridge")) {
      encoder.set("settings", YamlTree.parse("{parcels: 4, candidates: 3}", architecture));
    }
    if (architecture.equals("brainmagick") && base.startsWith("eegutils")) {
      // The recording says the names of its electrodes, not where they are.
      settings = settings.replace("{channels", "{spatial: linear, channels");
    }
    if (settings != null) {
      encoder.set("settings", YamlTree.parse(settings, architecture));
      encoder.set(
          "training",
          YamlTree.parse(
              "loss: {name: info-nce, settings: {temperature: 0.2}}\nepochs: 2\nbatchSize: 32\n"
                  + "optimizer: {learningRate: 0.003}\nvalidation: {part: 0.2, patience: 0}\n",
              "training"));
      tree.path("encoder")
          .properties()
          .forEach(
              own -> {
                if (Set.of("start", "subjects").contains(own.getKey())) {
                  encoder.set(own.getKey(), own.getValue());
                }
              });
    }
    tree.set("encoder", encoder);
    return DecodingRecipe.of(tree);
  }

  private Report run(DecodingRecipe recipe, Path root, String out) {
    Execution execution =
        Execution.in(temporary.resolve(out))
            .withRoot(root)
            .withThreads(2)
            .withPlaces(
                new ModelPlaces(ModelPlaces.usual().packs(), Optional.of(shared.resolve("cache"))))
            .withAllowed(Set.of("NO-SIGNAL"));
    return new Experiment(recipe, execution).run();
  }

  private Report simulated(String architecture, String out, String... overrides) {
    boolean signal = ofEpochs(architecture);
    return run(
        recipe(signal ? "simulated-eeg" : "simulated", architecture, overrides),
        signal ? epochs : voxels,
        out);
  }

  private static void ridgeIsBeside(Report report, String architecture, int subjects) {
    assertEquals(subjects, report.subjects().size());
    if (architecture.equals("ridge")) {
      return;
    }
    assertEquals(subjects, report.ridge().subjects().size());
    for (RidgePanel.RidgeSubject beside : report.ridge().subjects()) {
      assertTrue(beside.standing() != RidgePanel.Beside.MISSING, beside::verdict);
      assertTrue(!beside.scores().isEmpty() && !beside.contrasts().isEmpty(), beside::verdict);
    }
  }

  private List<RunFiles.ScoreLine> twoWay(String out) {
    return RunFiles.scores(temporary.resolve(out)).stream()
        .filter(s -> s.metric().startsWith("image_from_brain.two_way@"))
        .filter(s -> s.variant().equals(AVERAGED))
        .toList();
  }

  private void all(String out, Predicate<RunFiles.ScoreLine> as) {
    List<RunFiles.ScoreLine> scores = twoWay(out);
    assertEquals(PEOPLE, scores.size());
    scores.forEach(score -> assertTrue(as.test(score), score::toString));
  }

  /**
   * The value that chance exceeds with a probability: permutations are too few to see it, so by the
   * normal law that means of ranks follow, with the middle and width of their 95 % band.
   */
  private static double byChance(RunFiles.ScoreLine score, double probability) {
    double deviation =
        (score.nullHigh() - score.nullLow()) / (2 * NORMAL.inverseCumulativeProbability(0.975));
    return (score.nullHigh() + score.nullLow()) / 2
        + deviation * NORMAL.inverseCumulativeProbability(1 - probability);
  }

  /**
   * Networks are for all people together, where one can be for people of other voxels, and on top
   * of ridge, so that there is something to fall from.
   */
  @ParameterizedTest
  @MethodSource("architectures")
  void decodesSeveralPeopleAndNothingWhereIdsAreShuffled(String architecture) {
    boolean together = isNetwork(architecture) && !ALONE.contains(architecture);
    String start = isNetwork(architecture) ? "encoder.start=ridge" : "seed=0";
    String who = "encoder.subjects=" + (together ? "together" : "each");
    ridgeIsBeside(simulated(architecture, "true", start, who), architecture, PEOPLE);
    all("true", score -> score.value() > score.nullHigh() && score.value() > 0.65);
    Report control = simulated(architecture, "shuffled", start, who, "control=shuffled-ids");
    ridgeIsBeside(control, architecture, PEOPLE);
    // Bonferroni: the scores of all architectures see the same people and pictures.
    double each = FAMILY_WISE / (PEOPLE * architectures().size());
    all("shuffled", score -> score.value() < byChance(score, each) && score.value() < 0.65);
    assertTrue(control.verdict().headline().startsWith("Control"), control.verdict()::headline);
    assertTrue(control.methods().contains("THIS IS A CONTROL"), control::methods);
    assertTrue(
        control.provenance().contains(new Report.Line("control", "shuffled ids")),
        () -> control.provenance().toString());
  }

  /** Eight runs of a person's ventral temporal cortex, or 80 epochs of EEG after a cue. */
  @ParameterizedTest
  @MethodSource("architectures")
  void runsOnARealRecordingWithRidgeBesideIt(String architecture) {
    boolean signal = ofEpochs(architecture);
    Path root = DATA.resolve(signal ? "eegutils-spatial-cueing" : "haxby2001-vt");
    assumeTrue(Files.isDirectory(root), "needs the recordings in " + root);
    String[] few =
        signal
            ? new String[] {"split.folds=2"}
            : new String[] {"split.rule=contiguous-blocks", "split.folds=2"};
    DecodingRecipe recipe =
        recipe(signal ? "eegutils-spatial-cueing" : "haxby2001-vt", architecture, few);
    ridgeIsBeside(run(recipe, root, "real"), architecture, 1);
  }
}
