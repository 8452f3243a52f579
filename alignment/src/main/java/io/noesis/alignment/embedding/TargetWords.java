package io.noesis.alignment.embedding;

import io.noesis.run.Check;
import java.nio.file.Path;

/**
 * How captions become numbers of words.
 *
 * @param tokenizer the folder of {@code tokenizer.json}, or of the older vocabulary files
 * @param count how many words a target has, the end's included; longer captions are cut
 */
public record TargetWords(Path tokenizer, int count) {
  /** Checks the number. */
  public TargetWords {
    Check.argument(count > 2, "words: expected at least 3 of a caption, found %d", count);
  }
}
