package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Initial;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;

/**
 * Each prediction must tell its own target among those of the batch (van den Oord et al. 2018,
 * arXiv:1807.03748): cross-entropy of s·P·Tᵀ with the diagonal. The negatives of a row are the
 * other rows of its batch, so a batch that is accumulated from parts has those of the part only.
 *
 * @param prediction whether predictions are divided by their length
 * @param target whether targets are
 * @param scale where s comes from
 * @param temperature s is its inverse, where it is constant, and at the start, where it is learned
 * @param direction from predictions to targets only, or both ways and averaged
 */
public record InfoNce(
    Length prediction, Length target, Scale scale, double temperature, Direction direction)
    implements Loss {
  /** The largest learned exponential scale, as in CLIP. */
  private static final double LARGEST_SCALE = 100;

  /** Whether rows keep their length. */
  public enum Length {
    /** Divided by it. */
    UNIT,
    /** Kept. */
    KEPT
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

  /** Unit lengths, constant temperature 0.07, both ways: CLIP's with a fixed temperature. */
  public static InfoNce defaults() {
    return new InfoNce(Length.UNIT, Length.UNIT, Scale.CONSTANT, 0.07, Direction.TWO_WAY);
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
    Value p = length(LossBatch.flat(batch.predicted()), prediction);
    Value t = length(LossBatch.flat(batch.target()), target);
    Value logits = scaled(pass, Ops.matmul(p, Ops.transpose(t, 0, 1)));
    Value own = Ops.range(batch.rows());
    Value forward = Ops.crossEntropy(logits, own);
    if (direction == Direction.ONE_WAY) {
      return forward;
    }
    Value backward = Ops.crossEntropy(Ops.transpose(logits, 0, 1), own);
    return Ops.multiply(Ops.add(forward, backward), 0.5);
  }

  private static Value length(Value rows, Length length) {
    return length == Length.UNIT ? Ops.normalize(rows, 1) : rows;
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
        + (scale == Scale.LEARNED || scale == Scale.LEARNED_EXPONENT ? " at first" : "");
  }
}
