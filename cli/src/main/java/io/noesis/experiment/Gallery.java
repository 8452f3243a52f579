package io.noesis.experiment;

import io.noesis.alignment.retrieve.Ranking;
import io.noesis.alignment.score.Decoding;
import io.noesis.alignment.score.Target;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.report.Report.Picture;
import io.noesis.report.SubjectPanel.GalleryItem;
import io.noesis.report.SubjectPanel.Retrieved;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Chooses the stimuli that a report shows: some from the best tenth, the middle and the worst tenth
 * by rank, and as many drawn by the seed; never the best only.
 */
final class Gallery {
  private static final int SHOWN_CANDIDATES = 5;

  private final StimulusSet stimuli;

  Gallery(StimulusSet stimuli) {
    this.stimuli = stimuli;
  }

  List<GalleryItem> of(Decoding decoding, int size, Seed seed) {
    int n = decoding.rows().size();
    if (size == 0 || n == 0) {
      return List.of();
    }
    Ranking full = decoding.ranking(decoding.pool().size());
    int[] rank = IntStream.range(0, n).map(q -> rank(full, decoding, q)).toArray();
    List<Integer> byRank =
        IntStream.range(0, n)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(q -> rank[q])
                    .thenComparing(q -> decoding.decoded().ids().get(q)))
            .toList();
    Map<String, List<Integer>> chosen = choose(byRank, Math.max(1, size / 4), seed);
    List<GalleryItem> items = new ArrayList<>();
    chosen.forEach(
        (tag, queries) -> queries.forEach(q -> items.add(item(tag, decoding, full, q, rank[q]))));
    return items;
  }

  private static Map<String, List<Integer>> choose(List<Integer> byRank, int each, Seed seed) {
    int n = byRank.size();
    int tenth = Math.max(each, n / 10);
    Map<String, List<Integer>> chosen = new LinkedHashMap<>();
    chosen.put("random (seeded)", draw(byRank, each, seed.child("random")));
    chosen.put("best tenth", draw(byRank.subList(0, Math.min(n, tenth)), each, seed.child("best")));
    int middle = Math.max(0, n / 2 - tenth / 2);
    chosen.put(
        "middle",
        draw(byRank.subList(middle, Math.min(n, middle + tenth)), each, seed.child("middle")));
    chosen.put(
        "worst tenth", draw(byRank.subList(Math.max(0, n - tenth), n), each, seed.child("worst")));
    Set<Integer> seen = new LinkedHashSet<>();
    chosen.replaceAll((tag, list) -> list.stream().filter(seen::add).toList());
    return chosen;
  }

  private static List<Integer> draw(List<Integer> from, int count, Seed seed) {
    return IntStream.of(seed.random().permutation(from.size()))
        .limit(count)
        .mapToObj(from::get)
        .toList();
  }

  private static int rank(Ranking full, Decoding decoding, int query) {
    String truth = decoding.rows().get(query).truth();
    List<Ranking.Hit> hits = full.hits().get(query);
    return 1
        + IntStream.range(0, hits.size())
            .filter(i -> hits.get(i).id().equals(truth))
            .findFirst()
            .orElseThrow();
  }

  private GalleryItem item(String tag, Decoding decoding, Ranking full, int query, int rank) {
    Decoding.Row row = decoding.rows().get(query);
    boolean categories = decoding.setting().target() == Target.CATEGORY;
    List<Retrieved> retrieved = new ArrayList<>();
    for (Ranking.Hit hit : full.hits().get(query).stream().limit(SHOWN_CANDIDATES).toList()) {
      retrieved.add(
          new Retrieved(
              categories ? new Picture(hit.id(), hit.id(), "") : picture(hit.id()),
              hit.similarity(),
              match(row.truth(), hit.id(), categories)));
    }
    return new GalleryItem(tag, picture(row.unit()), rank, decoding.pool().size(), retrieved);
  }

  private String match(String truth, String candidate, boolean categories) {
    if (truth.equals(candidate)) {
      return "same";
    }
    boolean alike =
        !categories
            && !stimuli.get(truth).category().isEmpty()
            && stimuli.get(truth).category().equals(stimuli.get(candidate).category());
    return alike ? "category" : "other";
  }

  private Picture picture(String id) {
    Stimulus stimulus = stimuli.get(id);
    return new Picture(
        id,
        stimulus.caption().orElse(stimulus.category()),
        stimulus.attributes().getOrDefault(StimulusFile.THUMBNAIL, ""));
  }
}
