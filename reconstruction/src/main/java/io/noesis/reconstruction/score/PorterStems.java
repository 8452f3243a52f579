package io.noesis.reconstruction.score;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Word stems by Porter's algorithm (Porter 1980, doi:10.1108/eb046814) with the departures of NLTK,
 * whose METEOR laboratories report: words of up to two letters and some irregular ones are fixed,
 * {@code -ies} and {@code -ied} of four letters keep their e, y becomes i only after a consonant
 * within the word, {@code bli}, {@code fulli} and {@code logi} are suffixes of step 2, and a vowel
 * and a consonant alone count as a short syllable.
 */
final class PorterStems {
  private static final Map<String, String> IRREGULAR =
      Map.ofEntries(
          Map.entry("skies", "sky"),
          Map.entry("sky", "sky"),
          Map.entry("dying", "die"),
          Map.entry("lying", "lie"),
          Map.entry("tying", "tie"),
          Map.entry("news", "news"),
          Map.entry("innings", "inning"),
          Map.entry("inning", "inning"),
          Map.entry("outings", "outing"),
          Map.entry("outing", "outing"),
          Map.entry("cannings", "canning"),
          Map.entry("canning", "canning"),
          Map.entry("howe", "howe"),
          Map.entry("proceed", "proceed"),
          Map.entry("exceed", "exceed"),
          Map.entry("succeed", "succeed"));

  /** Suffix and what replaces it where a syllable stands before; the first that fits is taken. */
  private static final String[][] STEP_2 = {
    {"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"},
    {"bli", "ble"}, {"alli", "al"}, {"entli", "ent"}, {"eli", "e"}, {"ousli", "ous"},
    {"ization", "ize"}, {"ation", "ate"}, {"ator", "ate"}, {"alism", "al"}, {"iveness", "ive"},
    {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"}, {"iviti", "ive"}, {"biliti", "ble"},
    {"fulli", "ful"}
  };

  private static final String[][] STEP_3 = {
    {"icate", "ic"},
    {"ative", ""},
    {"alize", "al"},
    {"iciti", "ic"},
    {"ical", "ic"},
    {"ful", ""},
    {"ness", ""}
  };

  /** Dropped where more than one syllable stands before. */
  private static final String[] STEP_4 = {
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou",
    "ism", "ate", "iti", "ous", "ive", "ize"
  };

  private static final Set<Character> VOWELS = Set.of('a', 'e', 'i', 'o', 'u');

  private PorterStems() {}

  /** The stem of a word, in lower case. */
  static String of(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    String fixed = IRREGULAR.get(lower);
    if (fixed != null) {
      return fixed;
    }
    if (lower.length() <= 2) {
      return lower;
    }
    String singular = plural(lower);
    String plain = pastOrGerund(singular);
    String ended = finalY(plain);
    return ending(step4(replaced(step2(ended), STEP_3)));
  }

  private static String plural(String word) {
    if (word.endsWith("sses")) {
      return cut(word, 2);
    }
    if (word.endsWith("ies")) {
      return cut(word, word.length() == 4 ? 1 : 2);
    }
    return word.endsWith("s") && !word.endsWith("ss") ? cut(word, 1) : word;
  }

  private static String pastOrGerund(String word) {
    if (word.endsWith("ied")) {
      return cut(word, word.length() == 4 ? 1 : 2);
    }
    if (word.endsWith("eed")) {
      return syllables(cut(word, 3)) > 0 ? cut(word, 1) : word;
    }
    for (String suffix : new String[] {"ed", "ing"}) {
      if (word.endsWith(suffix) && hasVowel(cut(word, suffix.length()))) {
        return completed(cut(word, suffix.length()));
      }
    }
    return word;
  }

  /** What -ed or -ing stood after, as a word. */
  private static String completed(String stem) {
    if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
      return stem + "e";
    }
    int last = stem.length() - 1;
    if (last > 0 && stem.charAt(last) == stem.charAt(last - 1) && isConsonant(stem, last)) {
      return "lsz".indexOf(stem.charAt(last)) < 0 ? cut(stem, 1) : stem;
    }
    return syllables(stem) == 1 && isShort(stem) ? stem + "e" : stem;
  }

  private static String finalY(String word) {
    boolean changes =
        word.endsWith("y") && word.length() > 2 && isConsonant(word, word.length() - 2);
    return changes ? cut(word, 1) + "i" : word;
  }

  private static String step2(String word) {
    if (word.endsWith("alli") && syllables(cut(word, 4)) > 0) {
      return step2(cut(word, 2));
    }
    String out = replaced(word, STEP_2);
    return out.endsWith("logi") && out.equals(word) && syllables(cut(word, 3)) > 0
        ? cut(word, 1)
        : out;
  }

  private static String replaced(String word, String[][] rules) {
    for (String[] rule : rules) {
      if (word.endsWith(rule[0])) {
        String stem = cut(word, rule[0].length());
        return syllables(stem) > 0 ? stem + rule[1] : word;
      }
    }
    return word;
  }

  private static String step4(String word) {
    for (String suffix : STEP_4) {
      if (word.endsWith(suffix)) {
        String stem = cut(word, suffix.length());
        boolean goes =
            syllables(stem) > 1
                && (!suffix.equals("ion") || stem.endsWith("s") || stem.endsWith("t"));
        return goes ? stem : word;
      }
    }
    return word;
  }

  private static String ending(String word) {
    String out = word;
    if (word.endsWith("e")) {
      String stem = cut(word, 1);
      int before = syllables(stem);
      out = before > 1 || (before == 1 && !isShort(stem)) ? stem : word;
    }
    return out.endsWith("ll") && syllables(cut(out, 1)) > 1 ? cut(out, 1) : out;
  }

  private static String cut(String word, int letters) {
    return word.substring(0, word.length() - letters);
  }

  private static boolean isConsonant(String word, int at) {
    char letter = word.charAt(at);
    return letter == 'y' ? at == 0 || !isConsonant(word, at - 1) : !VOWELS.contains(letter);
  }

  private static boolean hasVowel(String stem) {
    for (int i = 0; i < stem.length(); i++) {
      if (!isConsonant(stem, i)) {
        return true;
      }
    }
    return false;
  }

  /** Porter's measure: how often a consonant follows a vowel. */
  private static int syllables(String stem) {
    int count = 0;
    for (int i = 1; i < stem.length(); i++) {
      count += isConsonant(stem, i) && !isConsonant(stem, i - 1) ? 1 : 0;
    }
    return count;
  }

  /** Ends in consonant, vowel, consonant other than w, x, y; or is a vowel and a consonant. */
  private static boolean isShort(String stem) {
    int last = stem.length() - 1;
    if (last < 1 || !isConsonant(stem, last) || isConsonant(stem, last - 1)) {
      return false;
    }
    return last == 1 || (isConsonant(stem, last - 2) && "wxy".indexOf(stem.charAt(last)) < 0);
  }
}
