package io.noesis.alignment.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.loss.WeightedSum.Part;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Parts of a sum whose shares are drawn in each step, and that look at one token, as STTM's do. */
class SharesAndTokensTest {
  private static Tensor normal(String name, int... sizes) {
    PinnedRandom random = Seed.of(6).child(name).random();
    return Tensor.zeros(sizes).map(zero -> random.nextGaussian());
  }

  private static final Tensor P = normal("p", 5, 4);
  private static final Tensor T = normal("t", 5, 4);

  private static Part part(String loss, double weight) {
    return switch (loss) {
      case "mse" -> Part.of(loss, new MeanSquared(), weight);
      case "l1" -> Part.of(loss, new MeanAbsolute(), weight);
      default -> Part.of(loss, new Cosine(), weight);
    };
  }

  private static double value(Loss loss, Pass pass) {
    return loss.compute(pass, LossBatch.of(Value.of(P), Value.of(T))).item();
  }

  @Test
  void sharesAreTheSoftmaxOfFreshNormalNumbersInTrainingAndAlikeElsewhere() {
    WeightedSum sum =
        new WeightedSum(
            List.of(
                part("mse", 1).sharing("contrast"),
                part("cosine", 0.5).sharing("contrast"),
                part("l1", 30).sharing("prior"),
                part("l1", 2)));
    Scope.run(
        () -> {
          Parameters none = Parameters.of(new LossTest.Only(sum), Seed.of(1));
          double mse = LossTest.value(new MeanSquared(), P, T);
          double cosine = LossTest.value(new Cosine(), P, T);
          double l1 = LossTest.value(new MeanAbsolute(), P, T);
          double contrast = mse + 0.5 * cosine;
          Pass calm = Pass.evaluation(none);
          assertEquals((contrast + 30 * l1) / 2 + 2 * l1, value(sum, calm), 1e-4);
          Value drawn = Ops.softmax(Ops.normal(TorchRandom.ofNumber(9), 0, 1, 1, 2), 1);
          Tensor shares = drawn.toTensor();
          Pass training = Pass.training(none, TorchRandom.ofNumber(9));
          double first = value(sum, training);
          assertEquals(
              shares.at(0, 0) * contrast + shares.at(0, 1) * 30 * l1 + 2 * l1, first, 1e-4);
          double second = value(sum, training);
          assertTrue(Math.abs(first - second) > 1e-3, "drawn once for all steps");
          none.free();
        });
    assertThrows(
        IllegalArgumentException.class,
        () -> new WeightedSum(List.of(part("mse", 1).sharing("all"), part("l1", 1))));
  }

  @Test
  void aPartOfATokenSeesThatTokenAlone() {
    Tensor tokens = normal("tokens", 5, 3, 4);
    Tensor targets = normal("targets", 5, 3, 4);
    Tensor vector = normal("vector", 5, 4);
    Part whole = part("mse", 1);
    Part second = part("l1", 1).ofToken(1);
    Part global = part("cosine", 1).ofToken(0).between(Optional.empty(), Optional.of("text"));
    WeightedSum sum = new WeightedSum(List.of(whole, second, global));
    double found =
        LossTest.value(
            sum,
            () ->
                new LossBatch(
                    Value.of(tokens),
                    Value.of(targets),
                    RowFacts.NONE,
                    new LossBatch.Further(Map.of(), Map.of("text", Value.of(vector))),
                    0));
    double expected =
        LossTest.value(new MeanSquared(), tokens, targets)
            + LossTest.value(new MeanAbsolute(), token(tokens, 1), token(targets, 1))
            + LossTest.value(new Cosine(), token(tokens, 0), vector);
    assertEquals(expected, found, 1e-6);
    assertEquals(Map.of(), WeightedSum.met(sum), "no output is trained to be the text as a whole");
    RecipeException flat =
        assertThrows(
            RecipeException.class, () -> LossTest.value(new WeightedSum(List.of(second)), P, T));
    assertTrue(flat.getMessage().contains("token 1"), flat::getMessage);
  }

  private static Tensor token(Tensor tokens, int number) {
    Tensor one = Tensor.zeros(tokens.dim(0), tokens.dim(2));
    for (int row = 0; row < tokens.dim(0); row++) {
      for (int k = 0; k < tokens.dim(2); k++) {
        int at = (row * tokens.dim(1) + number) * tokens.dim(2) + k;
        one.array()[row * tokens.dim(2) + k] = tokens.array()[at];
      }
    }
    return one;
  }
}
