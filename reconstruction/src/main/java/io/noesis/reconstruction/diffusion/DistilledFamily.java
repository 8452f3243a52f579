package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A family whose network was distilled together with its guidance (Meng et al. 2023,
 * arXiv:2210.03142; Luo et al. 2023, arXiv:2310.04378): it reads {@code timestep_cond} {@code
 * [rows, width]}, the sinusoids of 1000 (guidance - 1), and is called once per step, without an
 * unconditional half.
 */
final class DistilledFamily implements Family {
  private static final String INPUT = "timestep_cond";
  private static final double SLOWEST = 10000;

  private final Family family;
  private final int width;

  private DistilledFamily(Family family, int width) {
    this.family = family;
    this.width = width;
  }

  /** The family itself where the network has no input for the guidance. */
  static Family around(Family family, Network network) {
    if (network.input(INPUT).isEmpty()) {
      return family;
    }
    OnnxPort port = network.require(INPUT);
    long width = port.rank() == 2 ? port.axes().get(1).size() : -1;
    if (width < 4) {
      throw new ModelException(
          "opening a network distilled with its guidance: its input is '"
              + port
              + "', expected [rows, width] with a width of at least 4. Export it again.");
    }
    return new DistilledFamily(family, (int) width);
  }

  /** Sines, then cosines, from the fastest to the slowest; a last 0 where the width is odd. */
  static float[] sinusoids(double guidance, int width) {
    int half = width / 2;
    float[] out = new float[width];
    float shown = (float) (guidance - 1) * 1000;
    float gap = (float) Math.log(SLOWEST) / (half - 1);
    for (int i = 0; i < half; i++) {
      float angle = shown * (float) Math.exp(i * -gap);
      out[i] = (float) Math.sin(angle);
      out[half + i] = (float) Math.cos(angle);
    }
    return out;
  }

  @Override
  public boolean splits(SamplingPlan plan) {
    return false;
  }

  @Override
  public Conditioning condition(Ask ask, List<NoiseSource> noise) {
    if (!ask.negative().isEmpty()) {
      throw new RecipeException(
          "generating pictures: this model was distilled together with its guidance and has no"
              + " unconditional half, so that the negative text '"
              + ask.negative()
              + "' would change nothing. Leave it out.");
    }
    float[] row = sinusoids(ask.plan().guidance(), width);
    Tensor rows = Wanted.repeated(Tensor.wrap(row, width), ask.rows());
    Map<String, Tensor> input = Map.of(INPUT, rows);
    return family.condition(ask.unguided(), noise).and(Conditioning.of(input, input));
  }

  @Override
  public EmbeddingSpace space() {
    return family.space();
  }

  @Override
  public int tokens() {
    return family.tokens();
  }

  @Override
  public Map<String, List<Integer>> also() {
    return family.also();
  }

  @Override
  public Set<String> needs(SamplingPlan plan) {
    return family.needs(plan);
  }

  @Override
  public Set<String> settings() {
    return family.settings();
  }

  @Override
  public Map<String, Tensor> during(Step step) {
    return family.during(step);
  }

  @Override
  public void close() {
    family.close();
  }
}
