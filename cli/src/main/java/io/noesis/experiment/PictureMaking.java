package io.noesis.experiment;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.score.Condition;
import io.noesis.experiment.MadeTable.Row;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.run.Check;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.run.Version;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Makes the pictures of one subject after another. A picture is kept under the SHA-256 of its
 * embedding, what else goes into it, seed and model: what an interrupted run has made, or another
 * subject needs too, is not made again.
 */
final class PictureMaking {
  /** How many go through the network together; pictures do not depend on it. */
  private static final int TOGETHER = 8;

  private final RunFolder run;
  private final Execution execution;
  private final Progress progress;
  private final Models models;
  private final PictureRequests requests;
  private final StimulusSet originals;
  private final Seed seed;
  private final Map<String, String> known = new LinkedHashMap<>();

  /**
   * What pictures are made and judged with.
   *
   * @param generator makes them
   * @param plan how they are sampled
   * @param spec the section: what is made with captions or pictures beside the embeddings
   * @param tower sees them
   * @param further what was decoded beside the embeddings
   * @param request under which they are kept
   */
  record Models(
      ImageGenerator generator,
      SamplingPlan plan,
      PicturesSpec spec,
      Optional<PictureTower> tower,
      FurtherInputs further,
      MadeRequest request) {
    boolean reads() {
      return spec.refine().isPresent() || spec.prompt() != PicturesSpec.Prompt.NONE;
    }

    boolean takesNearest() {
      return spec.takesNearest(further.hasLowLevel());
    }
  }

  PictureMaking(
      RunFolder run, Execution execution, Models models, StimulusSet originals, Seed seed) {
    this.run = run;
    this.execution = execution;
    this.progress = new RunLog(run, execution.progress());
    this.models = models;
    this.requests = new PictureRequests(models);
    this.originals = originals;
    this.seed = seed;
  }

  /**
   * Makes those of one subject.
   *
   * @param subject label
   * @param sources the embeddings
   * @param further by name, what goes into the pictures beside them, for the same ids
   * @param conditions what pictures are made from
   */
  void make(
      String subject,
      SourceEmbeddings sources,
      Map<String, SourceEmbeddings> further,
      List<Condition> conditions) {
    progress.begin(subjectStage(subject), 0);
    if (models.request().finished(run, subject)) {
      known.putAll(MadeTable.read(run.file(models.request().table(subject))).byKey());
      progress.done("already made by an earlier run");
      return;
    }
    List<PictureTask> tasks = tasks(subject, sources, further, conditions);
    List<PictureTask> missing =
        tasks.stream().filter(t -> !isThere(t.row())).filter(distinct()).toList();
    MakingProgress steps =
        new MakingProgress(
            progress,
            execution,
            subjectStage(subject),
            "making pictures of subject " + subject,
            missing.size());
    for (int start = 0; start < missing.size(); start += TOGETHER) {
      List<PictureTask> batch = missing.subList(start, Math.min(missing.size(), start + TOGETHER));
      List<PixelImage> pictures = requests.generate(batch, steps.ofBatch(batch.size()));
      for (int i = 0; i < batch.size(); i++) {
        Row row = batch.get(i).row();
        MadePng.write(
            run.file(row.content()), pictures.get(i), texts(subject, row, batch.get(i).caption()));
      }
      steps.kept(batch.size());
    }
    List<Row> rows = new ArrayList<>(tasks.stream().map(PictureTask::row).toList());
    rows.forEach(row -> known.put(row.key(), row.content()));
    BorrowedPictures others = new BorrowedPictures(run, originals, progress);
    rows.addAll(others.borrowed(sources, conditions, rows));
    rows.addAll(others.shown(sources, rows));
    features(subject, rows);
    new MadeTable(rows).write(run.file(models.request().table(subject)));
    run.finish(models.request().stage(subject), models.request().identity());
    progress.done(
        missing.size()
            + " pictures made, "
            + (tasks.size() - missing.size())
            + " taken from before");
  }

  private static String subjectStage(String subject) {
    return "sub-" + subject + ": pictures";
  }

  private static java.util.function.Predicate<PictureTask> distinct() {
    java.util.Set<String> seen = new java.util.HashSet<>();
    return task -> seen.add(task.row().key());
  }

  private List<PictureTask> tasks(
      String subject,
      SourceEmbeddings sources,
      Map<String, SourceEmbeddings> further,
      List<Condition> conditions) {
    further.forEach(
        (name, other) ->
            Check.argument(
                other.ids().equals(sources.ids()),
                "also.%s was decoded of other stimuli than the embeddings",
                name));
    List<PictureTask> tasks = new ArrayList<>();
    MadePrompts prompts = MadePrompts.of(run, subject, models.spec(), seed.root(), progress);
    Map<String, String> planned = new LinkedHashMap<>(known);
    for (Condition condition : conditions) {
      if (condition == Condition.SHUFFLED || condition == Condition.NEAREST) {
        continue;
      }
      Optional<Tensor> embeddings = sources.embeddings(condition);
      if (embeddings.isEmpty()) {
        progress.warn(
            "no picture for the condition '"
                + condition.key()
                + "': some test stimulus has no category that was trained on");
        continue;
      }
      Map<String, Tensor> beside = new TreeMap<>();
      further.forEach((name, other) -> beside.put(name, other.embeddings(condition).orElseThrow()));
      List<Optional<Path>> nearest = nearest(sources, condition);
      for (int q = 0; q < sources.ids().size(); q++) {
        String stimulus = sources.ids().get(q);
        float[] embedding = embeddings.get().row(q);
        long of = seedOf(stimulus);
        String caption = prompts.of(condition, stimulus);
        Map<String, float[]> own = new TreeMap<>();
        for (Map.Entry<String, Tensor> other : beside.entrySet()) {
          own.put(other.getKey(), other.getValue().row(q));
        }
        Optional<Long> draw = drawOf(stimulus);
        String key = key(embedding, own, of, draw, nearest.get(q), caption);
        String file = planned.computeIfAbsent(key, k -> place(subject, condition.key(), stimulus));
        tasks.add(
            new PictureTask(
                new Row(stimulus, condition.key(), stimulus, Long.toString(of), file, key),
                embedding,
                own,
                of,
                draw,
                nearest.get(q),
                caption));
      }
    }
    return tasks;
  }

