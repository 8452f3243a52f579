package io.noesis.alignment.audit;

import io.noesis.alignment.score.Score;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code TWO-WAY-ALONE}: two-way identification flatters (0.9 in pairs may be rank 100 of 1000), so
 * it may only stand beside top-k and median rank over the same pool; for categories, beside the
 * accuracy over all categories.
 */
final class TwoWayAlone implements Audit {
  static final String CODE = "TWO-WAY-ALONE";
  private static final Pattern TWO_WAY = Pattern.compile("(\\w+)\\.two_way\\w*(@.*)?");

  @Override
  public String code() {
    return CODE;
  }

  @Override
  public Phase phase() {
    return Phase.RESULT;
  }

  @Override
  public List<Finding> inspect(AuditCase subject) {
    Findings findings = new Findings(CODE, subject.subject());
    List<String> names =
        subject.outcome().map(AuditCase.Outcome::scores).orElse(List.of()).stream()
            .map(Score::metric)
            .toList();
    if (names.isEmpty()) {
      return List.of(findings.notJudged("no scores", "Nothing was scored.", "Run the evaluation."));
    }
    int found = 0;
    Set<String> alone = new LinkedHashSet<>();
    for (String name : names) {
      Matcher twoWay = TWO_WAY.matcher(name);
      if (twoWay.matches()) {
        found++;
        String pool = twoWay.group(2) == null ? "" : twoWay.group(2);
        missing(twoWay.group(1), pool, names).forEach(m -> alone.add(name + " lacks " + m));
      }
    }
    if (alone.isEmpty()) {
      return List.of(
          findings.pass(
              found + " two-way scores, each beside ranks over its full pool",
              "Two-way identification is never read alone."));
    }
    return List.of(
        findings.block(
            String.join("; ", alone),
            "Two-way identification is high for results of little use: chance is 0.5 whatever the"
                + " pool.",
            "Report top-k and the median rank over the same pool beside it."));
  }

  private static List<String> missing(String way, String pool, List<String> names) {
    List<String> missing = new ArrayList<>();
    if (way.equals("category_from_brain")) {
      if (!any(names, "(category_(balanced_)?accuracy|category_from_brain\\.top\\d+)", pool)) {
        missing.add("category_accuracy" + pool);
      }
      return missing;
    }
    if (!any(names, Pattern.quote(way) + "\\.top\\d+", pool)) {
      missing.add(way + ".top<k>" + pool);
    }
    if (!any(names, Pattern.quote(way) + "\\.median_rank", pool)) {
      missing.add(way + ".median_rank" + pool);
    }
    return missing;
  }

  private static boolean any(List<String> names, String pattern, String pool) {
    Pattern wanted = Pattern.compile(pattern + Pattern.quote(pool));
    return names.stream().anyMatch(name -> wanted.matcher(name).matches());
  }
}
