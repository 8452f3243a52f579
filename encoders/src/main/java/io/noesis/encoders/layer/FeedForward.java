package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Value;

/**
 * A linear map to a hidden width, an activation, dropout, and a linear map back: the second half of
 * a transformer block. {@code [..., width]} → the same.
 *
 * @param width of input and output
 * @param hidden width between
 * @param activation between the maps
 * @param dropout rate behind the activation
 */
public record FeedForward(int width, int hidden, Layer activation, double dropout)
    implements Layer {
  /** With GELU and without dropout. */
  public static FeedForward of(int width, int hidden) {
    return new FeedForward(width, hidden, new Gelu(), 0);
  }

  private Layer steps() {
    return Sequence.builder()
        .add("into", Linear.of(width, hidden))
        .add("activation", activation)
        .add("dropout", new Dropout(dropout))
        .add("out", Linear.of(hidden, width))
        .build();
  }

  @Override
  public void declare(Declaration parameters) {
    steps().declare(parameters);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    return steps().forward(pass, input);
  }

  @Override
  public String emit(Emission graph, String input) {
    return steps().emit(graph, input);
  }

  @Override
  public String describe() {
    return steps().describe();
  }
}
