package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.loss.CrossEntropy;
import io.noesis.alignment.loss.InfoNce;
import io.noesis.alignment.loss.Length;
import io.noesis.alignment.loss.LossSpec;
import io.noesis.alignment.loss.MeanSquared;
import io.noesis.alignment.loss.SoftCont;
import io.noesis.alignment.loss.WeightedSum;
import io.noesis.alignment.loss.WeightedSum.Part;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Heads;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LearnedScale;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.torch.Arithmetic;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Heads that are trained to further targets. */
class FurtherTargetsTest {
  private static final int ROWS = 6;
  private static final double RATE = 0.1;
  private static final double WEIGHT = 3;
  private static final Layer NETWORK =
      new Heads(Linear.of(2, 1), List.of(new Heads.Head("text", Linear.of(2, 1), List.of(1))));
  private static final Tensor X = TrainerTest.normal("x", ROWS, 2);
  private static final Tensor OWN = TrainerTest.normal("own", ROWS, 1);
  private static final Tensor FURTHER = TrainerTest.normal("further", ROWS, 1);

  private static TrainingRows rows(Tensor further) {
    return new TrainingRows(X, OWN, Collections.nCopies(ROWS, "a"))
        .showing(Shown.UNKNOWN.with("caption", further));
  }

  private static Part head(String name, String target) {
    return Part.of("mse", MeanSquared.defaults(), WEIGHT)
        .between(Optional.of(name), Optional.of(target));
  }

  private static TrainingSpec spec(Part... more) {
    List<Part> parts = new java.util.ArrayList<>(List.of(more));
    parts.add(Part.of("mse", MeanSquared.defaults(), 1));
    ScheduleSpec level = new ScheduleSpec(ScheduleSpec.Shape.CONSTANT, 0, 0, 0.5, 1, 1);
    OptimizerSpec plain =
        new OptimizerSpec(OptimizerSpec.Rule.SGD, RATE, 0, OptimizerSpec.Decayed.ALL, 0, 0);
    return new TrainingSpec(
        LossSpec.of("sum", new WeightedSum(parts)),
        1,
        ROWS,
        BatchSpec.defaults(),
        1,
        0,
        0,
        plain,
        level,
        new ValidationSpec(0, 0),
        FreezeSpec.defaults(),
        Map.of(),
        Arithmetic.FLOAT32);
  }

  /** One step of all rows from zeros. */
  private static Map<String, Tensor> step(Tensor further) {
    Map<String, Tensor> zeros = new java.util.HashMap<>();
    Parameters.shapes(NETWORK)
        .forEach((name, shape) -> zeros.put(name, Tensor.zeros(shape.toArray())));
    return new Trainer(spec(head("text", "caption")), NETWORK)
        .startingFrom(zeros)
        .train(rows(further), Seed.of(1), TrainingRun.silent())
        .weights();
  }

  /** From zeros the gradient of the mean squared error is −2/n Σ y·x. */
  private static float[] expected(Tensor target, double weight) {
    float[] moved = new float[2];
    for (int c = 0; c < 2; c++) {
      double sum = 0;
      for (int row = 0; row < ROWS; row++) {
        sum += target.array()[row] * X.at(row, c);
      }
      moved[c] = (float) (RATE * weight * 2 / ROWS * sum);
    }
    return moved;
  }

  @Test
  void theStepOfAHeadIsThatOfItsOwnTarget() {
    Map<String, Tensor> moved = step(FURTHER);
    assertArrayEquals(expected(OWN, 1), moved.get("embedding.weight").array(), 1e-6f);
    assertArrayEquals(expected(FURTHER, WEIGHT), moved.get("text.weight").array(), 1e-6f);
    Map<String, Tensor> other = step(OWN);
    assertEquals(moved.get("embedding.weight"), other.get("embedding.weight"));
    assertArrayEquals(expected(OWN, WEIGHT), other.get("text.weight").array(), 1e-6f);
  }

  private static double validation(ValidationSpec.By by, WeightedSum loss) {
    Objective objective = new Objective(NETWORK, loss, Map.of(), Arithmetic.FLOAT32);
    TrainingRows rows = rows(FURTHER);
    int[] all = {0, 1, 2, 3, 4, 5};
    Batch batch = Batch.of(rows, RowTable.of(rows, all), all);
    Parameters weights = Parameters.of(objective.whole(), Seed.of(1));
    weights.startFrom(
        Map.of(
            "network.embedding.weight", Tensor.zeros(1, 2),
            "network.embedding.bias", Tensor.zeros(1),
            "network.text.weight", Tensor.zeros(1, 2),
            "network.text.bias", Tensor.zeros(1)));
    double found =
        Scope.get(() -> objective.validation(Pass.evaluation(weights), batch, by, false).loss());
    weights.free();
    return found;
  }

