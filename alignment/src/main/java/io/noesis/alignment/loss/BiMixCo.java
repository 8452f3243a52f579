package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.Optional;

/**
 * Two-way InfoNCE on mixed rows: the labels of row i are its own share at i and the rest at its
 * partner; the other way the labels are those transposed (Scotti et al. 2023, arXiv:2305.18274).
 * Rows are divided by their length. A row that is its own partner counts once.
 *
 * @param temperature of the logits
 * @param probability of a row to be mixed
 * @param beta both parameters of the Beta distribution of its own share
 */
public record BiMixCo(double temperature, double probability, double beta) implements Loss {
  /** Checks the temperature. */
  public BiMixCo {
    Check.argument(
        temperature > 0, "BiMixCo: expected a temperature above 0, found %s", temperature);
  }

  /** Temperature 0.006, half of the rows mixed, Beta(0.15, 0.15): MindEye's. */
  public static BiMixCo defaults() {
    return new BiMixCo(0.006, 0.5, 0.15);
  }

  @Override
  public Optional<RowMixing> mixing(double progress) {
    return Optional.of(new RowMixing(probability, beta));
  }

  @Override
  public Value compute(Pass pass, LossBatch batch) {
    batch.alike();
    Value p = Ops.normalize(LossBatch.flat(batch.predicted()), 1);
    Value t = Ops.normalize(LossBatch.flat(batch.target()), 1);
    Value logits = Ops.multiply(Ops.matmul(p, Ops.transpose(t, 0, 1)), 1 / temperature);
    Value back = Ops.transpose(logits, 0, 1);
    if (batch.mixed().isEmpty()) {
      Value own = Ops.range(batch.rows());
      return Ops.multiply(Ops.add(Ops.crossEntropy(logits, own), Ops.crossEntropy(back, own)), 0.5);
    }
    Value shares = Value.of(batch.mixed().get().shares()).like(logits);
    return Ops.multiply(
        Ops.add(
            SoftLabels.crossEntropy(logits, shares),
            SoftLabels.crossEntropy(back, Ops.transpose(shares, 0, 1))),
        0.5);
  }

  @Override
  public String describe() {
    return "BiMixCo, temperature " + temperature;
  }
}
