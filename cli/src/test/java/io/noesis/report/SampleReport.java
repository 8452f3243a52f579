package io.noesis.report;

import io.noesis.report.GeometryPanel.GeometryLine;
import io.noesis.report.Report.Level;
import io.noesis.report.Report.Line;
import io.noesis.report.Report.Picture;
import io.noesis.report.Report.StudyPanel;
import io.noesis.report.Report.Verdict;
import io.noesis.report.RidgePanel.ContrastLine;
import io.noesis.report.SlotsPanel.SlotContrast;
import io.noesis.report.SlotsPanel.SlotScore;
import io.noesis.report.SlotsPanel.SlotSubject;
import io.noesis.report.SubjectPanel.Confusion;
import io.noesis.report.SubjectPanel.Curve;
import io.noesis.report.SubjectPanel.CurvePoint;
import io.noesis.report.SubjectPanel.GalleryItem;
import io.noesis.report.SubjectPanel.Retrieved;
import io.noesis.report.SubjectPanel.RunStrip;
import io.noesis.report.SubjectPanel.SplitMap;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.List;

/** Makes reports that look like those of a real run; the same arguments give the same report. */
final class SampleReport {
  static final List<String> CATEGORIES =
      List.of(
          "apple", "bicycle", "boat", "car", "cat", "chair", "cup", "dog", "fish", "flower",
          "house", "lamp");

  private SampleReport() {}

  /** A simulated study of that many subjects with every panel. */
  static Report of(int subjects) {
    List<SubjectPanel> panels = new ArrayList<>();
    for (int s = 1; s <= subjects; s++) {
      panels.add(subject(String.format("%02d", s), CATEGORIES, 8));
    }
    return of(panels);
  }

  static Report of(List<SubjectPanel> panels) {
    List<ScoreLine> group = panels.size() < 2 ? List.of() : scores(Seed.of(99).random(), "subject");
    Report report =
        new Report(
            Report.SCHEMA,
            "Alignment on simulated-pictures: brain to caption embedding",
            new Verdict(
                Level.CAUTION,
                "Seen pictures are retrieved above chance in all subjects; one audit has a warning.",
                List.of(
                    "The true caption came first among 60 candidates in 34 % of the trials of the group,"
                        + " against 1.7 % by chance.",
                    "The study is simulated: the numbers show that the method works, not what a brain"
                        + " does.")),
            study("SIMULATED"),
            audits(),
            group,
            panels,
            geometry(panels.stream().map(SubjectPanel::id).toList()),
            List.of(
                "3 voxels of subject 02 hold NaN in run 4 and were removed from the mask.",
                "The embedding of 2 captions was cut at 128 tokens."),
            provenance(),
            methods());
    return panels.isEmpty() ? report : report.with(slots(panels));
  }

  private static SlotsPanel slots(List<SubjectPanel> panels) {
    List<SlotScore> scores = new ArrayList<>();
    List<SlotContrast> contrasts = new ArrayList<>();
    for (String slot : List.of("colour", "all slots", "triples", "new triples")) {
      String metric = slot.endsWith("triples") ? "triple.recall10@60" : "category_accuracy@6";
      String label = slot.endsWith("triples") ? "top-10 of 60" : "category of 6";
      for (String who : List.of("tensor-brain", "ridge")) {
        scores.add(
            new SlotScore(slot, who, line(metric, label, "stimulus", 0.6, 0.1, 0.2, 0.3, 1)));
      }
      contrasts.add(
          new SlotContrast(
              slot,
              "tensor-brain",
              "ridge",
              new ContrastLine(
                  metric, label, -0.2, -0.3, -0.1, 0.004, 60, "stimulus", "HIGHER", "paired")));
    }
    scores.add(
        new SlotScore(
            "triples",
            "tensor-brain, prior of counts",
            lower("triple.median_rank@60", "median rank of 60", "stimulus", 9)));
    List<Line> notes = List.of(new Line("head 'size'", "not scored: <all> show the same"));
    return new SlotsPanel(
        List.of(),
        panels.stream().map(p -> new SlotSubject(p.id(), scores, contrasts, notes)).toList());
  }

