package io.noesis.experiment;

import io.noesis.alignment.score.Condition;
import io.noesis.run.PinnedRandom;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What captions and pictures are made from: embeddings of each condition, one for each id. */
interface SourceEmbeddings {
  /** What something is made for: test stimuli, or trials of which nobody knows what was seen. */
  List<String> ids();

  /**
   * The embeddings of a condition, or nothing where it cannot be had for every id.
   *
   * @param condition one that is made from embeddings: not {@code SHUFFLED}, not {@code NEAREST}
   * @return {@code [ids, dim]}
   */
  Optional<Tensor> embeddings(Condition condition);

  /** The training stimulus nearest to each decoded embedding; empty ids where none is known. */
  List<String> nearest();

  /**
   * The training stimulus nearest to what a condition's pictures are made of.
   *
   * @param condition one that is made from embeddings
   * @return one id per id; empty where nothing was trained
   * @throws io.noesis.run.RecipeException where the training stimuli are not known
   */
  List<String> nearest(Condition condition);

  /** Whose response stands for each one's in the shuffled condition: never its own. */
  int[] partners();

  /** Whether somebody knows what was seen. */
  boolean known();

  /**
   * What was made of the responses to others: the null of a shuffled brain.
   *
   * @param made one row per id among them is of {@code DECODED}, in the order of {@link #ids}
   * @return a row per id; none where there is only one
   */
  default List<MadeTable.Row> shuffled(List<MadeTable.Row> made) {
    if (ids().size() < 2) {
      return List.of();
    }
    List<MadeTable.Row> decoded =
        made.stream().filter(r -> r.condition().equals(Condition.DECODED.key())).toList();
    int[] partners = partners();
    return IntStream.range(0, ids().size())
        .mapToObj(
            q -> {
              MadeTable.Row other = decoded.get(partners[q]);
              return new MadeTable.Row(
                  ids().get(q),
                  Condition.SHUFFLED.key(),
                  other.stimulus(),
                  other.seed(),
                  other.content(),
                  other.key());
            })
        .toList();
  }

  /** A ring in random order. */
  static int[] ring(int count, PinnedRandom random) {
    int[] order = random.permutation(count);
    int[] partner = new int[count];
    for (int i = 0; i < count; i++) {
      partner[order[i]] = order[(i + 1) % count];
    }
    return partner;
  }
}
