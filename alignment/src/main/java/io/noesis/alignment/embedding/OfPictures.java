package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import io.noesis.run.Fingerprint;
import java.nio.file.Path;
import java.util.List;

/** Targets that are made of each stimulus's picture. */
interface OfPictures extends StimulusTargets.Source<Path> {
  @Override
  default List<Path> of(Stimulus stimulus) {
    return stimulus.image().stream().toList();
  }

  @Override
  default String missing() {
    return "picture, expected one";
  }

  @Override
  default String column() {
    return "an 'image'";
  }

  @Override
  default String content(Path picture) {
    return Fingerprint.ofFile(picture);
  }
}
