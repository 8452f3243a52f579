package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.PassThrough;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.BatchNorm;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartAndFreezeTest {
  private static final Seed SEED = Seed.of(6);
  private static final Layer NETWORK =
      Sequence.builder()
          .add("own", new SubjectLinear(2, 3, 8, SubjectLinear.Axes.FLAT))
          .add("norm", BatchNorm.of(8))
          .add("activation", new Gelu())
          .add("out", Linear.of(8, 2))
          .build();
  private static final TrainingRows ROWS = BatchPlanTest.rows(40, 40);
  private static final TrainingSpec SPEC =
      TrainerTest.spec(2, new ValidationSpec(0.2, 0)).withBatchesOf(10);

  private static Map<String, Tensor> weights(TrainingSpec spec, Map<String, Tensor> start) {
    return new Trainer(spec, NETWORK)
        .startingFrom(start)
        .train(ROWS, SEED, TrainingRun.silent())
        .weights();
  }

  @Test
  void frozenPartsKeepTheirBitsAndTheRestLearns() {
    Map<String, Tensor> parent = weights(SPEC, Map.of());
    Map<String, Tensor> child = weights(SPEC.withFreeze(FreezeSpec.shared()), parent);
    assertEquals(Set.of("own.weight", "own.bias"), Parameters.ofSubjects(NETWORK));
    for (String name : parent.keySet()) {
      if (name.startsWith("own.")) {
        assertNotEquals(parent.get(name), child.get(name), name);
      } else {
        assertEquals(parent.get(name), child.get(name), name);
      }
    }
    FreezeSpec head = new FreezeSpec(FreezeSpec.Scope.NOTHING, List.of("out."));
    Map<String, Tensor> other = weights(SPEC.withFreeze(head), parent);
    for (String name : parent.keySet()) {
      assertEquals(name.startsWith("out."), parent.get(name).equals(other.get(name)), name);
    }
  }

  @Test
  void missingWeightsAreDrawnAsWithoutTheOthers() {
    OptimizerSpec still =
        new OptimizerSpec(OptimizerSpec.Rule.ADAM, 1e-20, 0, OptimizerSpec.Decayed.ALL, 0.9, 0.999);
    TrainingSpec spec = SPEC.withOptimizer(still);
    Map<String, Tensor> fresh = weights(spec, Map.of());
    Tensor given = TrainerTest.normal("given", 2, 8);
    Map<String, Tensor> started = weights(spec, Map.of("out.weight", given));
    assertEquals(given, started.get("out.weight"));
    for (String name : List.of("own.weight", "own.bias", "norm.weight", "out.bias")) {
      assertEquals(fresh.get(name), started.get(name), name);
    }
  }

  @Test
  void weightsThatDoNotFitAreRefused() {
    ModelException shape =
        assertThrows(
            ModelException.class, () -> weights(SPEC, Map.of("out.weight", Tensor.zeros(3, 8))));
    assertTrue(shape.getMessage().contains("out.weight"), shape.getMessage());
    ModelException name =
        assertThrows(
            ModelException.class, () -> weights(SPEC, Map.of("aut.weight", Tensor.zeros(2, 8))));
    assertTrue(name.getMessage().contains("out.weight"), name.getMessage());
    FreezeSpec typo = new FreezeSpec(FreezeSpec.Scope.NOTHING, List.of("outt."));
    RecipeException unknown =
        assertThrows(RecipeException.class, () -> weights(SPEC.withFreeze(typo), Map.of()));
    assertTrue(unknown.getMessage().contains("training.freeze"), unknown.getMessage());
    RecipeException nothing =
        assertThrows(
            RecipeException.class,
            () ->
                new Trainer(SPEC.withFreeze(FreezeSpec.shared()), TrainerTest.network())
                    .train(TrainerTest.rows(40), SEED, TrainingRun.silent()));
    assertTrue(nothing.getMessage().contains("per subject"), nothing.getMessage());
  }

  @Test
  void theStartBelongsToTheIdentity() {
    Map<String, Tensor> given = Map.of("out.weight", Tensor.zeros(2, 8));
    String without = TrainingIdentity.of(new Trainer.Start(SPEC, NETWORK, Map.of()), ROWS, SEED);
    assertNotEquals(
        without, TrainingIdentity.of(new Trainer.Start(SPEC, NETWORK, given), ROWS, SEED));
    TrainingSpec frozen = SPEC.withFreeze(FreezeSpec.shared());
    assertNotEquals(
        without, TrainingIdentity.of(new Trainer.Start(frozen, NETWORK, Map.of()), ROWS, SEED));
  }

  /** Adds the mean square of its input to the loss. */
  record Penalty() implements PassThrough {
    @Override
    public Value forward(Pass pass, Value input) {
      pass.term("size", Ops.mean(Ops.square(input)));
      return input;
    }
  }

  private static TrainedNetwork penalized(TrainingSpec spec, TrainingRun run) {
    Layer network =
        Sequence.builder().add("out", Linear.of(3, 2)).add("penalty", new Penalty()).build();
    return new Trainer(spec, network).train(ROWS, SEED, run);
  }

  @Test
  void termsOfLayersAreWeightedAndLogged(@TempDir Path folder) throws Exception {
    TrainingSpec plain = SPEC.withEpochs(20);
    TrainedNetwork one = penalized(plain, TrainingRun.silent().in(folder, TrainingRun.Start.FRESH));
    TrainedNetwork much = penalized(plain.withTerms(Map.of("size", 100.0)), TrainingRun.silent());
    TrainedNetwork none = penalized(plain.withTerms(Map.of("size", 0.0)), TrainingRun.silent());
    double[] sizes = new double[3];
    TrainedNetwork[] all = {none, one, much};
    for (int i = 0; i < 3; i++) {
      EpochRecord last = all[i].history().get(19);
      sizes[i] = last.terms().get("size");
      assertEquals(Set.of("size"), last.terms().keySet());
    }
    assertTrue(sizes[0] > sizes[1] && sizes[1] > sizes[2], List.of(none, one, much)::toString);
    EpochRecord last = much.history().get(19);
    assertTrue(last.loss() > 100 * last.terms().get("size"));
    List<String> lines = Files.readAllLines(folder.resolve(TrainingRun.METRICS));
    assertTrue(lines.get(0).contains("\"terms\":{\"size\":"), lines.get(0));
    RecipeException typo =
        assertThrows(
            RecipeException.class,
            () -> penalized(plain.withTerms(Map.of("sizes", 1.0)), TrainingRun.silent()));
    assertTrue(typo.getMessage().contains("'size'"), typo.getMessage());
  }
}
