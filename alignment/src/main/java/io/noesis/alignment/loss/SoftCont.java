package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;
import java.util.Optional;

/**
 * As SoftCLIP with a fixed temperature, but predictions are compared with the targets of altered
 * stimuli, and the labels are how alike the targets and these are: with predictions P, targets T
 * and altered ones A, all rows divided by their length, the mean of the cross-entropies of
 * softmax(T·Aᵀ/τ) with softmax(P·Aᵀ/τ) and of softmax(A·Tᵀ/τ) with softmax(A·Pᵀ/τ) (the low-level
 * branch of MindEye, Scotti et al. 2023, arXiv:2305.18274). Where nothing was altered (A = T) it is
 * SoftCLIP.
 *
 * @param temperature τ; 0.075 in MindEye, 0.2 in MindEye2
 * @param altered name of the further target that holds A; T itself without it
 * @param unit what is compared with each other
 */
public record SoftCont(double temperature, Optional<String> altered, Unit unit) implements Loss {
  /** What is compared with each other. */
  public enum Unit {
    /** Whole rows. */
    ROW,
    /**
     * Each token of each row against all others of the batch, also of its own row: the patches of
     * pictures, as in MindEye. Of maps {@code [batch, channels, height, width]} a token is a place.
     * It takes the square of rows times tokens.
     */
    TOKEN,
    /**
     * Each token against those of its place in other rows: what many tokens, as those of a latent,
     * can afford.
     */
    PLACE
  }

  /** Checks the temperature. */
  public SoftCont {
    Check.argument(
        temperature > 0, "SoftCont: expected a temperature above 0, found %s", temperature);
  }

  /** MindEye's temperature, whole rows, nothing altered. */
  public static SoftCont defaults() {
    return new SoftCont(0.075, Optional.empty(), Unit.ROW);
  }

  @Override
  public Value compute(Pass pass, LossBatch batch) {
    batch.alike();
    Value p = units(batch.predicted());
    Value t = units(batch.target());
    Value a = altered.isEmpty() ? t : units(batch.between(Optional.empty(), altered).target());
    Value others = Ops.transpose(a, 1, 2);
    Value labels = Ops.multiply(Ops.matmul(t, others), 1 / temperature);
    Value logits = Ops.multiply(Ops.matmul(p, others), 1 / temperature);
    return Ops.multiply(Ops.add(told(logits, labels, 2), told(logits, labels, 1)), 0.5);
  }

  /** The mean of −Σ softmax(labels) · log softmax(logits) along an axis. */
  private static Value told(Value logits, Value labels, int axis) {
    Value products = Ops.multiply(Ops.logSoftmax(logits, axis), Ops.softmax(labels, axis));
    return Ops.negate(Ops.mean(Ops.sum(products, axis)));
  }

  /** {@code [groups, units, width]}: those of one group are compared. */
  private Value units(Value rows) {
    if (unit == Unit.ROW || rows.rank() == 2) {
      return Ops.addAxis(Ops.normalize(LossBatch.flat(rows), 1), 0);
    }
    Value tokens = tokens(rows);
    Value groups =
        unit == Unit.TOKEN
            ? Ops.reshape(tokens, 1, -1, tokens.dim(2))
            : Ops.transpose(tokens, 0, 1);
    return Ops.normalize(groups, 2);
  }

  /** {@code [batch, tokens, width]}. */
  private static Value tokens(Value rows) {
    if (rows.rank() == 3) {
      return rows;
    }
    Check.argument(
        rows.rank() == 4,
        "SoftCont of tokens: expected [batch, tokens, width] or [batch, channels, height, width],"
            + " found %s",
        rows.shape());
    Value places = Ops.reshape(rows, rows.dim(0), rows.dim(1), -1);
    return Ops.transpose(places, 1, 2);
  }

  @Override
  public List<Link> links() {
    return altered.isEmpty()
        ? List.of(Link.EMBEDDING)
        : List.of(Link.EMBEDDING, new Link(Optional.empty(), altered, Link.Sizes.ALIKE));
  }

  @Override
  public String describe() {
    return "SoftCont, temperature "
        + temperature
        + altered.map(name -> ", against " + name).orElse("");
  }
}
