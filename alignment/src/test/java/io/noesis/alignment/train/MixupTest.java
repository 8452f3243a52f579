package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.noesis.alignment.loss.LossBatch;
import io.noesis.alignment.loss.MeanSquared;
import io.noesis.alignment.loss.Mixed;
import io.noesis.alignment.loss.RowFacts;
import io.noesis.encoders.layer.Identity;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Mixup (Zhang et al. 2018, arXiv:1710.09412): responses and all targets are mixed alike. */
class MixupTest {
  private static final Mixed HOW = new Mixed(List.of(0.25, 1.0, 0.5), List.of(1, 0, 0));

  private static Batch batch() {
    return new Batch(
        Tensor.wrap(new float[] {4, 8, 0, 4, 2, 2}, 3, 2),
        Tensor.wrap(new float[] {8, 0, -4}, 3, 1),
        Map.of("text", Tensor.wrap(new float[] {1, 5, 3}, 3, 1)),
        Map.of("frame", Tensor.wrap(new float[] {2, 6, 4}, 3, 1)),
        new RowFacts(List.of(0L, 0L, 0L), List.of(3, 4, 5), Optional.empty()));
  }

  @Test
  void responsesAndTargetsAreMixedAlike() {
    Batch mixed = batch().withTargetsMixed(HOW);
    assertEquals(Tensor.wrap(new float[] {1, 5, 0, 4, 3, 5}, 3, 2), mixed.responses());
    assertEquals(Tensor.wrap(new float[] {2, 0, 2}, 3, 1), mixed.targets());
    assertEquals(Tensor.wrap(new float[] {4, 5, 2}, 3, 1), mixed.further().get("text"));
    assertEquals(Tensor.wrap(new float[] {5, 6, 3}, 3, 1), mixed.told().get("frame"));
    assertEquals(Optional.empty(), mixed.facts().mixed(), "no loss is to know");
  }

  /** With one number each, the squared error of the mixed rows in closed form. */
  @Test
  void theLossIsThatOfTheMixedRows() {
    Batch mixed = batch().withTargetsMixed(HOW);
    double found =
        Scope.get(
            () -> {
              Parameters none = Parameters.of(new Identity(), Seed.of(1));
              return MeanSquared.defaults()
                  .compute(
                      Pass.evaluation(none),
                      LossBatch.of(Value.of(Tensor.zeros(3, 1)), Value.of(mixed.targets())))
                  .item();
            });
    assertEquals((2 * 2 + 0 + 2 * 2) / 3.0, found, 1e-6);
  }
}
