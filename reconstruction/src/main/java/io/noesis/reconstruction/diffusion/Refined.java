package io.noesis.reconstruction.diffusion;

import io.noesis.run.Check;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two stages, as MindEye2 has them: pictures from embeddings, then each of them with some of the
 * noise through a second model that reads its caption. Both draw from a row's seed. Closing it
 * closes both.
 *
 * @param generator makes the first pictures; what a request says they should not show is for it
 * @param prompted whether it is given the captions too
 * @param refiner makes the second ones from them
 * @param second how, of a strength below 1
 * @param negative what the second ones should not show; empty for nothing
 */
public record Refined(
    ImageGenerator generator,
    boolean prompted,
    DiffusionPipeline refiner,
    SamplingPlan second,
    String negative)
    implements AroundGenerator {
  /** Checks the strength. */
  public Refined {
    Check.argument(
        second.strength() < 1,
        "the strength of the second stage is %s, expected below 1: it starts from a picture",
        second.strength());
  }

  /**
   * With captions for the second stage alone, and what its profile says they should not show.
   *
   * @param generator as above
   * @param refiner as above
   * @param second as above
   */
  public Refined(ImageGenerator generator, DiffusionPipeline refiner, SamplingPlan second) {
    this(generator, false, refiner, second, refiner.negative());
  }

  @Override
  public Pictures generate(EmbeddingRequest request, Progress progress) {
    EmbeddingRequest first = prompted ? request : request.withCaptions(List.of());
    Tensor made = refiner.start(generator.generate(first, progress).images());
    List<String> captions =
        request.captions().isEmpty()
            ? Collections.nCopies(request.seeds().size(), "")
            : request.captions();
    return refiner.generate(
        new PictureRequest(captions, negative, request.seeds(), second, Optional.of(made)),
        progress);
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>(generator.facts());
    facts.put(
        "refined by",
        refiner.facts().values()
            + ", "
            + second.steps()
            + " steps with guidance "
            + second.guidance()
            + ", strength "
            + second.strength()
            + (negative.isEmpty() ? "" : ", not to show: " + negative));
    return facts;
  }

  @Override
  public boolean readsCaptions() {
    return true;
  }

  @Override
  public String fingerprint() {
    return Fingerprint.ofText(
        generator.fingerprint() + prompted + refiner.fingerprint() + second + negative);
  }

  @Override
  public void close() {
    generator.close();
    refiner.close();
  }
}
