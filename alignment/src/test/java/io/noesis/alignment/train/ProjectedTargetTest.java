package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.alignment.loss.InfoNce;
import io.noesis.alignment.loss.Length;
import io.noesis.alignment.loss.Loss;
import io.noesis.alignment.loss.LossSpec;
import io.noesis.alignment.loss.Projected;
import io.noesis.alignment.loss.Projected.By;
import io.noesis.alignment.loss.WeightedSum;
import io.noesis.alignment.loss.WeightedSum.Part;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Arithmetic;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets that a loss compares behind layers of its own. */
class ProjectedTargetTest {
  private static final int TOKENS = 3;
  private static final int WIDTH = 6;
  private static final int DIM = 4;

  @TempDir Path temporary;

  private static JsonNode contrast(String settings) {
    return YamlTree.parse(settings, "test");
  }

  private static WeightedSum loss(Projected projected) {
    return new WeightedSum(
        List.of(Part.of("projected", projected, 1).between(Optional.empty(), Optional.of("text"))));
  }

  private static TrainingRows rows(Tensor x, Tensor text) {
    List<String> groups = IntStream.range(0, x.dim(0)).mapToObj(Integer::toString).toList();
    return new TrainingRows(x, TrainerTest.normal("own", x.dim(0), DIM), groups)
        .showing(Shown.UNKNOWN.with("text", text));
  }

  /** Behind an identity it is InfoNCE against the target itself. */
  @Test
  void behindAnIdentityItIsTheContrastItself() {
    Tensor p = TrainerTest.normal("p", 5, DIM);
    Tensor t = TrainerTest.normal("t", 5, DIM);
    Projected projected = new Projected(By.LINEAR, 1, 1, contrast("{temperature: 0.3}"));
    TrainingRows rows = rows(p, t);
    Loss sized =
        loss(projected).of(io.noesis.alignment.loss.LossSizes.of(Linear.of(DIM, DIM), rows));
    Objective objective = new Objective(Linear.of(DIM, DIM), sized, Map.of(), Arithmetic.FLOAT32);
    Tensor unit = Tensor.zeros(DIM, DIM);
    for (int i = 0; i < DIM; i++) {
      unit.array()[i * DIM + i] = 1;
    }
    Parameters weights = Parameters.of(objective.whole(), Seed.of(1));
    Tensor none = Tensor.zeros(DIM);
    weights.startFrom(
        Map.of(
            "network.weight", unit,
            "network.bias", none,
            "loss.part0.target.out.weight", unit,
            "loss.part0.target.out.bias", none));
    int[] all = {0, 1, 2, 3, 4};
    Batch batch = Batch.of(rows, RowTable.of(rows, all), all);
    InfoNce plain =
        new InfoNce(
            Length.UNIT, Length.UNIT, InfoNce.Scale.CONSTANT, 0.3, InfoNce.Direction.TWO_WAY);
    double[] found = new double[2];
    Scope.run(
        () -> {
          Pass pass = Pass.evaluation(weights);
          found[0] = objective.of(pass, batch, 0).total().item();
          found[1] =
              plain
                  .compute(pass, io.noesis.alignment.loss.LossBatch.of(Value.of(p), Value.of(t)))
                  .item();
        });
    weights.free();
    assertEquals(found[1], found[0], 1e-6);
  }

