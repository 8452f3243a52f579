package io.noesis.alignment.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.diffusion.NoiseSchedule;
import io.noesis.alignment.diffusion.Predicts;
import io.noesis.alignment.diffusion.PriorForm;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The error of a prior that is trained together with a network. */
class PriorLossTest {
  private static final int ROWS = 5;
  private static final int DIM = 6;

  private static PriorLoss loss(Predicts predicts, OptionalDouble scale) {
    return new PriorLoss(
        PriorForm.VECTOR,
        io.noesis.run.YamlTree.parse("{widths: [8, 4], timeWidth: 4, dropout: 0}", "test"),
        new NoiseSchedule(100, NoiseSchedule.Shape.COSINE),
        predicts,
        0.2,
        scale);
  }

  private static LossSizes vectors() {
    return new LossSizes(List.of(DIM), List.of(DIM), Map.of("tokens", List.of(2, 3)), Map.of());
  }

  /** The loss with the last map at zero: the network says 0 whatever it sees. */
  private static double saying0(Predicts predicts, double scale, Tensor decoded, Tensor truth) {
    Loss sized = loss(predicts, OptionalDouble.of(scale)).of(vectors());
    return Scope.get(
        () -> {
          Parameters parameters = Parameters.of(new LossTest.Only(sized), Seed.of(1));
          for (String name : List.of("weight", "bias")) {
            Value last = parameters.get("prior.network.out." + name);
            last.assign(Value.of(Tensor.zeros(last.shape().toArray())));
          }
          Pass pass = Pass.training(parameters, TorchRandom.ofNumber(7));
          double found =
              sized.compute(pass, LossBatch.of(Value.of(decoded), Value.of(truth))).item();
          parameters.free();
          return found;
        });
  }

  /** x₀: the mean square of the targets times the scale; ε: that of the noise that was drawn. */
  @Test
  void aNetworkThatSaysNothingIsWrongByAllThereIs() {
    Tensor decoded = LossTest.normal("p", ROWS, DIM);
    Tensor truth = LossTest.normal("t", ROWS, DIM);
    double square = 0;
    for (float value : truth.array()) {
      square += value * value / (double) truth.size();
    }
    assertEquals(9 * square, saying0(Predicts.EMBEDDING, 3, decoded, truth), 1e-4);
    double noise =
        Scope.get(
            () -> {
              TorchRandom same = TorchRandom.ofNumber(7);
              Ops.uniform(same, 0, 100, ROWS);
              return Ops.mean(Ops.square(Ops.normal(same, 0, 1, ROWS, DIM))).item();
            });
    assertEquals(noise, saying0(Predicts.NOISE, 3, decoded, truth), 1e-4);
  }

  @Test
  void targetsOfLength1AreBroughtToAMeanSquareOf1() {
    PriorLoss.Sized vector =
        (PriorLoss.Sized) loss(Predicts.EMBEDDING, OptionalDouble.empty()).of(vectors());
    assertEquals(Math.sqrt(DIM), vector.scale());
    assertEquals(List.of(DIM), vector.sizes().condition());
  }

  /** What the network decoded is the condition, and learns by it. */
  @Test
  void theGradientGoesOnIntoTheNetwork() {
    Loss sized = loss(Predicts.EMBEDDING, OptionalDouble.empty()).of(vectors());
    Scope.run(
        () -> {
          Parameters parameters = Parameters.of(new LossTest.Only(sized), Seed.of(1));
          Value decoded = Value.of(LossTest.normal("p", ROWS, DIM)).requireGradient();
          Value truth = Value.of(LossTest.normal("t", ROWS, DIM));
          Pass pass = Pass.training(parameters, TorchRandom.ofNumber(7));
          sized.compute(pass, LossBatch.of(decoded, truth)).backward();
          assertNotNull(decoded.gradient());
          assertTrue(Ops.sum(Ops.absolute(decoded.gradient())).item() > 0);
          parameters.learned().forEach((name, value) -> assertNotNull(value.gradient(), name));
          parameters.free();
        });
  }

  /** The sum of 1 times one and 30 times the other, with the same draws. */
  @Test
  void aPartOfASumIsItsWeightTimesTheLoss() {
    PriorLoss prior = loss(Predicts.EMBEDDING, OptionalDouble.empty());
    WeightedSum sum =
        new WeightedSum(
            List.of(
                WeightedSum.Part.of("mse", MeanSquared.defaults(), 1),
                WeightedSum.Part.of("prior", prior, 30)
                    .between(Optional.of("tokens"), Optional.empty())));
    Loss sized = sum.of(vectors());
    PriorLoss.Found<PriorLoss.Sized> found = PriorLoss.sizedIn(sized).orElseThrow();
    assertEquals("part1.", found.names());
    assertEquals(Optional.of("tokens"), found.head());
    assertEquals(List.of(DIM), found.loss().sizes().condition(), "tokens as one vector");
    assertEquals(prior, PriorLoss.in(sum).orElseThrow().loss());
    assertEquals(Optional.empty(), PriorLoss.in(MeanSquared.defaults()));
    Tensor decoded = LossTest.normal("p", ROWS, DIM);
    Tensor truth = LossTest.normal("t", ROWS, DIM);
    double[] both =
        Scope.get(
            () -> {
              Parameters all = Parameters.of(new LossTest.Only(sized), Seed.of(1));
              LossBatch batch =
                  new LossBatch(
                      Value.of(decoded),
                      Value.of(truth),
                      RowFacts.NONE,
                      new LossBatch.Further(
                          Map.of("tokens", Value.of(decoded.reshape(ROWS, 2, 3))), Map.of()),
                      0);
              double whole =
                  sized.compute(Pass.training(all, TorchRandom.ofNumber(7)), batch).item();
              double part =
                  found
                      .loss()
                      .compute(
                          Pass.training(all, TorchRandom.ofNumber(7)).in("part1"),
                          LossBatch.of(Value.of(decoded), Value.of(truth)))
                      .item();
              all.free();
              return new double[] {whole, part};
            });
    double square = LossTest.value(MeanSquared.defaults(), decoded, truth);
    assertArrayEquals(new double[] {square + 30 * both[1]}, new double[] {both[0]}, 1e-3);
  }

  @Test
  void whatItCannotBeIsSaid() {
    assertThrows(
        RecipeException.class,
        () -> new LossSpec("prior", io.noesis.run.YamlTree.parse("{scale: -1}", "test")).make());
    PriorLoss tokens =
        new PriorLoss(
            PriorForm.ROTARY,
            io.noesis.run.YamlTree.parse("{depth: 1, heads: 1, headWidth: 4, hidden: 1}", "test"),
            new NoiseSchedule(100, NoiseSchedule.Shape.COSINE),
            Predicts.EMBEDDING,
            0.2,
            OptionalDouble.empty());
    Loss sized = tokens.of(vectors());
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> Parameters.count(new LossTest.Only(sized)));
    assertTrue(refused.getMessage().contains("[tokens, dim]"), refused.getMessage());
  }
}