  /** A report that compares models with measured geometries and decodes nothing. */
  static Report geometryOnly() {
    return new Report(
        Report.SCHEMA,
        "Models against a geometry",
        new Verdict(Level.SUPPORTED, "3 of 4 models are like it.", List.of()),
        study("RECORDED"),
        List.of(),
        List.of(),
        List.of(),
        geometry(List.of("01", "02", "03")),
        List.of(),
        provenance(),
        methods());
  }

  /** A report in which nothing was found, measured or written down. */
  static Report empty() {
    return new Report(
        Report.SCHEMA,
        "Nothing",
        new Verdict(Level.NOT_SUPPORTED, "No subject has a result.", List.of()),
        new StudyPanel("none", "A study without subjects", "RECORDED", List.of()),
        List.of(),
        List.of(),
        List.of(),
        null,
        List.of(),
        List.of(),
        "");
  }

  static StudyPanel study(String origin) {
    return new StudyPanel(
        "simulated-pictures",
        "Captioned pictures with a planted signal",
        origin,
        List.of(
            new Line("Layout", "bids"),
            new Line("Licence", "CC0-1.0"),
            new Line("Citation", "none: made by noesis simulate"),
            new Line("Target space", "all-minilm-l6-v2, sentence, 384 dimensions, normalised"),
            new Line("Stimuli", "240 pictures, 12 categories in 6 groups")));
  }

  static List<AuditLine> audits() {
    return List.of(
        new AuditLine(
            "LEAK-STIMULUS",
            "PASS",
            "",
            "0 of 60 test stimuli are in training, nearest cosine 0.91",
            "No stimulus of the test part was seen in training, neither itself nor a near copy.",
            "",
            false),
        new AuditLine(
            "LEAK-FIT",
            "PASS",
            "",
            "0 of 5 fitted transforms saw test rows",
            "Means, scales and penalties were fitted on training rows only.",
            "",
            false),
        new AuditLine(
            "LEAK-WINDOW",
            "BLOCK",
            "01",
            "4 test trials begin within 12 s of a training trial",
            "The response to a training trial reaches into these test trials.",
            "Split by run, or leave at least 12 s between the parts.",
            true),
        new AuditLine(
            "TWO-WAY-ALONE", "PASS", "", "top-1 and rank are reported too", "", "", false),
        new AuditLine(
            "NO-SIGNAL",
            "WARN",
            "02",
            "median rank 24.5 is inside its null band [23.0, 38.0]",
            "One of the headline scores of this subject cannot be told from chance.",
            "Add trials, or report the subject as not decodable by rank.",
            false),
        new AuditLine(
            "BLOCK-DESIGN",
            "NOT_JUDGED",
            "",
            "no block labels",
            "The study does not say which trials were shown in one block.",
            "Add a block column to the events.",
            false));
  }

  static SubjectPanel subject(String id, List<String> categories, int galleryItems) {
    PinnedRandom random = Seed.of(7).child("subject-" + id).random();
    return new SubjectPanel(
        id,
        null,
        List.of(
            new Line("Sessions, runs", "2 sessions, 8 runs"),
            new Line("Trials", "480 (240 stimuli, 2 repetitions)"),
            new Line("Volumes", "8 × 210, TR 2.0 s"),
            new Line("Voxels", "1,842 in the mask, 1,839 kept"),
            new Line("Responses", "single-trial betas, double-gamma response"),
            new Line("Missing values", "0")),
        split(random),
        scores(random, "stimulus"),
        curve(random),
        confusion(random, categories),
        gallery(random, categories, galleryItems));
  }

  static SubjectPanel failed(String id) {
    return new SubjectPanel(
        id,
        "run 3: the file is truncated after 1,024 bytes; expected 8,294,752",
        List.of(),
        null,
        List.of(),
        null,
        null,
        List.of());
  }

