package io.noesis.encoders.architecture;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Beginnings of weights' names in which {@code #} stands for a whole number. */
final class NamePattern {
  private static final String REST = "rest";

  private NamePattern() {}

  /** What names begin so: up to a dot or the end. */
  static Pattern of(String beginning) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < beginning.length(); i++) {
      char c = beginning.charAt(i);
      pattern.append(c == '#' ? "(\\d+)" : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(pattern + "(?<" + REST + ">(?:\\..*)?)");
  }

  /** Another beginning with the same numbers, and the same rest. */
  static String filled(String beginning, Matcher matched) {
    return filled(beginning, matched, 0);
  }

  /** The same, in which the first numbers do not occur. */
  static String filled(String beginning, Matcher matched, int skipped) {
    StringBuilder name = new StringBuilder();
    int number = skipped;
    for (int i = 0; i < beginning.length(); i++) {
      char c = beginning.charAt(i);
      if (c == '#') {
        number++;
        name.append(matched.group(number));
      } else {
        name.append(c);
      }
    }
    return name + matched.group(REST);
  }
}
