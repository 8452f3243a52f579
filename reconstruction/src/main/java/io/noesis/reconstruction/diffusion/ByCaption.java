package io.noesis.reconstruction.diffusion;

import io.noesis.run.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A text-to-image model that is asked by the captions of requests: what they hold of embeddings is
 * not looked at. Closing it closes the model.
 *
 * @param generator the model
 * @param ofEmbeddings further conditions that only go with embeddings
 */
record ByCaption(DiffusionPipeline generator, Set<String> ofEmbeddings) implements AroundGenerator {
  ByCaption {
    ofEmbeddings = Set.copyOf(ofEmbeddings);
  }

  @Override
  public Pictures generate(EmbeddingRequest request, Progress progress) {
    return generator.generate(Ask.byCaption(request), progress);
  }

  @Override
  public boolean readsCaptions() {
    return true;
  }

  @Override
  public Optional<ImageGenerator> byCaption() {
    return Optional.of(this);
  }

  @Override
  public Map<String, List<Integer>> also() {
    Map<String, List<Integer>> also = new LinkedHashMap<>(generator.also());
    also.keySet().removeAll(ofEmbeddings);
    return also;
  }

  @Override
  public Set<String> needs(SamplingPlan sampling) {
    Set<String> needs = new TreeSet<>(generator.needs(sampling));
    needs.removeAll(ofEmbeddings);
    return needs;
  }

  @Override
  public String fingerprint() {
    return generator.fingerprint();
  }
}
