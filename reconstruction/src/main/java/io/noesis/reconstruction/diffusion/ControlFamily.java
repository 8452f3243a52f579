package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A depth map, or any other picture or features, that steers the layout (ControlNet, Zhang et al.
 * 2023, arXiv:2302.05543), fused into the graph: {@code control} and the scalar {@code
 * control_scale}. Both halves of guidance see it.
 */
final class ControlFamily implements Family {
  private static final String INPUT = "control";
  private static final String SCALE = "control_scale";
  private static final String SETTING = "control-scale";

  private final Family text;
  private final List<Integer> control;

  ControlFamily(PackParts parts, Family text) {
    this.text = text;
    this.control = Wanted.row(parts.network().require(INPUT), parts.pixels());
    parts.network().require(SCALE);
  }

  @Override
  public EmbeddingSpace space() {
    return text.space();
  }

  @Override
  public Map<String, List<Integer>> also() {
    return Map.of(INPUT, control);
  }

  @Override
  public Set<String> needs(SamplingPlan plan) {
    return also().keySet();
  }

  @Override
  public int tokens() {
    return text.tokens();
  }

  @Override
  public Set<String> settings() {
    return Set.of(SETTING);
  }

  @Override
  public Text text() {
    return text.text();
  }

  @Override
  public Conditioning condition(Ask ask, List<NoiseSource> noise) {
    Map<String, Tensor> control = Map.of(INPUT, Wanted.also(ask, INPUT));
    float scale = (float) ask.plan().setting(SETTING, 1);
    return text.condition(ask, noise)
        .and(
            new Conditioning(
                control, control, Map.of(SCALE, Tensor.wrap(new float[] {scale}, new int[0]))));
  }

  @Override
  public void close() {
    text.close();
  }
}