  private static double meanSquare(Tensor tensor) {
    double sum = 0;
    for (float value : tensor.array()) {
      sum += (double) value * value;
    }
    return sum / tensor.size();
  }

  @Test
  void anEpochIsChosenByWhatConcernsTheEmbeddingUnlessAllIsAskedFor() {
    Part own = Part.of("mse", MeanSquared.defaults(), 1);
    WeightedSum both = new WeightedSum(List.of(own, head("text", "caption")));
    double mine = meanSquare(OWN);
    double all = mine + WEIGHT * meanSquare(FURTHER);
    assertEquals(mine, validation(ValidationSpec.By.EMBEDDING, both), 1e-6);
    assertEquals(all, validation(ValidationSpec.By.LOSS, both), 1e-6);
    WeightedSum later = new WeightedSum(List.of(own.during(0, 0.5), head("text", "caption")));
    assertEquals(
        WEIGHT * meanSquare(FURTHER), validation(ValidationSpec.By.EMBEDDING, later), 1e-6);
  }

  /** Rows e₁ and e₂, and what an identity makes of them, against e₁, e₂ and against e₂, e₁. */
  @Test
  void anEmbeddingMeetsTwoTargetsWithAScaleForEach() {
    Tensor units = Tensor.wrap(new float[] {1, 0, 0, 1}, 2, 2);
    Tensor turned = Tensor.wrap(new float[] {0, 1, 1, 0}, 2, 2);
    TrainingRows rows =
        new TrainingRows(units, units, List.of("a", "b"))
            .showing(Shown.UNKNOWN.with("text", turned));
    double scale = 1.5;
    InfoNce raw =
        new InfoNce(
            Length.UNIT, Length.UNIT, InfoNce.Scale.LEARNED, 1 / scale, InfoNce.Direction.TWO_WAY);
    WeightedSum both =
        new WeightedSum(
            List.of(
                Part.of("info-nce", raw, 0.75),
                Part.of("info-nce", raw, 0.25).between(Optional.empty(), Optional.of("text"))));
    assertEquals(Map.of("text", Optional.empty()), WeightedSum.met(both));
    Layer network = Linear.of(2, 2);
    Objective objective = new Objective(network, both, Map.of(), Arithmetic.FLOAT32);
    Parameters weights = Parameters.of(objective.whole(), Seed.of(1));
    weights.startFrom(Map.of("network.weight", units, "network.bias", Tensor.zeros(2)));
    int[] all = {0, 1};
    Batch batch = Batch.of(rows, RowTable.of(rows, all), all);
    double[] found = new double[3];
    Scope.run(
        () -> {
          Pass pass = Pass.training(weights, TorchRandom.ofNumber(1));
          Value total = objective.of(pass, batch, 0).total();
          total.backward();
          found[0] = total.item();
          found[1] = weights.get("loss.part0.scale").gradient().item();
          found[2] = weights.get("loss.part1.scale").gradient().item();
        });
    weights.free();
    double right = 1 / (1 + Math.exp(-scale));
    assertEquals(-0.75 * Math.log(right) - 0.25 * Math.log(1 - right), found[0], 1e-6);
    assertEquals(-0.75 * (1 - right), found[1], 1e-6);
    assertEquals(0.25 * right, found[2], 1e-6);
  }

  @Test
  void whatTheEmbeddingIsHeldAgainstHasItsSizes() {
    Part text =
        Part.of("mse", MeanSquared.defaults(), 1).between(Optional.empty(), Optional.of("caption"));
    refused(
        spec(text),
        TrainerTest.normal("wide", ROWS, 4),
        "the embedding has the sizes [1]",
        "'caption' has [4]",
        "give this one a head");
  }

  @Test
  void whichOutputIsTrainedToBeATargetIsKnown() {
    Part looked =
        Part.of("soft-cont", new SoftCont(0.1, Optional.of("blurred"), SoftCont.Unit.ROW), 1);
    Part classes = Part.of("cross-entropy", CrossEntropy.defaults(), 1);
    Optional<String> text = Optional.of("text");
    WeightedSum sum =
        new WeightedSum(
            List.of(
                looked,
                head("pooled", "text"),
                head("text", "text"),
                head("pooled", "image"),
                classes.between(text, Optional.of("word"))));
    assertEquals(Map.of("text", text, "image", Optional.of("pooled")), WeightedSum.met(sum));
    assertEquals(Map.of("word", text), WeightedSum.classes(sum), "by a head of another name");
    assertEquals(Map.of(), WeightedSum.met(MeanSquared.defaults()));
  }

  private static final int MANY = 48;
  private static final int WIDE = 10;
  private static final Layer SHARED =
      new Heads(
          Sequence.builder()
              .add("of", Linear.of(WIDE, 1))
              .add("share", new LearnedScale(1, 0))
              .build(),
          List.of(new Heads.Head("text", Linear.of(WIDE, 1), List.of(1))));

