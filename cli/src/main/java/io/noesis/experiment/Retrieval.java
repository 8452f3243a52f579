package io.noesis.experiment;

import io.noesis.alignment.retrieve.Ranking;
import io.noesis.alignment.score.Decoding;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.Check;
import io.noesis.run.RecipeException;
import io.noesis.run.Suggest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a trained run retrieves: the candidates nearest to its decoded embeddings. */
public final class Retrieval {
  private Retrieval() {}

  /**
   * One candidate of one query.
   *
   * @param subject label without {@code sub-}
   * @param seen id of the stimulus that was shown
   * @param place 1 for the nearest
   * @param retrieved id of the candidate: a stimulus or a category
   * @param similarity its cosine with the decoded embedding, as the recipe compares them
   * @param caption the candidate's caption; empty when there is none
   */
  public record Row(
      String subject,
      String seen,
      int place,
      String retrieved,
      double similarity,
      String caption) {}

  /**
   * Ranks the pool for every tested stimulus, repetitions averaged.
   *
   * @param run a trained run
   * @param subjects labels; empty for all
   * @param stimulus only this one; empty for all
   * @param top how many candidates, at least 1
   * @return rows by subject, stimulus and place
   * @throws RecipeException when the run has no such subject or tests no such stimulus
   */
  public static List<Row> of(RunFolder run, List<String> subjects, String stimulus, int top) {
    Check.argument(top >= 1, "the number of candidates must be at least 1, found %d", top);
    StimulusSet stimuli = StimulusFile.read(run);
    TargetTable targets = TargetTable.read(run);
    EvaluationSpec spec = RunFiles.recipe(run).evaluation();
    List<Row> rows = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    for (String subject : chosen(run.subjects(), subjects)) {
      Decoding decoding =
          new Decodings(Decoded.read(run, subject), targets, List.of(), stimuli, spec)
              .trials()
              .averaged();
      Ranking ranking = decoding.ranking(Math.min(top, decoding.pool().size()));
      for (int q = 0; q < decoding.rows().size(); q++) {
        String shown = decoding.rows().get(q).unit();
        seen.add(shown);
        if (stimulus.isEmpty() || stimulus.equals(shown)) {
          addRows(rows, subject, shown, ranking.hits().get(q), stimuli);
        }
      }
    }
    if (rows.isEmpty() && !stimulus.isEmpty()) {
      throw new RecipeException(
          "retrieving: the run tests no stimulus '"
              + stimulus
              + "'. "
              + Suggest.nearest(stimulus, seen).map(n -> "Nearest: '" + n + "'.").orElse("")
              + " The tested ones are in sub-*/decoded.tsv.");
    }
    return rows;
  }

  private static void addRows(
      List<Row> rows, String subject, String shown, List<Ranking.Hit> hits, StimulusSet stimuli) {
    for (int place = 0; place < hits.size(); place++) {
      Ranking.Hit hit = hits.get(place);
      String caption = stimuli.contains(hit.id()) ? stimuli.get(hit.id()).caption().orElse("") : "";
      rows.add(new Row(subject, shown, place + 1, hit.id(), hit.similarity(), caption));
    }
  }

  private static List<String> chosen(List<String> all, List<String> wanted) {
    for (String label : wanted) {
      if (!all.contains(label)) {
        throw new RecipeException(
            "choosing subjects: the run has no subject '"
                + label
                + "'. "
                + Suggest.sentence(label, all));
      }
    }
    return wanted.isEmpty() ? all : wanted;
  }
}
