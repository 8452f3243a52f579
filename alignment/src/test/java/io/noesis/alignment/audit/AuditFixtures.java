package io.noesis.alignment.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.noesis.alignment.audit.Finding.Verdict;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.alignment.score.Condition;
import io.noesis.alignment.score.Score;
import io.noesis.alignment.train.Lineage;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.Split.Part;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A tiny study of three runs, each with four trials of stimuli of its own, and what must trip each
 * audit on it. The last run is tested.
 */
final class AuditFixtures {
  static final int RUNS = 3;
  static final int PER_RUN = 4;

  private AuditFixtures() {}

  /** What must trip an audit, and what must not; what tripping comes to. */
  record Pair(AuditCase tripping, AuditCase clean, Verdict verdict) {
    Pair(AuditCase tripping, AuditCase clean) {
      this(tripping, clean, Verdict.BLOCK);
    }
  }

  /** By code; the contract test asks for every code of the registry. */
  static Map<String, Pair> all() {
    Draft clean = new Draft();
    Draft sameStimulus = new Draft();
    sameStimulus.shown[9] = sameStimulus.shown[0];
    Draft mixedFit = new Draft();
    mixedFit.fits = List.of(new FitRecord("z-score", "all", rows(0, 12), rows(0, 12)));
    Draft overlap = new Draft();
    overlap.parts[5] = Part.TEST;
    overlap.windowSeconds = 6;
    overlap.fits = List.of();
    Draft chance = new Draft();
    chance.scores = scores(Map.of(), 0.5);
    Draft twoWay = new Draft();
    twoWay.scores =
        clean.scores.stream()
            .filter(s -> s.metric().startsWith("image_from_brain.two_way"))
            .toList();
    AuditCase alone = clean.make();
    Background known = startedFrom(alone, "study/02", "s9");
    Background unknown = startedFrom(alone, "study/02", "s0");
    Draft prior = new Draft();
    prior.made = made(0.5, Condition.CEILING, Made.Input.DECODED_EMBEDDING, Made.Choice.FIRST);
    Draft unlimited = new Draft();
    unlimited.made = made(0.95, Condition.MEAN, Made.Input.DECODED_EMBEDDING, Made.Choice.FIRST);
    Draft told = new Draft();
    told.made = made(0.95, Condition.CEILING, Made.Input.TRUE_CAPTION, Made.Choice.FIRST);
    Draft chosen = new Draft();
    chosen.made =
        made(0.95, Condition.CEILING, Made.Input.DECODED_EMBEDDING, Made.Choice.NEAREST_TO_TRUTH);
    Draft together = new Draft();
    together.alone = Optional.of(new Alone(4, 0.3, scores(Map.of(), 0.8)));
    return Map.ofEntries(
        Map.entry("GENERATOR-PRIOR", new Pair(prior.make(), clean.make())),
        Map.entry("NO-CEILING", new Pair(unlimited.make(), clean.make())),
        Map.entry("TARGET-FED", new Pair(told.make(), clean.make())),
        Map.entry("TEST-SELECTED", new Pair(chosen.make(), clean.make())),
        Map.entry("LEAK-LINEAGE", new Pair(alone.with(known), alone.with(unknown))),
        Map.entry("LEAK-STIMULUS", new Pair(sameStimulus.make(), clean.make())),
        Map.entry("LEAK-FIT", new Pair(mixedFit.make(), clean.make())),
        Map.entry("LEAK-WINDOW", new Pair(overlap.make(), clean.make())),
        Map.entry("NO-SIGNAL", new Pair(chance.make(), clean.make())),
        Map.entry("TWO-WAY-ALONE", new Pair(twoWay.make(), clean.make())),
        Map.entry("TRANSDUCTIVE", new Pair(together.make(), clean.make(), Verdict.WARN)));
  }

  /** A parent that saw one subject and one stimulus. */
  static Background startedFrom(AuditCase of, String subject, String stimulus) {
    Lineage parent = Lineage.of("run", List.of(subject), List.of(of.twins().fingerprint(stimulus)));
    return new Background(List.of(), "study/01", List.of(parent));
  }

  /** Pictures of which one thing may be wrong: their score, what stands beside them, ... */
  static Made made(double twoWay, Condition beside, Made.Input input, Made.Choice choice) {
    return new Made(
        "pictures",
        "picture_tower.two_way",
        Map.of(
            Condition.DECODED,
            List.of(score("picture_tower.two_way@4", twoWay, 0.2, 0.8)),
            Condition.CATEGORY,
            List.of(score("picture_tower.two_way@4", 0.85, 0.2, 0.8)),
            beside,
            List.of(score("picture_tower.two_way@4", 0.97, 0.2, 0.8))),
        List.of(input),
        3,
        choice);
  }

