package io.noesis.alignment.embedding;

import io.noesis.run.Check;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Suggest;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Zero-shot categories: a category is the mean of the embeddings of sentences that name it, scaled
 * to length 1, and a decoded embedding belongs to the nearest (Radford et al. 2021,
 * arXiv:2103.00020, section 3.1.4).
 */
public final class Prompts {
  /** Sentences that name a category in the place of {@code {}}. */
  public static final List<String> TEMPLATES =
      List.of("a photo of a {}.", "a picture of a {}.", "an image showing a {}.", "a {}.", "{}");

  private static final String PLACE = "{}";

  private Prompts() {}

  /**
   * One embedding per category.
   *
   * @param encoder the sentence encoder
   * @param categories the words that name each category, by its id; see {@link #words}
   * @param templates sentences with {@code {}}
   * @param progress hears of every sentence
   * @return one vector of length 1 per category
   * @throws RecipeException when there is no template, or one without {@code {}}
   */
  public static Embeddings categories(
      SentenceEncoder encoder,
      Map<String, String> categories,
      List<String> templates,
      Progress progress) {
    check(templates);
    List<String> ids = new ArrayList<>();
    List<String> sentences = new ArrayList<>();
    categories.forEach(
        (category, words) -> {
          for (int t = 0; t < templates.size(); t++) {
            ids.add(category + "\n" + t);
            sentences.add(templates.get(t).replace(PLACE, words));
          }
        });
    Embeddings single = encoder.encode(ids, sentences, progress);
    // A mean of sentences, scaled to length 1, stays comparable with single sentences.
    EmbeddingSpace space = encoder.space();
    float[] in = single.values().array();
    float[] out = new float[categories.size() * space.dim()];
    for (int c = 0; c < categories.size(); c++) {
      double[] sum = new double[space.dim()];
      int start = c * templates.size() * space.dim();
      for (int i = 0; i < templates.size() * space.dim(); i++) {
        sum[i % space.dim()] += in[start + i];
      }
      Vectors.writeUnit(sum, out, c * space.dim(), space.model());
    }
    return new Embeddings(
        space, List.copyOf(categories.keySet()), Tensor.wrap(out, categories.size(), space.dim()));
  }

  /**
   * The words that stand for categories in prompts.
   *
   * @param categories labels of the study, in the order to keep
   * @param names words for those labels that are no words ({@code scrambledpix}); the others are
   *     taken as they are, underscores as spaces
   * @return words by label, in that order
   * @throws RecipeException when a name is given for a label that the study does not have
   */
  public static Map<String, String> words(List<String> categories, Map<String, String> names) {
    for (String label : names.keySet()) {
      if (!categories.contains(label)) {
        throw new RecipeException(
            "names of categories: the study has no category '"
                + label
                + "'. "
                + Suggest.sentence(label, categories));
      }
    }
    Map<String, String> words = new LinkedHashMap<>();
    for (String category : categories) {
      words.put(category, names.getOrDefault(category, category.replace('_', ' ').strip()));
    }
    return words;
  }

  /** Refuses templates that do not name the category. */
  static void check(List<String> templates) {
    if (templates.isEmpty()) {
      throw new RecipeException(
          "prompt templates: none is given, expected at least one such as 'a photo of a {}.'");
    }
    for (String template : templates) {
      if (!template.contains(PLACE)) {
        throw new RecipeException(
            "prompt template '"
                + template
                + "' has no place for the category. Write {} where its name belongs, as in 'a"
                + " photo of a {}.'");
      }
    }
  }

  /**
   * The category nearest to each decoded embedding, by cosine; ties go to the first name in
   * alphabetical order.
   *
   * @param decoded embeddings of the same space
   * @param categories one embedding per category
   * @return one category per decoded embedding
   */
  public static List<String> nearest(Embeddings decoded, Embeddings categories) {
    Check.argument(categories.size() > 0, "no categories to choose from");
    Check.argument(
        decoded.space().equals(categories.space()),
        "decoded embeddings live in %s, categories in %s; only vectors of one space compare",
        decoded.space(),
        categories.space());
    List<String> names = categories.ids().stream().sorted().toList();
    Embeddings sorted = categories.select(names);
    List<String> found = new ArrayList<>();
    for (int i = 0; i < decoded.size(); i++) {
      found.add(names.get(nearest(decoded.values().row(i), sorted)));
    }
    return found;
  }

  private static int nearest(float[] vector, Embeddings categories) {
    float[] values = categories.values().array();
    int width = vector.length;
    int best = 0;
    double bestCosine = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < categories.size(); c++) {
      double length = Math.sqrt(Vectors.dot(values, c * width, values, c * width, width));
      double cosine = length == 0 ? 0 : Vectors.dot(vector, 0, values, c * width, width) / length;
      if (cosine > bestCosine) {
        bestCosine = cosine;
        best = c;
      }
    }
    return best;
  }
}
