package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.run.Check;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.Optional;

/**
 * A generator of tokens for embeddings that hold all tokens in one row, as runs decode them.
 * Closing it closes the generator.
 *
 * @param generator takes {@code [n, tokens, dim]}
 * @param tokens how many, at least 1
 */
public record OfTokens(ImageGenerator generator, int tokens) implements AroundGenerator {
  /** Checks the number. */
  public OfTokens {
    Check.argument(tokens > 0, "tokens must be at least 1, found %d", tokens);
  }

  @Override
  public EmbeddingSpace space() {
    EmbeddingSpace one = generator.space();
    return new EmbeddingSpace(one.model(), one.layer(), tokens * one.dim(), one.scaling());
  }

  @Override
  public Pictures generate(EmbeddingRequest request, Progress progress) {
    Tensor rows = request.embeddings();
    Check.size("numbers of an embedding of all tokens", space().dim(), rows.dim(1));
    return generator.generate(
        request.of(rows.reshape(rows.dim(0), tokens, generator.space().dim())), progress);
  }

  @Override
  public Optional<ImageGenerator> byCaption() {
    return generator.byCaption();
  }

  @Override
  public String fingerprint() {
    return generator.fingerprint();
  }
}
