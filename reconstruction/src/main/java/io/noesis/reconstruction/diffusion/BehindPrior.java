package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A generator behind a prior: takes embeddings of the prior's space, draws those of the generator's
 * from them, and makes pictures of these. Prior and generator each begin with the noise of a row's
 * seed. Closing it closes both.
 *
 * @param prior draws embeddings, with the plan that it was made for
 * @param generator makes pictures of them
 */
public record BehindPrior(EmbeddingPrior prior, ImageGenerator generator)
    implements ImageGenerator {
  /** Compares the spaces between the two. */
  public BehindPrior {
    EmbeddingSpace drawn = prior.space();
    EmbeddingSpace taken = generator.space();
    if (drawn.dim() != taken.dim()
        || !drawn.model().equals(taken.model())
        || !drawn.layer().equals(taken.layer())) {
      throw new ModelException(
          "running a generator behind a prior: the prior draws embeddings of "
              + drawn
              + ", the generator takes "
              + taken
              + ". Take both from one model; if they are, state it: noesis models set-space"
              + " GENERATOR --model '"
              + drawn.model()
              + "' --layer '"
              + drawn.layer()
              + "'");
    }
  }

  @Override
  public EmbeddingSpace space() {
    return prior.given();
  }

  @Override
  public SamplingPlan plan() {
    return generator.plan();
  }

  @Override
  public Pictures generate(EmbeddingRequest request, Progress progress) {
    Tensor drawn =
        prior.draw(
            EmbeddingRequest.of(request.embeddings(), request.seeds(), prior.plan())
                .withCaptions(request.captions()),
            progress);
    return generator.generate(
        new EmbeddingRequest(
            drawn,
            request.captions(),
            request.negative(),
            request.seeds(),
            request.plan(),
            request.start(),
            request.also()),
        progress);
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>(generator.facts());
    facts.putAll(prior.facts());
    facts.put(
        "prior",
        prior.given().model()
            + ", "
            + prior.plan().steps()
            + " steps with guidance "
            + prior.plan().guidance());
    return facts;
  }

  @Override
  public Map<String, List<Integer>> also() {
    return generator.also();
  }

  @Override
  public Set<String> needs(SamplingPlan sampling) {
    return generator.needs(sampling);
  }

  @Override
  public Optional<EmbeddingSpace> latents() {
    return generator.latents();
  }

  @Override
  public Tensor start(List<PixelImage> pictures) {
    return generator.start(pictures);
  }

  @Override
  public String fingerprint() {
    return Fingerprint.ofText(prior.fingerprint() + prior.plan() + generator.fingerprint());
  }

  @Override
  public void close() {
    prior.close();
    generator.close();
  }
}