  static List<ScoreLine> scores(PinnedRandom random, String unit) {
    double top1 = 0.28 + 0.1 * random.nextDouble();
    double top5 = top1 + 0.3;
    double rank = 2.5 + 22 * random.nextDouble();
    double two = 0.84 + 0.1 * random.nextDouble();
    return List.of(
        line("image_from_brain.top1@60", "Top-1 of 60", unit, top1, 0.06, 1 / 60.0, 0.05, 0.81),
        line("image_from_brain.top5@60", "Top-5 of 60", unit, top5, 0.07, 5 / 60.0, 0.12, 0.97),
        lower("image_from_brain.median_rank@60", "Median rank of 60", unit, rank),
        line("image_from_brain.two_way", "Two-way identification", unit, two, 0.03, 0.5, 0.55, 1),
        line("correlation.pattern", "Pattern correlation", unit, 0.31, 0.02, 0, 0.04, 0.52));
  }

  private static ScoreLine line(
      String metric,
      String label,
      String unit,
      double value,
      double half,
      double chance,
      double nullHigh,
      double ceiling) {
    return new ScoreLine(
        metric,
        label,
        !metric.startsWith("correlation"),
        value,
        value - half,
        value + half,
        chance,
        Math.max(0, 2 * chance - nullHigh),
        nullHigh,
        1 / 1001.0,
        60,
        unit,
        "HIGHER",
        ceiling,
        "2 repetitions averaged; pool of 60 test stimuli; seed 1");
  }

  private static ScoreLine lower(String metric, String label, String unit, double rank) {
    return new ScoreLine(
        metric,
        label,
        true,
        rank,
        Math.max(1, rank - 2.5),
        rank + 3,
        30.5,
        23,
        38,
        rank < 23 ? 1 / 1001.0 : 0.0731,
        60,
        unit,
        "LOWER",
        null,
        "2 repetitions averaged; pool of 60 test stimuli; seed 1");
  }

  private static SplitMap split(PinnedRandom random) {
    List<RunStrip> runs = new ArrayList<>();
    for (int run = 1; run <= 8; run++) {
      StringBuilder parts = new StringBuilder();
      for (int t = 0; t < 60; t++) {
        double u = random.nextDouble();
        parts.append(u < 0.65 ? 'T' : u < 0.75 ? 'V' : u < 0.97 ? 'E' : '-');
      }
      runs.add(new RunStrip("ses-" + (run < 5 ? 1 : 2) + " run-" + run, parts.toString()));
    }
    return new SplitMap(
        "by-stimulus",
        "9f2c1b7a5d8e4c3f9f2c1b7a5d8e4c3f9f2c1b7a5d8e4c3f9f2c1b7a5d8e4c3f",
        4,
        List.of(
            new Line("Training trials", "312"),
            new Line("Test trials", "106"),
            new Line("Shared stimuli", "0")),
        runs);
  }

  private static Curve curve(PinnedRandom random) {
    double strength = 0.5 + 0.4 * random.nextDouble();
    List<CurvePoint> points = new ArrayList<>();
    for (int pool : new int[] {2, 5, 10, 20, 40, 60}) {
      double top1 = 1 / (1 + (pool - 1) * 0.12 * (1.2 - strength));
      double chance = 1.0 / pool;
      points.add(
          new CurvePoint(
              pool,
              top1,
              top1 - 0.05,
              Math.min(1, top1 + 0.05),
              Math.min(1, top1 + 0.25 * Math.log10(pool)),
              chance,
              Math.max(0, chance - 0.08),
              Math.min(1, chance + 0.08),
              Math.min(1, 5.0 / pool)));
    }
    return new Curve(points);
  }

