package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * −log of the share that softmax gives to the right class, code or token, on average over rows (and
 * positions). Targets are shares of the classes, of the predictions' shape, or numbers of classes:
 * {@code [batch]} or {@code [batch, 1]} for logits {@code [batch, classes]}, {@code [batch,
 * positions]} for {@code [batch, positions, classes]}; the number −1 leaves a position out.
 *
 * @param smoothing the part of each target that is spread evenly over all classes (Szegedy et al.
 *     2016, doi:10.1109/CVPR.2016.308)
 * @param squash what is done to logits first
 */
public record CrossEntropy(double smoothing, Squash squash) implements Loss {
  /** What is done to logits. */
  public enum Squash {
    /** Nothing. */
    NONE,
    /** A sigmoid, as in the published code of Du-IN: they stay between 0 and 1. */
    SIGMOID
  }

  /** Checks the part. */
  public CrossEntropy {
    Check.argument(
        smoothing >= 0 && smoothing < 1,
        "smoothing of labels: expected 0 to below 1, found %s",
        smoothing);
  }

  /** Labels as they are. */
  public static CrossEntropy defaults() {
    return new CrossEntropy(0, Squash.NONE);
  }

  @Override
  public Value compute(Pass pass, LossBatch batch) {
    Value predicted = batch.predicted();
    Value target = batch.target();
    int classes = predicted.dim(-1);
    Value raw = Ops.reshape(predicted, -1, classes);
    Value logits = squash == Squash.SIGMOID ? Ops.sigmoid(raw) : raw;
    if (target.shape().equals(predicted.shape())) {
      Value shares = Ops.reshape(target, -1, classes);
      Value soft = Ops.add(Ops.multiply(shares, 1 - smoothing), smoothing / classes);
      return SoftLabels.crossEntropy(logits, soft);
    }
    int[] sizes = predicted.shape().toArray();
    Shape positions = Shape.of(Arrays.copyOf(sizes, sizes.length - 1));
    Check.argument(
        target.shape().equals(positions)
            || (sizes.length == 2 && target.shape().equals(Shape.of(sizes[0], 1))),
        "cross-entropy of logits %s: expected targets %s of class numbers, or shares of the"
            + " logits' shape, found %s",
        predicted.shape(),
        positions,
        target.shape());
    return Ops.crossEntropy(logits, Ops.reshape(target, -1), smoothing);
  }

  @Override
  public List<Link> links() {
    return List.of(new Link(Optional.empty(), Optional.empty(), Link.Sizes.CLASSES));
  }

  @Override
  public String describe() {
    return "cross-entropy" + (smoothing == 0 ? "" : ", labels smoothed by " + smoothing);
  }
}