  /**
   * What was shown is in one of three tokens, turned by a matrix that nobody tells; the others are
   * larger noise. New rows are found among each other behind what was learned.
   */
  @Test
  void aQueryLearnsToReadTheTokenThatMatters() {
    int train = 300;
    int test = 60;
    Tensor z = TrainerTest.normal("z", train + test, DIM);
    Tensor turn = TrainerTest.normal("turn", DIM, WIDTH);
    Tensor noise = TrainerTest.normal("noise", train + test, TOKENS * WIDTH);
    Tensor text = Tensor.zeros(train + test, TOKENS * WIDTH);
    for (int row = 0; row < train + test; row++) {
      for (int i = 0; i < TOKENS * WIDTH; i++) {
        int token = i / WIDTH;
        double value = 2 * noise.at(row, i);
        if (token == 1) {
          value = i % WIDTH == 0 ? 4 : 0;
          for (int d = 0; d < DIM; d++) {
            value += z.at(row, d) * turn.at(d, i % WIDTH);
          }
        }
        text.array()[row * TOKENS * WIDTH + i] = (float) value;
      }
    }
    int[] seen = IntStream.range(0, train).toArray();
    int[] fresh = IntStream.range(train, train + test).toArray();
    Projected projected = new Projected(By.QUERY, TOKENS, 2, contrast("{scale: learned-exponent}"));
    TrainingSpec spec =
        TrainingSpec.defaults()
            .withLoss(LossSpec.of("sum", loss(projected)))
            .withEpochs(60)
            .withBatchesOf(50)
            .withOptimizer(
                new OptimizerSpec(
                    OptimizerSpec.Rule.ADAM, 0.01, 0, OptimizerSpec.Decayed.ALL, 0.9, 0.999))
            .withValidation(new ValidationSpec(0, 0));
    List<TrainedNetwork> kept = new ArrayList<>();
    TrainedNetwork trained =
        new Trainer(spec, Linear.of(DIM, DIM))
            .train(
                rows(z.rows(seen), text.rows(seen)),
                Seed.of(1),
                TrainingRun.silent().givingTo(kept::add));
    List<TargetProjection> projections = TargetProjection.trainedWith(kept.get(0));
    assertEquals(List.of("text"), projections.stream().map(TargetProjection::target).toList());
    Path file = temporary.resolve("text.onnx");
    projections.get(0).write(file, Map.of("of", "a test"));
    Tensor behind = TargetProjection.of(file, text.rows(fresh));
    assertArrayEquals(new int[] {test, DIM}, behind.shape().toArray());
    Tensor found = decoded(trained, z.rows(fresh));
    int right = 0;
    for (int row = 0; row < test; row++) {
      int best = 0;
      for (int other = 1; other < test; other++) {
        best = cosine(found, row, behind, other) > cosine(found, row, behind, best) ? other : best;
      }
      right += best == row ? 1 : 0;
    }
    assertTrue(right > test / 2, right + " of " + test);
    same(projections.get(0), text.rows(fresh), behind);
  }

  private static void same(TargetProjection projection, Tensor targets, Tensor behind) {
    Parameters weights = Parameters.of(projection.layers(), projection.weights());
    double[] values =
        Scope.get(
            () ->
                Scope.withoutGradients(
                    () ->
                        projection
                            .layers()
                            .forward(Pass.evaluation(weights), Value.of(targets))
                            .toDoubles()));
    weights.free();
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i], behind.array()[i], 1e-5 * (1 + Math.abs(values[i])));
    }
  }

  private static Tensor decoded(TrainedNetwork trained, Tensor x) {
    float[] weight = trained.weights().get("weight").array();
    float[] bias = trained.weights().get("bias").array();
    Tensor out = Tensor.zeros(x.dim(0), DIM);
    for (int row = 0; row < x.dim(0); row++) {
      for (int d = 0; d < DIM; d++) {
        double value = bias[d];
        for (int i = 0; i < DIM; i++) {
          value += weight[d * DIM + i] * x.at(row, i);
        }
        out.array()[row * DIM + d] = (float) value;
      }
    }
    return out;
  }

  private static double cosine(Tensor a, int i, Tensor b, int j) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int d = 0; d < DIM; d++) {
      ab += a.at(i, d) * b.at(j, d);
      aa += a.at(i, d) * a.at(i, d);
      bb += b.at(j, d) * b.at(j, d);
    }
    return ab / Math.sqrt(aa * bb);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThrows(
        RuntimeException.class, () -> new Projected(By.LINEAR, 3, 1, contrast("{}")), "tokens");
    assertThrows(
        RuntimeException.class, () -> new Projected(By.QUERY, 3, 1, contrast("{temprature: 1}")));
    Tensor x = TrainerTest.normal("x", 6, DIM);
    Projected five = new Projected(By.QUERY, 5, 1, contrast("{}"));
    TrainingSpec spec = TrainingSpec.defaults().withLoss(LossSpec.of("sum", loss(five)));
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () ->
                new Trainer(spec, Linear.of(DIM, DIM))
                    .train(
                        rows(x, TrainerTest.normal("t", 6, TOKENS * WIDTH)),
                        Seed.of(1),
                        TrainingRun.silent()));
    assertTrue(e.getMessage().contains("18 numbers does not fall into 5 tokens"), e::getMessage);
  }
}
