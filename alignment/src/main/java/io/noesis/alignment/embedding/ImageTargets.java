package io.noesis.alignment.embedding;

import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import java.nio.file.Path;
import java.util.List;

/** The output of an image model for each stimulus's picture. */
final class ImageTargets implements OfPictures {
  private final ImageTower tower;
  private final OnnxOptions graphs;

  private ImageTargets(ImageTower tower, OnnxOptions graphs) {
    this.graphs = graphs;
    this.tower = tower;
  }

  static TargetExtractor open(TargetSpec spec) {
    ImageTower tower =
        spec.image()
            .orElseThrow(
                () ->
                    new RecipeException(
                        "target 'image' needs an image model and none is named. Give the path"
                            + " of an .onnx file, its output and its preprocessing."));
    return new StimulusTargets<>(new ImageTargets(tower, spec.graphs()), spec.cache());
  }

  private record Pictures(ImageEncoder encoder) implements StimulusTargets.Encoding<Path> {
    @Override
    public EmbeddingSpace space() {
      return encoder.space();
    }

    @Override
    public Embeddings encode(List<String> ids, List<Path> pictures, Progress progress) {
      return encoder.encode(ids, i -> PixelImage.read(pictures.get(i)), progress);
    }

    @Override
    public void close() {
      encoder.close();
    }
  }

  @Override
  public StimulusTargets.Encoding<Path> open() {
    return new Pictures(ImageEncoder.open(tower, graphs));
  }

  @Override
  public EmbeddingSpace space(int dim) {
    return ImageEncoder.space(tower, dim);
  }

  @Override
  public String fingerprint() {
    return ImageEncoder.fingerprint(tower) + graphs.elsewhere();
  }

  @Override
  public String making() {
    return "making image targets";
  }
}
