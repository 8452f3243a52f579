package io.noesis.experiment;

import io.noesis.alignment.retrieve.Ranking;
import io.noesis.alignment.score.Decoding;
import io.noesis.ingest.format.tsv.Tsv;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was retrieved for every query, as a table: the numbers behind the scores. */
final class RetrievalFile {
  private static final int KEPT = 10;

  private RetrievalFile() {}

  static String name(String subject) {
    return Decoded.folder(subject) + "/retrieval.tsv";
  }

  static void write(RunFolder run, String subject, Decoding queries) {
    Ranking ranking = queries.ranking(queries.pool().size());
    List<List<String>> rows = new ArrayList<>();
    for (int q = 0; q < queries.rows().size(); q++) {
      List<Ranking.Hit> hits = ranking.hits().get(q);
      String truth = queries.rows().get(q).truth();
      for (int place = 0; place < hits.size(); place++) {
        Ranking.Hit hit = hits.get(place);
        if (place < KEPT || hit.id().equals(truth)) {
          rows.add(
              List.of(
                  queries.decoded().ids().get(q),
                  truth,
                  Integer.toString(place + 1),
                  hit.id(),
                  String.format(Locale.ROOT, "%.6f", hit.similarity())));
        }
      }
    }
    Tsv.write(
        run.file(name(subject)),
        List.of("query", "truth", "place", "candidate", "similarity"),
        rows);
  }
}
