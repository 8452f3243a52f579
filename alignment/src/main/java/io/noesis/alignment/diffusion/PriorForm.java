package io.noesis.alignment.diffusion;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.run.RecordBinder;

/** The form of embeddings, which decides the network of a prior. */
public enum PriorForm {
  /** {@code [dim]}: the network of ATM's prior. */
  VECTOR,
  /** {@code [tokens, dim]}: MindEye's transformer with learned places. */
  TOKENS,
  /** {@code [tokens, dim]}: MindEye's transformer with rotary and relative positions. */
  ROTARY;

  /** Whether embeddings have several tokens. */
  public boolean ofTokens() {
    return this != VECTOR;
  }

  /**
   * The network.
   *
   * @param settings of it; missing ones take its published values
   * @param where the key path, for messages
   */
  public Denoiser denoiser(JsonNode settings, String where) {
    return switch (this) {
      case VECTOR -> RecordBinder.bind(settings, VectorDenoiser.class, where + ".network");
      case TOKENS -> RecordBinder.bind(settings, TokenDenoiser.class, where + ".network");
      case ROTARY -> RecordBinder.bind(settings, RotaryDenoiser.class, where + ".network");
    };
  }
}
