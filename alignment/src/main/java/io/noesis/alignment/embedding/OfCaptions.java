package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import java.util.List;

/** Whatever is embedded of the captions of which every stimulus must have one. */
interface OfCaptions extends StimulusTargets.Source<String> {
  /** For messages: {@code caption}, {@code text}. */
  String kind();

  @Override
  CaptionChoice choice();

  @Override
  default List<String> of(Stimulus stimulus) {
    return choice().of(stimulus);
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
