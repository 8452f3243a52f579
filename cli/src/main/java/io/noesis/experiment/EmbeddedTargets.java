package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.embedding.TargetExtractor;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.reconstruction.embedded.EmbeddedModels;
import io.noesis.reconstruction.embedded.EmbeddedTowers;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pictures or captions of stimuli as the towers that ship with Noesis see or read them. */
final class EmbeddedTargets implements TargetExtractor {
  private final EmbeddedTowers towers;
  private final boolean pictures;

  private EmbeddedTargets(EmbeddedTowers towers, boolean pictures) {
    this.towers = towers;
    this.pictures = pictures;
  }

  /** The extractor of {@code image} or {@code caption}; the caller closes it. */
  static TargetExtractor open(String of) {
    return new EmbeddedTargets(EmbeddedTowers.open(EmbeddedModels.usual()), of.equals("image"));
  }

  @Override
  public EmbeddingSpace space() {
    return towers.space();
  }

  @Override
  public TargetUnit unit() {
    return TargetUnit.STIMULUS;
  }

  @Override
  public Embeddings extract(StimulusSet stimuli, Progress progress) {
    List<String> ids = List.copyOf(stimuli.ids());
    if (pictures) {
      List<Path> files = new ArrayList<>();
      for (Stimulus stimulus : stimuli.all()) {
        files.add(of(stimulus, stimulus.image(), "picture", "image"));
      }
      return towers.pictures(ids, i -> PixelImage.read(files.get(i)), progress);
    }
    List<String> captions = new ArrayList<>();
    for (Stimulus stimulus : stimuli.all()) {
      captions.add(of(stimulus, stimulus.caption(), "caption", "caption"));
    }
    progress.begin("encoding captions with " + space().model(), ids.size());
    Embeddings all = new Embeddings(space(), ids, towers.sentences(captions));
    progress.step(ids.size());
    progress.done(ids.size() + " captions");
    return all;
  }

  private static <T> T of(Stimulus stimulus, Optional<T> thing, String what, String column) {
    return thing.orElseThrow(
        () ->
            new DataException(
                "making targets with the embedded towers: the stimulus '"
                    + stimulus.id()
                    + "' has no "
                    + what
                    + ", expected one for each. Add a column '"
                    + column
                    + "' to the stimulus table, or take another target."));
  }

  @Override
  public String fingerprint() {
    return towers.fingerprint();
  }

  @Override
  public void close() {
    towers.close();
  }
}
