package io.noesis.reconstruction.score;

import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.Score;
import io.noesis.run.Registry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** All metrics of captions. Names are without the pool size, which scores add. */
public final class CaptionMetrics {
  /** The metric that decides whether captions say anything of the stimuli. */
  public static final String PRIMARY = "caption_meaning.two_way";

  private static final Registry<OutputMetric<CaptionSet>> REGISTRY =
      Registry.of("caption metric", list());

  private CaptionMetrics() {}

  /** All metrics by name. */
  public static Registry<OutputMetric<CaptionSet>> registry() {
    return REGISTRY;
  }

  /**
   * Every metric that is defined.
   *
   * @param made what was said of each stimulus
   * @param shown its true captions: BLEU, ROUGE-L, METEOR and CIDEr take all of a stimulus, the
   *     others the first
   * @param plan how intervals and nulls are drawn
   * @param sentences the name of the sentence encoder
   * @return scores in the order of the registry; none for fewer than two stimuli
   */
  public static List<Score> score(
      CaptionSet made, CaptionSet shown, Resampling plan, String sentences) {
    return REGISTRY.entries().stream()
        .filter(e -> made.size() > 1)
        .filter(e -> e.value().undefined().apply(made, shown).isEmpty())
        .map(
            e ->
                PairScores.of(
                    PictureMetrics.name(e.name(), made.size()),
                    e.value().direction(),
                    e.value().statistic().apply(made, shown),
                    plan,
                    protocol(e.name(), sentences, shown)))
        .toList();
  }

  private static String protocol(String metric, String sentences, CaptionSet shown) {
    IntSummaryStatistics counts =
        shown.references().stream().mapToInt(List::size).summaryStatistics();
    if (metric.startsWith("caption_meaning")) {
      return "sentences embedded by "
          + sentences
          + (counts.getMax() > 1 ? ", the first true caption of each stimulus" : "");
    }
    if (metric.startsWith("caption.meteor")) {
      return "parameters of NLTK, no synonyms, "
          + references(counts)
          + ", lower case, punctuation dropped";
    }
    if (metric.startsWith("caption.category_word")) {
      return "lower case, punctuation dropped";
    }
    return metric.startsWith("caption_attribute")
        ? "words of simulated studies' captions"
        : "COCO family, " + references(counts) + ", lower case, punctuation dropped";
  }

  private static String references(IntSummaryStatistics counts) {
    return counts.getMax() == 1
        ? "one reference"
        : counts.getMin() == counts.getMax()
            ? counts.getMax() + " references"
            : counts.getMin() + " to " + counts.getMax() + " references";
  }

  /**
   * How like its own true caption each made one is in meaning.
   *
   * @param made what was said
   * @param shown what is true
   * @return the cosine of each pair
   */
  public static double[] likeness(CaptionSet made, CaptionSet shown) {
    return meanings(made, shown).own();
  }

