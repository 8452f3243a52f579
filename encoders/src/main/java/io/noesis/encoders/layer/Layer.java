package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Value;

/**
 * A step of a network: an immutable description that names its parameters, runs under autograd, and
 * writes itself as ONNX nodes. The numbers are not in it but in {@link Parameters}, so that a
 * network and its weights can be kept, saved and replaced apart.
 *
 * <p>In {@link io.noesis.encoders.torch.Mode#EVALUATION} both readings of it agree to 1e-5; the
 * first axis is the batch, and its rows do not influence each other.
 */
public interface Layer {
  /**
   * Names its parameters and their first values.
   *
   * @param parameters collects them
   */
  void declare(Declaration parameters);

  /**
   * Computes its output, recording it for gradients.
   *
   * @param pass parameters, mode, randomness and further inputs
   * @param input first axis: batch
   * @return its output
   */
  Value forward(Pass pass, Value input);

  /**
   * Writes what {@link #forward} computes in evaluation.
   *
   * @param graph takes the nodes and knows the weights
   * @param input name of the input value
   * @return name of the output value
   */
  String emit(Emission graph, String input);

  /** Itself in a few words: {@code linear 15000 → 1024}. */
  String describe();
}
