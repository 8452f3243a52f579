package io.noesis.reconstruction.diffusion;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.reconstruction.diffusion.schedule.Schedule;
import io.noesis.reconstruction.diffusion.schedule.Scheduler;
import io.noesis.reconstruction.diffusion.schedule.Schedulers;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;

/**
 * Stable unCLIP (after Ramesh et al. 2022, arXiv:2204.06125): beside the text {@code class_labels}
 * {@code [n, 2 dim]}, the image embedding with noise of a level, even of level 0, and the level's
 * sinusoids. The noise is added where the embedding has mean 0 and deviation 1 over pictures.
 */
final class UnclipFamily implements Family {
  private static final String INPUT = "class_labels";
  private static final String SETTING = "noise-level";

  private final TextFamily text;
  private final EmbeddingSpace space;
  private final Tensor mean;
  private final Tensor deviation;
  private final Scheduler noising;
  private final int levels;
  private final double usual;

  UnclipFamily(PackParts parts) {
    ModelPack pack = parts.pack();
    Path settings = pack.file("image_noising_scheduler/scheduler_config.json");
    JsonNode tree = Schedulers.tree(settings);
    this.levels = tree.path("num_train_timesteps").asInt(1000);
    this.noising = Schedulers.registry().get("ddpm").read(tree, settings.toString());
    this.usual = parts.number(SETTING, 0);
    try (Safetensors file = Safetensors.open(pack.file("image_normalizer.safetensors"))) {
      this.mean = file.read("mean");
      this.deviation = file.read("std");
    }
    this.space = parts.space(INPUT, mean.size());
    this.text = TextFamily.beside(parts);
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public Set<String> settings() {
    return Set.of(SETTING);
  }

  @Override
  public Text text() {
    return Text.BESIDE;
  }

  @Override
  public Conditioning condition(Ask ask, List<NoiseSource> noise) {
    Tensor rows = Wanted.embeddings(ask, space, 2);
    double level = ask.plan().setting(SETTING, usual);
    if (level < 0 || level >= levels || level != Math.rint(level)) {
      throw new RecipeException(
          "generating pictures: the noise level "
              + level
              + ", expected a whole number from 0 to "
              + (levels - 1)
              + ".");
    }
    Tensor labels = labels(rows, (int) level, noise);
    return text.condition(ask.textAlone(), noise)
        .and(
            Conditioning.of(
                Map.of(INPUT, labels), Map.of(INPUT, Tensor.zeros(labels.shape().toArray()))));
  }

  private Tensor labels(Tensor rows, int level, List<NoiseSource> noise) {
    // A run of all trained steps begins at the level when so much of it is left.
    Schedule schedule = noising.schedule(levels, Math.min(1, (level + 1.5) / levels));
    Tensor fresh = NoiseSource.rows(noise).normal(rows.dim(0), rows.dim(1));
    Tensor scaled = each(rows, (v, i) -> (v - mean.array()[(int) i]) / deviation.array()[(int) i]);
    Tensor noisy = schedule.noised(scaled, fresh);
    Tensor back = each(noisy, (v, i) -> v * deviation.array()[(int) i] + mean.array()[(int) i]);
    int dim = rows.dim(1);
    int half = dim / 2;
    float[] out = new float[2 * rows.size()];
    for (int row = 0; row < rows.dim(0); row++) {
      System.arraycopy(back.array(), row * dim, out, 2 * row * dim, dim);
      for (int i = 0; i < half; i++) {
        double angle = level * Math.exp(-Math.log(10000) * i / half);
        out[2 * row * dim + dim + i] = (float) Math.cos(angle);
        out[2 * row * dim + dim + half + i] = (float) Math.sin(angle);
      }
    }
    return Tensor.wrap(out, rows.dim(0), 2 * dim);
  }

  /** A function of a value and its column. */
  private static Tensor each(Tensor rows, DoubleBinaryOperator function) {
    float[] out = new float[rows.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) function.applyAsDouble(rows.array()[i], i % rows.dim(1));
    }
    return Tensor.wrap(out, rows.shape().toArray());
  }

  @Override
  public void close() {
    text.close();
  }
}
