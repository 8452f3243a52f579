package io.noesis.alignment.embedding;

import java.util.ArrayList;
import java.util.List;

/**
 * The printable letter that byte-pair vocabularies write for each byte (Radford et al. 2019,
 * GPT-2): printable bytes stand for themselves, the others follow from U+0100 on.
 */
final class ByteLetters {
  private ByteLetters() {}

  /** The 256 letters in the order of CLIP's vocabulary: printable bytes first. */
  static List<String> inOrder() {
    List<String> printable = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      boolean shown = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
      if (shown) {
        printable.add(Character.toString(b));
      } else {
        others.add(Character.toString(256 + others.size()));
      }
    }
    printable.addAll(others);
    return printable;
  }
}
