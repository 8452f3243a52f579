package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
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
 * @param pipeline the model
 * @param ofEmbeddings further conditions that only go with embeddings
 */
record ByCaption(DiffusionPipeline pipeline, Set<String> ofEmbeddings) implements ImageGenerator {
  ByCaption {
    ofEmbeddings = Set.copyOf(ofEmbeddings);
  }

  @Override
  public EmbeddingSpace space() {
    return pipeline.space();
  }

  @Override
  public SamplingPlan plan() {
    return pipeline.plan();
  }

  @Override
  public Pictures generate(EmbeddingRequest request, Progress progress) {
    return pipeline.generate(Ask.byCaption(request), progress);
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
  public Map<String, String> facts() {
    return pipeline.facts();
  }

  @Override
  public Map<String, List<Integer>> also() {
    Map<String, List<Integer>> also = new LinkedHashMap<>(pipeline.also());
    also.keySet().removeAll(ofEmbeddings);
    return also;
  }

  @Override
  public Set<String> needs(SamplingPlan sampling) {
    Set<String> needs = new TreeSet<>(pipeline.needs(sampling));
    needs.removeAll(ofEmbeddings);
    return needs;
  }

  @Override
  public Optional<EmbeddingSpace> latents() {
    return pipeline.latents();
  }

  @Override
  public Tensor start(List<PixelImage> pictures) {
    return pipeline.start(pictures);
  }

  @Override
  public String fingerprint() {
    return pipeline.fingerprint();
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
