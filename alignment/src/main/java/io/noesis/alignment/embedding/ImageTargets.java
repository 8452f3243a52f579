package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The output of an image model for each stimulus's picture. */
final class ImageTargets implements TargetExtractor {
  private final ImageEncoder encoder;
  private final EmbeddingCache cache;

  ImageTargets(TargetSpec spec) {
    this.cache = EmbeddingCache.of(spec.cache());
    this.encoder =
        ImageEncoder.open(
            spec.image()
                .orElseThrow(
                    () ->
                        new RecipeException(
                            "target 'image' needs an image model and none is named. Give the path"
                                + " of an .onnx file, its output and its preprocessing.")));
  }

  @Override
  public EmbeddingSpace space() {
    return encoder.space();
  }

  @Override
  public TargetUnit unit() {
    return TargetUnit.STIMULUS;
  }

  @Override
  public String fingerprint() {
    return encoder.fingerprint();
  }

  @Override
  public Embeddings extract(StimulusSet stimuli, Progress progress) {
    List<String> ids = List.copyOf(stimuli.ids());
    List<Path> files = new ArrayList<>();
    List<String> contents = new ArrayList<>();
    for (Stimulus stimulus : stimuli.all()) {
      Path file =
          stimulus
              .image()
              .orElseThrow(
                  () ->
                      new DataException(
                          "making image targets: the stimulus '"
                              + stimulus.id()
                              + "' has no picture, expected one for each of "
                              + stimuli.size()
                              + ". Add an 'image' column to the stimulus table, or take another"
                              + " target."));
      files.add(file);
      contents.add(Fingerprint.ofFile(file));
    }
    return cache.get(
        EmbeddingCache.key(fingerprint(), contents),
        space(),
        ids,
        progress,
        () -> encoder.encode(ids, i -> PixelImage.read(files.get(i)), progress));
  }

  @Override
  public void close() {
    encoder.close();
  }
}
