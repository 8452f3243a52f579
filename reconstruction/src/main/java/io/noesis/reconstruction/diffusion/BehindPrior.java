package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A generator behind a prior: takes embeddings of the prior's space, draws those of the generator's
 * from them, and makes pictures of these. The generator begins with the noise of a row's seed, and
 * so does the prior where the request has no seeds for its draws. Closing it closes both.
 *
 * @param prior draws embeddings
 * @param drawing how
 * @param captions whether it draws from the captions of requests alone
 * @param generator makes pictures of them
 */
public record BehindPrior(
    EmbeddingPrior prior, SamplingPlan drawing, boolean captions, ImageGenerator generator)
    implements AroundGenerator {
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

  /**
   * With the plan that the prior was made for, from embeddings.
   *
   * @param prior as above
   * @param generator as above
   */
  public BehindPrior(EmbeddingPrior prior, ImageGenerator generator) {
    this(prior, prior.plan(), false, generator);
  }

  @Override
  public EmbeddingSpace space() {
    return prior.given();
  }

  @Override
  public Pictures generate(EmbeddingRequest request, Progress progress) {
    List<Long> seeds = request.draws().isEmpty() ? request.seeds() : request.draws();
    Tensor drawn =
        captions
            ? prior.draw(
                new PictureRequest(
                    request.captions().isEmpty()
                        ? Collections.nCopies(seeds.size(), "")
                        : request.captions(),
                    request.negative(),
                    seeds,
                    drawing,
                    Optional.empty()),
                progress)
            : prior.draw(
                EmbeddingRequest.of(request.embeddings(), seeds, drawing)
                    .withCaptions(request.captions())
                    .without(request.negative()),
                progress);
    return generator.generate(request.of(drawn), progress);
  }

  @Override
  public boolean readsCaptions() {
    return prior.readsCaptions() || generator.readsCaptions();
  }

  @Override
  public Optional<ImageGenerator> byCaption() {
    return prior.readsCaptions()
        ? Optional.of(new BehindPrior(prior, drawing, true, generator))
        : Optional.empty();
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>(generator.facts());
    facts.putAll(prior.facts());
    facts.put("prior", prior.given().model() + ", " + words(drawing));
    if (!drawing.equals(prior.plan())) {
      facts.put("in the place of the prior's own", words(prior.plan()));
    }
    return facts;
  }

  @Override
  public void requireKnown(SamplingPlan sampling) {
    prior.requireKnown(drawing);
    generator.requireKnown(sampling);
  }

  /**
   * A prior's plan, for readers.
   *
   * @param plan the plan
   * @return for example {@code 25 steps with guidance 4.0}
   */
  public static String words(SamplingPlan plan) {
    return plan.steps()
        + " steps with guidance "
        + plan.guidance()
        + (plan.settings().isEmpty() ? "" : ", " + new TreeMap<>(plan.settings()));
  }

  @Override
  public String fingerprint() {
    return Fingerprint.ofText(
        prior.fingerprint() + drawing + generator.fingerprint() + (captions ? "captions" : ""));
  }

  @Override
  public void close() {
    prior.close();
    generator.close();
  }
}
