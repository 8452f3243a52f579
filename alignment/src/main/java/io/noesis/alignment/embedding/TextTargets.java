package io.noesis.alignment.embedding;

import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import java.util.List;

/**
 * The output of a text model for each stimulus's caption.
 *
 * @param tower the model
 * @param graphs what executes it
 * @param choice which captions count
 */
record TextTargets(TextTower tower, OnnxOptions graphs, CaptionChoice choice)
    implements OfCaptions {
  static TargetExtractor open(TargetSpec spec) {
    TextTower tower =
        spec.text()
            .orElseThrow(
                () ->
                    new RecipeException(
                        "target 'text' needs a text model and none is named. Give the name or"
                            + " the folder of a model pack with a text graph as"
                            + " 'targets.pack'."));
    return new StimulusTargets<>(
        new TextTargets(tower, spec.graphs(), spec.captions()), spec.cache());
  }

  private record Texts(TextEncoder encoder) implements StimulusTargets.Encoding<String> {
    @Override
    public EmbeddingSpace space() {
      return encoder.space();
    }

    @Override
    public Embeddings encode(List<String> ids, List<String> captions, Progress progress) {
      return encoder.encode(ids, captions, progress);
    }

    @Override
    public void close() {
      encoder.close();
    }
  }

  @Override
  public StimulusTargets.Encoding<String> open() {
    return new Texts(TextEncoder.open(tower, graphs));
  }

  @Override
  public EmbeddingSpace space(int dim) {
    return TextEncoder.space(tower, dim);
  }

  @Override
  public String fingerprint() {
    return TextEncoder.fingerprint(tower) + graphs.elsewhere();
  }

  @Override
  public String kind() {
    return "text";
  }
}
