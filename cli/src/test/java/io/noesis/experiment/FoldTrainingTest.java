package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.TrainingRows;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Progress;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldTrainingTest {
  @TempDir Path out;

  private static Tensor normal(int columns) {
    PinnedRandom random = Seed.of(columns).random();
    return Tensor.zeros(128, columns).map(zero -> random.nextGaussian());
  }

  /** One epoch of batches of 64. */
  private static EncoderSpec network(int width) {
    ObjectNode training = YamlTree.emptyMapping().put("epochs", 1).put("batchSize", 64);
    return new EncoderSpec(
        "residual-mlp",
        YamlTree.emptyMapping().put("width", width).put("blocks", 1),
        EncoderSpec.Subjects.EACH,
        Fitting.Start.RANDOM,
        Optional.of(RecordBinder.bind(training, TrainingSpec.class)),
        Optional.empty(),
        Optional.empty(),
        1,
        Map.of(),
        Map.of(),
        Rescale.NONE);
  }

  private BrainEncoder fold(int number, int width, int threads) {
    RunFolder run = RunFolder.create(out, "abc", Execution.Existing.RESUME);
    Execution execution = Execution.in(out).withThreads(threads);
    FoldTraining training =
        new FoldTraining(run, execution, new FoldProgress(Progress.NONE, "training", 1));
    return training.kept(
        new FoldTraining.Task(
            "sub-01/decoder/fold-00" + number, network(width), Seed.of(1), Map.of()),
        new TrainingRows(
            normal(1000),
            normal(100),
            IntStream.range(0, 128).mapToObj(i -> "run-" + i / 16).toList()));
  }

  /** The bits of large networks depend on their threads: all folds of a run have the same. */
  @Test
  void aRunThatGoesOnWithOtherThreadsTrainsItsLargeNetworksOnThoseItBeganWith() {
    assertFalse(fold(1, 16, 2).facts().containsKey("threads"), "small");
    assertEquals(OptionalInt.empty(), RunFolder.open(out).networkThreads());
    assertEquals("1", fold(2, 1200, 1).facts().get("threads"));
    assertEquals(OptionalInt.of(1), RunFolder.open(out).networkThreads());
    assertEquals("1", fold(3, 1200, 2).facts().get("threads"));
    assertEquals("abc", RunFolder.open(out).identity(), "the run is the same");
  }
}
