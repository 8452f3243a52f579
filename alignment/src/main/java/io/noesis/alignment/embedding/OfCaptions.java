package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import java.util.Optional;

/** Whatever is embedded of the caption that every stimulus must have. */
interface OfCaptions extends StimulusTargets.Source<String> {
  /** For messages: {@code caption}, {@code text}. */
  String kind();

  @Override
  default Optional<String> of(Stimulus stimulus) {
    return stimulus.caption().filter(caption -> !caption.isBlank());
  }

  @Override
  default String making() {
    return "making " + kind() + " targets";
  }

  @Override
  default String missing() {
    return "caption, expected a sentence";
  }

  @Override
  default String column() {
    return "a 'caption'";
  }

  @Override
  default String content(String caption) {
    return caption;
  }
}