  private static List<Registry.Entry<OutputMetric<CaptionSet>>> list() {
    List<Registry.Entry<OutputMetric<CaptionSet>>> list = new ArrayList<>();
    list.add(
        new Registry.Entry<>(
            PRIMARY,
            OutputMetric.higher((made, shown) -> meanings(made, shown).twoWay()),
            "Share of the other true captions whose sentence embedding is less like that of the"
                + " made one; never to be read alone."));
    list.add(
        new Registry.Entry<>(
            "caption_meaning.top1",
            OutputMetric.higher((made, shown) -> meanings(made, shown).first()),
            "Share of captions whose true one is the nearest of all in meaning."));
    list.add(
        new Registry.Entry<>(
            "caption_meaning.median_rank",
            OutputMetric.lower((made, shown) -> meanings(made, shown).medianRank()),
            "Median of the 1-based rank of the true caption in meaning."));
    list.add(
        new Registry.Entry<>(
            "caption_meaning.cosine",
            OutputMetric.higher((made, shown) -> meanings(made, shown).mean()),
            "Cosine of the sentence embeddings of made and true caption, mean."));
    for (int n = 1; n <= Bleu.LONGEST; n++) {
      int longest = n;
      list.add(
          new Registry.Entry<>(
              "caption.bleu" + n,
              OutputMetric.higher(
                  (made, shown) -> Bleu.all(made.words(), shown.allWords()).get(longest - 1)),
              "BLEU-" + n + " of the whole set, as the COCO evaluation computes it."));
    }
    list.add(
        new Registry.Entry<>(
            "caption.rouge_l",
            OutputMetric.higher(CaptionMetrics::rouge),
            "ROUGE-L: longest common run of words in order, mean over captions."));
    list.add(
        new Registry.Entry<>(
            "caption.meteor_exact_stem",
            OutputMetric.higher(CaptionMetrics::meteor),
            "METEOR of exact words and stems with NLTK's parameters, without synonyms and"
                + " paraphrases (so lower than published values), mean over captions."));
    list.add(
        new Registry.Entry<>(
            "caption.cider",
            OutputMetric.higher((made, shown) -> Cider.of(made.words(), shown.allWords())),
            "CIDEr: common runs weighted by how rare they are in this set, mean over captions."));
    list.add(
        new Registry.Entry<>(
            "caption.category_word",
            new OutputMetric<>(
                Score.Direction.HIGHER,
                CaptionMetrics::withoutCategories,
                CaptionMetrics::categoryWord),
            "Share of captions that name the category of what was shown."));
    list.addAll(AttributeMetrics.list("caption_attribute", "caption", CaptionSet::attributes));
    return list;
  }

  private static Likeness meanings(CaptionSet made, CaptionSet shown) {
    return Likeness.cosine(made.meaningRows(), shown.meaningRows());
  }

  private static PairStatistic rouge(CaptionSet made, CaptionSet shown) {
    List<List<String>> of = made.words();
    List<List<List<String>>> with = shown.allWords();
    return new PairTable(
        of.size(),
        (i, j) -> RougeL.of(of.get(i), with.get(j)),
        PairTable.Summary.MEAN,
        OptionalDouble.empty());
  }

  private static PairStatistic meteor(CaptionSet made, CaptionSet shown) {
    List<Meteor.Stemmed> of = Meteor.stemmed(made.words());
    List<List<Meteor.Stemmed>> with = shown.allWords().stream().map(Meteor::stemmed).toList();
    return new PairTable(
        of.size(),
        (i, j) -> Meteor.of(of.get(i), with.get(j)),
        PairTable.Summary.MEAN,
        OptionalDouble.empty());
  }

  private static Optional<String> withoutCategories(CaptionSet made, CaptionSet shown) {
    Set<String> named = new HashSet<>(shown.categories());
    return named.contains("") || named.size() < 2
        ? Optional.of("it needs a category of every stimulus, and at least two of them")
        : Optional.empty();
  }

  private static PairStatistic categoryWord(CaptionSet made, CaptionSet shown) {
    List<List<String>> of = made.words();
    return new PairTable(
        of.size(),
        (i, j) -> names(of.get(i), shown.categories().get(j)) ? 1 : 0,
        PairTable.Summary.MEAN,
        OptionalDouble.empty());
  }

  /** Whether the words hold those of a category one after the other, also in the plural. */
  private static boolean names(List<String> words, String category) {
    List<String> wanted =
        CaptionWords.of(category.toLowerCase(Locale.ROOT).replaceAll("[_-]+", " "));
    for (int i = 0; i + wanted.size() <= words.size(); i++) {
      boolean all = !wanted.isEmpty();
      for (int k = 0; k < wanted.size(); k++) {
        String word = words.get(i + k);
        String want = wanted.get(k);
        all &= word.equals(want) || word.equals(want + "s") || word.equals(want + "es");
      }
      if (all) {
        return true;
      }
    }
    return false;
  }
}