  /** An embedding that cannot be learned, and a head whose target is one of the responses. */
  private static TrainingRows hopeless() {
    Tensor x = TrainerTest.normal("many", MANY, WIDE);
    Tensor further = Tensor.zeros(MANY, 1);
    for (int row = 0; row < MANY; row++) {
      further.array()[row] = x.at(row, 3);
    }
    List<String> groups =
        java.util.stream.IntStream.range(0, MANY).mapToObj(i -> "run-" + i).toList();
    return new TrainingRows(x, TrainerTest.normal("noise", MANY, 1), groups)
        .showing(Shown.UNKNOWN.with("caption", further));
  }

  private static TrainedNetwork onShare(boolean shrinks) {
    TrainingSpec all = spec(head("text", "caption"));
    TrainingSpec spec =
        all.withEpochs(40)
            .withBatchesOf(12)
            .withValidation(new ValidationSpec(0.25, 0))
            .withOptimizer(
                new OptimizerSpec(
                    OptimizerSpec.Rule.ADAM, 0.05, 0, OptimizerSpec.Decayed.ALL, 0.9, 0.999));
    Trainer trainer =
        new Trainer(spec, SHARED).startingFrom(Map.of("embedding.share.weight", Tensor.zeros(1)));
    Set<String> share = Set.of("embedding.share.weight");
    return (shrinks ? trainer.sharing(share) : trainer.countingTheStart())
        .train(hopeless(), Seed.of(3), TrainingRun.silent());
  }

  /** Mean squared errors of embedding and head on the rows that chose. */
  private static double[] errors(TrainedNetwork trained) {
    TrainingRows rows = hopeless();
    int[] held = HeldOut.of(rows, 0.25, Seed.of(3).child("validation")).validation();
    float[] share = trained.weights().get("embedding.share.weight").array();
    double[] errors = {0, 0, 0};
    for (int row : held) {
      double of = trained.weights().get("embedding.of.bias").array()[0];
      double text = trained.weights().get("text.bias").array()[0];
      for (int c = 0; c < WIDE; c++) {
        of += trained.weights().get("embedding.of.weight").array()[c] * rows.responses().at(row, c);
        text += trained.weights().get("text.weight").array()[c] * rows.responses().at(row, c);
      }
      double own = rows.targets().array()[row];
      double further = rows.shown().targets().get("caption").array()[row];
      errors[0] += Math.pow(share[0] * of - own, 2) / held.length;
      errors[1] += Math.pow(text - further, 2) / held.length;
      errors[2] += own * own / held.length;
    }
    return errors;
  }

  @Test
  void headsLearnOnWhileTheEmbeddingKeepsWhatIsApprovedOf() {
    double[] shrunk = errors(onShare(true));
    double[] whole = errors(onShare(false));
    String all = java.util.Arrays.toString(shrunk) + " " + java.util.Arrays.toString(whole);
    assertTrue(whole[0] > whole[2] + 0.02, "the head drags the embedding along: " + all);
    assertTrue(shrunk[0] <= shrunk[2] + 1e-6, "not worse than at the start: " + all);
    assertTrue(shrunk[1] < 0.05, "the head has learned: " + all);
  }

  @Test
  void whatDoesNotMeetIsRefusedBeforeAnythingIsTrained() {
    refused(spec(head("txt", "caption")), FURTHER, "no head 'txt'", "'text'");
    refused(spec(head("text", "captions")), FURTHER, "no target 'captions'", "'caption'");
    refused(
        spec(head("text", "caption")),
        TrainerTest.normal("wide", ROWS, 4),
        "the head 'text' has the sizes [1]",
        "'caption' has [4]",
        "encoder.heads");
    Part altered =
        Part.of("soft-cont", new SoftCont(0.1, Optional.of("blurred"), SoftCont.Unit.ROW), 1)
            .between(Optional.of("text"), Optional.of("caption"));
    refused(spec(altered), FURTHER, "no target 'blurred'");
    refused(
        spec(
            Part.of("cross-entropy", CrossEntropy.defaults(), 1)
                .between(Optional.of("text"), Optional.of("caption"))),
        TrainerTest.normal("wide", ROWS, 4),
        "the head 'text' has logits of the sizes [1]",
        "'caption' has [4]",
        "as many classes");
    RecipeException none =
        assertThrows(
            RecipeException.class,
            () ->
                new Trainer(spec(head("text", "caption")), Linear.of(2, 1))
                    .train(rows(FURTHER), Seed.of(1), TrainingRun.silent()));
    assertTrue(none.getMessage().contains("an architecture with heads"), none::getMessage);
  }

  private static void refused(TrainingSpec spec, Tensor further, String... words) {
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () ->
                new Trainer(spec, NETWORK).train(rows(further), Seed.of(1), TrainingRun.silent()));
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), e::getMessage);
    }
  }
}
