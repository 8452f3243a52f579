package io.noesis.reconstruction.embedded;

import java.util.Locale;

/** A model pack that ships with Noesis. */
public enum EmbeddedModel {
  /** A picture tower and a text tower that share one space, and a read-out of attributes. */
  TOWERS,
  /** Writes sentences from embeddings of that space. */
  CAPTIONER,
  /** Draws pictures of 64 by 64 pixels from embeddings of that space. */
  GENERATOR;

  /** Its folder below the pack's. */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }
}