  private static Confusion confusion(PinnedRandom random, List<String> categories) {
    int n = categories.size();
    List<List<Integer>> counts = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      List<Integer> row = new ArrayList<>();
      for (int j = 0; j < n; j++) {
        double u = random.nextDouble();
        row.add(i == j ? 8 + (int) (u * 12) : u > 0.6 ? (int) (u * u * 6) : 0);
      }
      counts.add(row);
    }
    return new Confusion(categories, counts);
  }

  private static List<GalleryItem> gallery(PinnedRandom random, List<String> categories, int n) {
    List<String> tags = List.of("best 10 %", "median", "worst 10 %", "random (seeded)");
    List<GalleryItem> items = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      String tag = tags.get(Math.min(3, i * 4 / Math.max(1, n)));
      int rank = tag.startsWith("best") ? 1 : tag.equals("median") ? 3 : 2 + (int) (10 * i / 3.0);
      int seen = i % categories.size();
      List<Retrieved> retrieved = new ArrayList<>();
      for (int k = 1; k <= 5; k++) {
        boolean same = k == rank;
        int other = same ? seen : (seen + (k % 2 == 0 ? 0 : k)) % categories.size();
        retrieved.add(
            new Retrieved(
                picture(categories, other, same ? 0 : k),
                0.71 - 0.06 * k - 0.02 * random.nextDouble(),
                same ? "same" : other == seen ? "category" : "other"));
      }
      items.add(new GalleryItem(tag, picture(categories, seen, 0), rank, 60, retrieved));
    }
    return items;
  }

  static Picture picture(List<String> categories, int category, int exemplar) {
    String name = categories.get(category);
    return new Picture(
        name + "-" + exemplar,
        "a small red " + name + " at the left of a grey background",
        "pictures/" + name + "-" + exemplar + ".png");
  }

  private static GeometryPanel geometry(List<String> subjects) {
    List<GeometryLine> models = new ArrayList<>();
    String[] names = {"caption embedding", "category membership", "pixel silhouette", "random"};
    double[] values = {0.31, 0.24, 0.08, 0.004};
    for (int m = 0; m < names.length; m++) {
      List<Double> each = new ArrayList<>();
      for (int s = 0; s < subjects.size(); s++) {
        each.add(values[m] + 0.03 * (s - 1.5));
      }
      ScoreLine score =
          new ScoreLine(
              "geometry.spearman",
              names[m],
              false,
              values[m],
              values[m] - 0.05,
              values[m] + 0.05,
              0,
              -0.03,
              0.03,
              m < 3 ? 0.001 : 0.43,
              92,
              "condition",
              "HIGHER",
              0.42,
              "Spearman over the upper triangle");
      models.add(new GeometryLine(names[m], score, each));
    }
    return new GeometryPanel(
        "spearman", 0.36, 0.42, subjects, List.of(new Line("Conditions", "92")), models);
  }

  private static List<Line> provenance() {
    return List.of(
        new Line("Command", "noesis run cli/recipes/demo.yaml --out demo"),
        new Line("Run", "3f1d20c2a4b96e1d7c55"),
        new Line("Recipe hash", "5b0a8e0f7a8f1f5f2d3f4c1e9a7b6d5c4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b"),
        new Line("Noesis", "0.1.0 (c49801c)"),
        new Line("Java", "17.0.15, Linux amd64, 2 threads"),
        new Line("Seed", "1"));
  }

  private static String methods() {
    return """
        Responses were single-trial GLM estimates (canonical double-gamma response, TR 2.0 s) of
        1,839 voxels. Target embeddings were those of the captions (all-MiniLM-L6-v2, 384
        dimensions). A multi-target ridge regression was fitted per subject on 312 trials; its
        penalty was chosen by cross-validation within the training part. Stimuli of the test part
        (n = 60) were never trained on. Intervals are 95 % bootstrap intervals over stimuli; p
        values come from 1,000 permutations of stimulus ids.

        Software: Noesis 0.1.0. Run: 3f1d20c2a4b96e1d7c55.
        """;
  }
}