  /** The training picture that goes into each of a condition's pictures, where one does. */
  private List<Optional<Path>> nearest(SourceEmbeddings sources, Condition condition) {
    if (!models.takesNearest()) {
      return java.util.Collections.nCopies(sources.ids().size(), Optional.empty());
    }
    List<Optional<Path>> nearest = new ArrayList<>();
    for (String id : sources.nearest(condition)) {
      Optional<Path> image = originals.contains(id) ? originals.get(id).image() : Optional.empty();
      nearest.add(
          Optional.of(
              image.orElseThrow(
                  () ->
                      new RecipeException(
                          "taking the nearest training picture: that of the stimulus '"
                              + id
                              + "' is not at hand. Give the study's folder with --root, or leave"
                              + " out pictures.blend, set pictures.start to noise and strength to"
                              + " 1."))));
    }
    return nearest;
  }

  /** PyTorch's generator takes 32 bits of it; the same for all conditions of a stimulus. */
  private long seedOf(String stimulus) {
    return seed.child("picture").child(stimulus).random().nextLong() & 0xffffffffL;
  }

  /** The seed of what a prior draws for a stimulus, where it has one of its own. */
  private Optional<Long> drawOf(String stimulus) {
    return models
        .spec()
        .prior()
        .flatMap(prior -> prior.seed().stream().boxed().findFirst())
        .map(
            root -> Seed.of(root).child("prior").child(stimulus).random().nextLong() & 0xffffffffL);
  }

  private String key(
      float[] embedding,
      Map<String, float[]> further,
      long of,
      Optional<Long> draw,
      Optional<Path> nearest,
      String caption) {
    StringBuilder beside = new StringBuilder();
    further.forEach(
        (name, row) -> beside.append('\n').append(name).append(Fingerprint.ofFloats(row)));
    if (!further.isEmpty()) {
      beside.append('\n').append(models.further().fingerprint());
    }
    return Fingerprint.ofText(
        "noesis-picture-1\n"
            + models.generator().fingerprint()
            + "\n"
            + models.plan()
            + "\n"
            + of
            + "\n"
            + Fingerprint.ofFloats(embedding)
            + beside
            + nearest.map(file -> "\n" + Fingerprint.ofFile(file)).orElse("")
            + (caption.isEmpty() ? "" : "\n" + caption)
            + draw.map(root -> "\ndraw " + root).orElse("")
            + models.spec().negative().map(text -> "\nnot " + text).orElse(""));
  }

  private static String place(String subject, String condition, String stimulus) {
    return Decoded.folder(subject)
        + "/pictures/"
        + condition
        + "/"
        + BorrowedPictures.plain(stimulus)
        + ".png";
  }

  private boolean isThere(Row row) {
    return row.key().equals(MadePng.texts(run.file(row.content())).get(BorrowedPictures.KEY));
  }

  private Map<String, String> texts(String subject, Row row, String caption) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("Source", "AI-generated from decoded brain activity or its nulls; not a photograph");
    texts.put("Software", "Noesis " + Version.current().number());
    texts.put("Noesis condition", row.condition());
    texts.put("Noesis subject", subject);
    texts.put("Noesis stimulus", row.stimulus());
    texts.put("Noesis run", run.identity());
    texts.put("Noesis seed", row.seed());
    if (!caption.isEmpty()) {
      texts.put("Noesis caption", caption);
    }
    models.request().facts().forEach((label, value) -> texts.put("Noesis " + label, value));
    texts.put(BorrowedPictures.KEY, row.key());
    return texts;
  }

  /** What the tower sees in each row's picture; without a tower nothing is written. */
  private void features(String subject, List<Row> rows) {
    Path file = run.file(featureFile(subject));
    if (models.tower().isEmpty()) {
      return;
    }
    List<String> files = rows.stream().map(Row::content).distinct().sorted().toList();
    Embeddings seen =
        models.tower().get().encode(files, i -> PixelImage.read(run.file(files.get(i))));
    int[] rowsOf = seen.rowsOf(rows.stream().map(Row::content).toList());
    Npy.write(file, seen.values().rows(rowsOf));
    List<Map<String, String>> read = models.tower().get().attributes(seen);
    if (!read.isEmpty()) {
      PictureAttributes.write(
          run.file(PictureAttributes.file(subject)),
          IntStream.of(rowsOf).mapToObj(read::get).toList());
    }
  }

  static String featureFile(String subject) {
    return Decoded.folder(subject) + "/pictures.npy";
  }

  static boolean hasFeatures(RunFolder run, MadeRequest request, String subject) {
    return request.facts().containsKey(MadeRequest.TOWER)
        && Files.isRegularFile(run.file(featureFile(subject)));
  }
}
