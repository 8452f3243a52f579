package io.noesis.alignment.loss;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.run.RecipeException;
import io.noesis.run.Suggest;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a loss sees.
 *
 * @param predicted {@code [batch, ...]}: the embedding, or the head in question
 * @param target its target
 * @param facts what is known of the rows
 * @param further other heads and other targets, for losses that ask for them
 * @param progress how much of the training is done, 0 to 1
 */
public record LossBatch(
    Value predicted, Value target, RowFacts facts, Further further, double progress) {
  /**
   * What else there is.
   *
   * @param heads other outputs of the network by name
   * @param targets other targets by name
   */
  public record Further(Map<String, Value> heads, Map<String, Value> targets) {
    /** Neither. */
    public static final Further NOTHING = new Further(Map.of(), Map.of());
  }

  /** Predictions and targets of rows that were not mixed, at the start of a training. */
  public static LossBatch of(Value predicted, Value target) {
    return new LossBatch(predicted, target, RowFacts.NONE, Further.NOTHING, 0);
  }

  /** The same with other facts. */
  public LossBatch knowing(RowFacts other) {
    return new LossBatch(predicted, target, other, further, progress);
  }

  /** The same at another point of the training. */
  public LossBatch at(double part) {
    return new LossBatch(predicted, target, facts, further, part);
  }

  /**
   * What a loss of other outputs sees.
   *
   * @param head name of an output of the network; empty for the embedding
   * @param goal name of a target; empty for that of the embedding
   * @return the batch with these
   * @throws RecipeException when there is no such head or target
   */
  LossBatch between(Optional<String> head, Optional<String> goal) {
    Value output = head.map(name -> named("head", name, further.heads())).orElse(predicted);
    Value wanted = goal.map(name -> named("target", name, further.targets())).orElse(target);
    return new LossBatch(output, like(output, wanted), facts, further, progress);
  }

  /**
   * What a loss of one token sees.
   *
   * @param number of the token, from 0
   * @return the token of the output, and of a target that has tokens
   * @throws RecipeException when the output has no such token
   */
  LossBatch ofToken(int number) {
    if (predicted.rank() != 3 || number >= predicted.dim(1)) {
      throw new RecipeException(
          "training.loss: a part looks at the token "
              + number
              + ", and rows of the output have the shape "
              + predicted.shape()
              + ". Name an output of tokens as 'head', and one of its tokens.");
    }
    return new LossBatch(
        one(predicted, number),
        target.rank() == 3 ? one(target, number) : target,
        facts,
        further,
        progress);
  }

  private static Value one(Value tokens, int number) {
    return Ops.reshape(Ops.narrow(tokens, 1, number, 1), tokens.dim(0), tokens.dim(2));
  }

  /** A target of vectors takes the shape of an output of as many numbers. */
  private static Value like(Value output, Value target) {
    return target.rank() == 2 && output.rank() > 2 && target.shape().size() == output.shape().size()
        ? Ops.reshape(target, output.shape().toArray())
        : target;
  }

  private static Value named(String what, String name, Map<String, Value> known) {
    requireKnown(what, name, known.keySet());
    return Objects.requireNonNull(known.get(name));
  }

  /**
   * Refuses an output or a target that is not there.
   *
   * @param what {@code head} or {@code target}
   * @param name that a loss asks for
   * @param known those that there are
   * @throws RecipeException when it is not among them
   */
  public static void requireKnown(String what, String name, Set<String> known) {
    if (!known.contains(name)) {
      throw new RecipeException(
          "training.loss: there is no "
              + what
              + " '"
              + name
              + "'. "
              + (known.isEmpty()
                  ? "There is only the embedding; leave "
                      + what
                      + " out, or "
                      + (what.equals("head")
                          ? "use an architecture with heads (mindeye, mindbridge, sttm, brainmagick,"
                              + " vit-3d, flat-map-vit, parcel-transformer, causal-sequence, tensor-brain, brain-nrds)."
                          : "say what it is in encoder.heads.")
                  : Suggest.sentence(name, known)));
    }
  }

  /** Checks that predictions and targets have the same shape. */
  LossBatch alike() {
    Check.argument(
        predicted.shape().equals(target.shape()),
        "computing a loss: predictions %s and targets %s differ in shape",
        predicted.shape(),
        target.shape());
    return this;
  }

  Optional<Mixed> mixed() {
    return facts.mixed();
  }

  /** Their number. */
  public int rows() {
    return predicted.dim(0);
  }

  /** Each row in one axis: {@code [batch, width]}. */
  public static Value flat(Value value) {
    return value.rank() == 2 ? value : Ops.reshape(value, value.dim(0), -1);
  }
}
