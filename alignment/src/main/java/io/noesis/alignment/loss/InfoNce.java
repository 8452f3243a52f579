package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Initial;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;

/**
 * Each prediction must tell its own target from others of the batch (van den Oord et al. 2018,
 * arXiv:1807.03748): cross-entropy of s·P·Tᵀ with the diagonal. A batch that is accumulated from
 * parts has the negatives of the part only; one that is computed in chunks has all of them.
 *
 * @param prediction whether predictions are divided by their length
 * @param target whether targets are
 * @param over what is compared of rows with several axes
 * @param scale where s comes from
 * @param temperature s is its inverse, where it is constant, and at the start, where it is learned
 * @param direction from predictions to targets only, or both ways and averaged
 * @param negatives from which rows a target is told
 */
public record InfoNce(
    Length prediction,
    Length target,
    Over over,
    Scale scale,
    double temperature,
    Direction direction,
    Negatives negatives)
    implements Loss {
  /** The largest learned exponential scale, as in CLIP. */
  private static final double LARGEST_SCALE = 100;

  /** What is compared of rows {@code [positions, ...]}: tokens, or moments. */
  public enum Over {
    /** All numbers of a row as one vector, as in BrainMagick (over time) and MindEye (tokens). */
    WHOLE,
    /** The mean of the positions. */
    MEAN,
    /** Each position by itself; the similarity of rows is their mean. */
    EACH
  }

  /** Where the scale of the logits comes from. */
  public enum Scale {
    /** 1. */
    NONE,
    /** 1 / temperature. */
    CONSTANT,
    /** Learned itself. */
    LEARNED,
    /** e to a learned number, at most 100. */
    LEARNED_EXPONENT
  }

  /** Who is told among whom. */
  public enum Direction {
    /** A prediction's target among all targets. */
    ONE_WAY,
    /** And a target's prediction among all predictions; the mean of both. */
    TWO_WAY
  }

  /** Checks the temperature. */
  public InfoNce {
    Check.argument(
        temperature > 0, "InfoNCE: expected a temperature above 0, found %s", temperature);
  }

  /**
   * One that compares whole rows with all others of the batch.
   *
   * @param prediction whether predictions are divided by their length
   * @param target whether targets are
   * @param scale where the scale comes from
   * @param temperature its inverse
   * @param direction one way or both
   */
  public InfoNce(
      Length prediction, Length target, Scale scale, double temperature, Direction direction) {
    this(prediction, target, Over.WHOLE, scale, temperature, direction, Negatives.defaults());
  }

  /** Unit lengths, constant temperature 0.07, both ways: CLIP's with a fixed temperature. */
  public static InfoNce defaults() {
    return new InfoNce(Length.UNIT, Length.UNIT, Scale.CONSTANT, 0.07, Direction.TWO_WAY);
  }

  /** The same that compares other parts of the rows. */
  public InfoNce over(Over what) {
    return new InfoNce(prediction, target, what, scale, temperature, direction, negatives);
  }

  /** The same with other negatives. */
  public InfoNce against(Negatives others) {
    return new InfoNce(prediction, target, over, scale, temperature, direction, others);
  }

  @Override
  public void declare(Declaration parameters) {
    if (scale == Scale.LEARNED) {
      parameters.parameter("scale", new Initial.Constant(1 / temperature), 1);
    } else if (scale == Scale.LEARNED_EXPONENT) {
      parameters.parameter("log_scale", new Initial.Constant(-Math.log(temperature)), 1);
    }
  }

  @Override
  public Value compute(Pass pass, LossBatch batch) {
    batch.alike();
    Value p = rows(batch.predicted(), prediction);
    Value t = rows(batch.target(), target);
    Value logits = scaled(pass, Ops.matmul(p, Ops.transpose(t, 0, 1)));
    if (direction == Direction.ONE_WAY) {
      return told(logits, batch);
    }
    Value back = told(Ops.transpose(logits, 0, 1), batch);
    return Ops.multiply(Ops.add(told(logits, batch), back), 0.5);
  }

  private Value told(Value logits, LossBatch batch) {
    int n = batch.rows();
    Value own = Ops.range(n);
    if (negatives.all()) {
      return Ops.crossEntropy(logits, own);
    }
    Value mask = Value.of(batch.facts().mask(n, negatives)).like(logits);
    return Ops.crossEntropy(Ops.add(logits, mask), own);
  }

  private Value rows(Value value, Length length) {
    if (over == Over.WHOLE || value.rank() == 2) {
      return length.of(LossBatch.flat(value));
    }
    if (over == Over.MEAN) {
      return length.of(LossBatch.flat(Ops.mean(value, 1)));
    }
    int positions = value.dim(1);
    Value each = Ops.reshape(value, value.dim(0) * positions, -1);
    Value sized = Ops.reshape(length.of(each), value.dim(0), -1);
    // Both sides have it: the product is divided by the number of positions.
    return Ops.multiply(sized, 1 / Math.sqrt(positions));
  }

  private Value scaled(Pass pass, Value logits) {
    return switch (scale) {
      case NONE -> logits;
      case CONSTANT -> Ops.multiply(logits, 1 / temperature);
      case LEARNED -> Ops.multiply(logits, pass.parameter("scale"));
      case LEARNED_EXPONENT ->
          Ops.multiply(logits, Ops.atMost(Ops.exp(pass.parameter("log_scale")), LARGEST_SCALE));
    };
  }

  @Override
  public String describe() {
    return "InfoNCE, "
        + (direction == Direction.ONE_WAY ? "one way" : "two ways")
        + (scale == Scale.NONE ? "" : ", temperature " + temperature)
        + (scale == Scale.LEARNED || scale == Scale.LEARNED_EXPONENT ? " at first" : "")
        + ", against "
        + negatives.describe();
  }
}