  static List<Integer> rows(int from, int to) {
    List<Integer> rows = new ArrayList<>();
    for (int row = from; row < to; row++) {
      rows.add(row);
    }
    return rows;
  }

  /** What an audit finds in one case, where it finds one thing. */
  static Finding only(Audit audit, AuditCase subject) {
    List<Finding> findings = audit.inspect(subject);
    assertEquals(1, findings.size(), findings.toString());
    assertEquals("01", findings.get(0).subject());
    return findings.get(0);
  }

  /** A score whose p says the same as its band. */
  static Score score(String metric, double value, double nullLow, double nullHigh) {
    return score(metric, value, nullLow, nullHigh, value > nullHigh ? 0.001 : 0.5);
  }

  static Score score(String metric, double value, double nullLow, double nullHigh, double p) {
    boolean lower = metric.contains("median_rank");
    return new Score(
        metric,
        value,
        value - 0.1,
        value + 0.1,
        (nullLow + nullHigh) / 2,
        nullLow,
        nullHigh,
        p,
        4,
        "stimulus",
        lower ? Score.Direction.LOWER : Score.Direction.HIGHER,
        OptionalDouble.empty(),
        "");
  }

  /** The retrieval scores over four candidates; {@code other} overrides single values. */
  static List<Score> scores(Map<String, Double> other, double twoWay) {
    List<Score> scores = new ArrayList<>();
    scores.add(score("image_from_brain.top1@4", other.getOrDefault("top1", 0.25), 0, 0.75));
    scores.add(
        score("image_from_brain.median_rank@4", other.getOrDefault("median_rank", 2.5), 1.5, 3.5));
    scores.add(score("image_from_brain.two_way@4", twoWay, 0.2, 0.8));
    return scores;
  }

  /** The study with everything in order; tests change one thing and make it. */
  static final class Draft {
    final String[] shown = new String[RUNS * PER_RUN];
    final Part[] parts = new Part[RUNS * PER_RUN];
    double windowSeconds = 4;
    double firstOnsetSeconds = 8;
    ResponseKind kind = ResponseKind.SAMPLES;
    List<FitRecord> fits = new ArrayList<>();
    TargetUnit unit = TargetUnit.STIMULUS;
    List<Stimulus> stimuli = new ArrayList<>();
    float[][] targets = new float[RUNS * PER_RUN][];
    List<Score> scores = scores(Map.of("top1", 1.0, "median_rank", 1.0), 0.95);
    Optional<Embeddings> decoded = Optional.empty();
    Made made = made(0.95, Condition.CEILING, Made.Input.DECODED_EMBEDDING, Made.Choice.FIRST);
    Optional<Alone> alone = Optional.of(new Alone(4, 1e-7, List.of()));
    Progress progress = Progress.NONE;

    Draft() {
      for (int i = 0; i < shown.length; i++) {
        shown[i] = "s" + i;
        parts[i] = i < (RUNS - 1) * PER_RUN ? Part.TRAIN : Part.TEST;
        targets[i] = new float[] {i, 1, i % 3};
        stimuli.add(
            new Stimulus(
                "s" + i, i % 2 == 0 ? "cat" : "dog", Optional.empty(), Optional.empty(), Map.of()));
      }
      for (int run = 0; run < RUNS; run++) {
        List<Integer> rows = rows(run * PER_RUN, (run + 1) * PER_RUN);
        fits.add(new FitRecord("z-score per run", "run " + (run + 1), rows, rows));
      }
    }

    AuditCase make() {
      StimulusSet set = StimulusSet.of(stimuli);
      List<Trial> trials = new ArrayList<>();
      for (int i = 0; i < shown.length; i++) {
        double onset = firstOnsetSeconds + 4 * (i % PER_RUN);
        String run = Integer.toString(1 + i / PER_RUN);
        trials.add(
            new Trial(
                "01",
                "",
                run,
                onset,
                2,
                onset,
                onset + windowSeconds,
                shown[i],
                set.get(shown[i]).category(),
                1,
                ""));
      }
      List<Split> folds = List.of(new Split("last run", List.of(parts)));
      return new AuditCase(
          "01",
          new TrialTable(trials),
          set,
          StimulusTwins.find(set, progress),
          folds,
          kind,
          fits,
          unit,
          Optional.of(embeddings(stimuli.stream().map(Stimulus::id).toList(), targets)),
          Optional.of(new AuditCase.Outcome(decoded, scores, List.of(made), alone)));
    }
  }

  static Embeddings embeddings(List<String> ids, float[][] rows) {
    int width = rows[0].length;
    float[] values = new float[ids.size() * width];
    for (int i = 0; i < ids.size(); i++) {
      System.arraycopy(rows[i], 0, values, i * width, width);
    }
    return new Embeddings(
        new EmbeddingSpace("made up", "none", width, EmbeddingSpace.Scaling.RAW),
        ids,
        Tensor.wrap(values, ids.size(), width));
  }
}
