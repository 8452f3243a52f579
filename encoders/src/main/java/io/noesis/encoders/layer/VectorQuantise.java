package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Indices;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Each vector replaced by the nearest of a list of codes (van den Oord et al. 2017,
 * arXiv:1711.00937). The gradient passes as if nothing had been replaced (straight through). Codes
 * are not learned by gradients: in training each moves a little towards the mean of the vectors
 * that chose it, and those that none chose stay. They begin as k-means (10 rounds, from vectors
 * drawn at random) of the first batch. {@code [..., width]} → the same; adds the mean squared
 * distance of vectors to their codes to the loss as {@value #COMMITMENT}.
 *
 * @param codes how many
 * @param width of a vector
 * @param decay fraction of a code that stays in a step
 * @param space where vectors and codes are
 */
public record VectorQuantise(int codes, int width, double decay, Space space) implements Layer {
  /** Name of the term of the loss. */
  public static final String COMMITMENT = "commitment";

  private static final String CODEBOOK = "codebook";
  private static final String STARTED = "started";
  private static final int ROUNDS = 10;

  /** Where vectors and codes are. */
  public enum Space {
    /** Anywhere. */
    FLAT,
    /** Both are brought to length 1 (Yu et al. 2022, arXiv:2110.04627). */
    SPHERE
  }

  /** Checks the settings. */
  public VectorQuantise {
    Check.argument(
        codes > 0 && width > 0 && decay >= 0 && decay < 1,
        "quantising: expected at least 1 code, a width of at least 1 and a decay in [0, 1), found"
            + " %d, %d, %s",
        codes,
        width,
        decay);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.statistic(CODEBOOK, new Initial.Normal(1 / Math.sqrt(width)), codes, width);
    parameters.statistic(STARTED, new Initial.Constant(0), 1);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value vectors = vectors(input);
    Value codebook = pass.parameter(CODEBOOK);
    boolean moves = pass.mode() == Mode.TRAINING && !pass.frozen(CODEBOOK);
    if (moves && pass.parameter(STARTED).item() == 0) {
      start(pass, vectors.detach());
    }
    Value chosen = nearest(vectors.detach(), codebook);
    Value quantised = Ops.select(codebook, 0, chosen);
    if (moves) {
      move(codebook, vectors.detach(), chosen, decay);
    }
    Value distance = Ops.subtract(quantised, vectors);
    pass.term(COMMITMENT, Ops.mean(Ops.square(distance)));
    return Ops.reshape(Ops.add(vectors, distance.detach()), input.shape().toArray());
  }

  /**
   * The numbers of the nearest codes: what a masked model of a signal predicts.
   *
   * @param pass as of {@link #forward}
   * @param input {@code [..., width]}
   * @return {@code [...]}, from 0
   */
  public Value codes(Pass pass, Value input) {
    int[] sizes = input.shape().toArray();
    Value chosen = nearest(vectors(input).detach(), pass.parameter(CODEBOOK));
    return Ops.reshape(chosen, java.util.Arrays.copyOf(sizes, sizes.length - 1));
  }

  private Value vectors(Value input) {
    Value vectors = Ops.reshape(input, -1, width);
    return space == Space.SPHERE ? Ops.normalize(vectors, 1) : vectors;
  }

  /** argmin ‖z − e‖² = argmin ‖e‖² − 2 z·e. */
  private static Value nearest(Value vectors, Value codebook) {
    Value lengths = Ops.reshape(Ops.sum(Ops.square(codebook), 1), 1, -1);
    Value products = Ops.matmul(vectors, Ops.transpose(codebook, 0, 1));
    return Indices.ofSmallest(Ops.subtract(lengths, Ops.multiply(products, 2)), 1);
  }

  private void start(Pass pass, Value vectors) {
    int count = vectors.dim(0);
    Value draws = Ops.uniform(pass.random(), 0, 1, count);
    long[] order = Indices.order(draws, 0).toLongs();
    long[] first = new long[codes];
    java.util.Arrays.setAll(first, i -> order[i % count]);
    Value codebook = pass.parameter(CODEBOOK);
    codebook.assign(Ops.select(vectors, 0, Value.of(first, codes)));
    for (int round = 0; round < ROUNDS; round++) {
      move(codebook, vectors, nearest(vectors, codebook), 0);
    }
    Value started = pass.parameter(STARTED);
    started.assign(Ops.add(started, 1));
  }

  private void move(Value codebook, Value vectors, Value chosen, double stay) {
    Scope.withoutGradients(
        () -> {
          Value choices = Indices.oneHot(chosen, codes, vectors);
          Value counts = Ops.transpose(Ops.sum(choices, 0), 0, 1);
          Value sums = Ops.matmul(Ops.transpose(choices, 0, 1), vectors);
          Value means = Ops.divide(sums, Ops.atLeast(counts, 1));
          Value used = Ops.atMost(counts, 1);
          Value step = Ops.subtract(ofSpace(means), codebook);
          codebook.moveTowards(Ops.add(codebook, Ops.multiply(used, step)), 1 - stay);
          codebook.assign(ofSpace(codebook));
          return true;
        });
  }

  private Value ofSpace(Value vectors) {
    return space == Space.SPHERE ? Ops.normalize(vectors, 1) : vectors;
  }

  @Override
  public String emit(Emission graph, String input) {
    String vectors = input;
    if (space == Space.SPHERE) {
      vectors = graph.inner("unit", new L2Normalize(-1), input);
    }
    Tensor codebook = graph.numbers(CODEBOOK);
    String products =
        graph.node(
            "MatMul", "products", List.of(vectors, graph.constant("keys", doubled(codebook))));
    String lengths = graph.constant("lengths", squares(codebook));
    String distances = graph.node("Sub", "distances", List.of(lengths, products));
    String chosen =
        graph.node(
            "ArgMin",
            "chosen",
            List.of(distances),
            OnnxAttribute.number("axis", -1),
            OnnxAttribute.number("keepdims", 0));
    return graph.node("Gather", "out", List.of(graph.weight(CODEBOOK), chosen));
  }

  private static Tensor doubled(Tensor codebook) {
    return codebook.transpose().map(value -> 2 * value);
  }

  private Tensor squares(Tensor codebook) {
    float[] squares = new float[codes];
    for (int i = 0; i < codebook.size(); i++) {
      squares[i / width] += codebook.array()[i] * codebook.array()[i];
    }
    return Tensor.wrap(squares, codes);
  }

  @Override
  public String describe() {
    return "nearest of " + codes + " codes" + (space == Space.SPHERE ? " on the sphere" : "");
  }
}
