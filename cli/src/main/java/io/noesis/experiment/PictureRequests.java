package io.noesis.experiment;

import io.noesis.alignment.embedding.ImagePreprocess;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.reconstruction.diffusion.Blended;
import io.noesis.reconstruction.diffusion.EmbeddingRequest;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a generator is asked for pictures: their embeddings, seeds and captions, what was decoded
 * beside them, and the pictures that they start from or are blended with.
 *
 * @param models what pictures are made with
 */
record PictureRequests(PictureMaking.Models models) {
  /** At which size MindEye2 blends. */
  private static final int LOW_LEVEL_SIDE = 256;

  /** The pictures of a few tasks, in their order. */
  List<PixelImage> generate(List<PictureTask> batch, Progress steps) {
    int width = batch.get(0).embedding().length;
    float[] rows = new float[batch.size() * width];
    List<Long> seeds = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      System.arraycopy(batch.get(i).embedding(), 0, rows, i * width, width);
      seeds.add(batch.get(i).seed());
    }
    return models
        .generator()
        .generate(request(Tensor.wrap(rows, batch.size(), width), seeds, batch), steps)
        .images();
  }

  private EmbeddingRequest request(Tensor rows, List<Long> seeds, List<PictureTask> batch) {
    Map<String, Tensor> further = further(batch);
    Map<String, Tensor> conditions = new LinkedHashMap<>(models.further().conditions(further));
    List<PixelImage> nearest =
        models.takesNearest()
            ? batch.stream().map(task -> PixelImage.read(task.nearest().orElseThrow())).toList()
            : List.of();
    if (models.spec().blend().isPresent()) {
      boolean decoded = models.further().hasLowLevel();
      conditions.put(
          Blended.LOW_LEVEL, lowLevel(decoded ? models.further().pictures(further) : nearest));
    }
    EmbeddingRequest plain =
        new EmbeddingRequest(
            rows,
            models.reads() ? batch.stream().map(PictureTask::caption).toList() : List.of(),
            models.spec().notToShow(),
            seeds,
            models.plan().withStrength(1),
            Optional.empty(),
            conditions,
            batch.stream().flatMap(task -> task.draw().stream()).toList());
    return switch (models.spec().start()) {
      case NOISE -> plain;
      case NEAREST -> plain.from(models.generator().start(nearest), models.plan());
      case DECODED -> plain.from(models.further().start(further), models.plan());
    };
  }

  /** What goes into the pictures beside their embeddings, one row per picture. */
  private static Map<String, Tensor> further(List<PictureTask> batch) {
    Map<String, Tensor> all = new TreeMap<>();
    for (String name : batch.get(0).further().keySet()) {
      Tensor[] rows =
          batch.stream()
              .map(task -> Objects.requireNonNull(task.further().get(name)))
              .map(row -> Tensor.wrap(row, 1, row.length))
              .toArray(Tensor[]::new);
      all.put(name, Tensor.concatenate(rows));
    }
    return all;
  }

  /** Their middle squares, {@code [n, 3, side, side]} in [0, 1]. */
  private static Tensor lowLevel(List<PixelImage> pictures) {
    int plane = LOW_LEVEL_SIDE * LOW_LEVEL_SIDE;
    float[] out = new float[pictures.size() * 3 * plane];
    for (int row = 0; row < pictures.size(); row++) {
      byte[] rgb = ImagePreprocess.clip(LOW_LEVEL_SIDE).square(pictures.get(row)).rgb();
      for (int i = 0; i < rgb.length; i++) {
        out[(row * 3 + i % 3) * plane + i / 3] = (rgb[i] & 0xff) / 255f;
      }
    }
    return Tensor.wrap(out, pictures.size(), 3, LOW_LEVEL_SIDE, LOW_LEVEL_SIDE);
  }
}
