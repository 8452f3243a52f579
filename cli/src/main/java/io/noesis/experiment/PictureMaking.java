package io.noesis.experiment;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.ImagePreprocess;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.score.Condition;
import io.noesis.experiment.MadeTable.Row;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.reconstruction.diffusion.Blended;
import io.noesis.reconstruction.diffusion.EmbeddingRequest;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.reconstruction.diffusion.SamplingPlan;
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
 * embedding, seed and model: what an interrupted run has made, or another subject needs too, is not
 * made again.
 */
final class PictureMaking {
  /** How many go through the network together; pictures do not depend on it. */
  private static final int TOGETHER = 8;

  /** At which size MindEye2 blends. */
  private static final int LOW_LEVEL_SIDE = 256;

  private static final String KEY = "Noesis key";

  private final RunFolder run;
  private final Execution execution;
  private final Progress progress;
  private final Models models;
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
   * @param request under which they are kept
   */
  record Models(
      ImageGenerator generator,
      SamplingPlan plan,
      PicturesSpec spec,
      Optional<PictureTower> tower,
      MadeRequest request) {
    boolean reads() {
      return spec.refine().isPresent();
    }
  }

  PictureMaking(
      RunFolder run, Execution execution, Models models, StimulusSet originals, Seed seed) {
    this.run = run;
    this.execution = execution;
    this.progress = new RunLog(run, execution.progress());
    this.models = models;
    this.originals = originals;
    this.seed = seed;
  }

  /** A picture to be made. */
  @SuppressWarnings("ArrayRecordComponent") // Private; made once, read only.
  private record Task(
      Row row, float[] embedding, long seed, Optional<Path> nearest, String caption) {}

  void make(String subject, SourceEmbeddings sources, List<Condition> conditions) {
    progress.begin(subjectStage(subject), 0);
    if (models.request().finished(run, subject)) {
      known.putAll(MadeTable.read(run.file(models.request().table(subject))).byKey());
      progress.done("already made by an earlier run");
      return;
    }
    List<Task> tasks = tasks(subject, sources, conditions);
    List<Task> missing = tasks.stream().filter(t -> !isThere(t.row())).filter(distinct()).toList();
    MakingProgress steps =
        new MakingProgress(
            progress,
            execution,
            subjectStage(subject),
            "making pictures of subject " + subject,
            missing.size());
    for (int start = 0; start < missing.size(); start += TOGETHER) {
      List<Task> batch = missing.subList(start, Math.min(missing.size(), start + TOGETHER));
      generate(subject, batch, steps.ofBatch(batch.size()));
      steps.kept(batch.size());
    }
    List<Row> rows = new ArrayList<>(tasks.stream().map(Task::row).toList());
    rows.forEach(row -> known.put(row.key(), row.content()));
    rows.addAll(borrowed(sources, conditions, rows));
    rows.addAll(shown(sources, size(rows)));
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

  private static java.util.function.Predicate<Task> distinct() {
    java.util.Set<String> seen = new java.util.HashSet<>();
    return task -> seen.add(task.row().key());
  }

  private List<Task> tasks(String subject, SourceEmbeddings sources, List<Condition> conditions) {
    List<Task> tasks = new ArrayList<>();
    Map<String, String> captions = captions(subject);
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
      List<Optional<Path>> nearest = nearest(sources, condition);
      for (int q = 0; q < sources.ids().size(); q++) {
        String stimulus = sources.ids().get(q);
        float[] embedding = embeddings.get().row(q);
        long of = seedOf(stimulus);
        String caption = captions.getOrDefault(Fingerprint.ofFloats(embedding), "");
        String key = key(embedding, of, nearest.get(q), caption);
        String file = planned.computeIfAbsent(key, k -> place(subject, condition.key(), stimulus));
        tasks.add(
            new Task(
                new Row(stimulus, condition.key(), stimulus, Long.toString(of), file, key),
                embedding,
                of,
                nearest.get(q),
                caption));
      }
    }
    return tasks;
  }

  /** The training picture that goes into each of a condition's pictures, where one does. */
  private List<Optional<Path>> nearest(SourceEmbeddings sources, Condition condition) {
    if (!models.spec().takesNearest()) {
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

  /** The captions that were made, by the fingerprint of their embedding. */
  private Map<String, String> captions(String subject) {
    Path table = run.file(Decoded.folder(subject) + "/" + MadeRequest.CAPTIONS + ".tsv");
    if (models.reads() && !Files.isRegularFile(table)) {
      progress.warn(
          "the second stage of pictures reads no captions, for none were made; make them first");
    }
    return models.reads() && Files.isRegularFile(table) ? MadeTable.read(table).byKey() : Map.of();
  }

  private String key(float[] embedding, long of, Optional<Path> nearest, String caption) {
    return Fingerprint.ofText(
        "noesis-picture-1\n"
            + models.generator().fingerprint()
            + "\n"
            + models.plan()
            + "\n"
            + of
            + "\n"
            + Fingerprint.ofFloats(embedding)
            + nearest.map(file -> "\n" + Fingerprint.ofFile(file)).orElse("")
            + (caption.isEmpty() ? "" : "\n" + caption));
  }

  private static String place(String subject, String condition, String stimulus) {
    return Decoded.folder(subject) + "/pictures/" + condition + "/" + plain(stimulus) + ".png";
  }

  /** A file name of an id; ids that differ only in other characters differ in the digits. */
  private static String plain(String id) {
    String plain = id.replaceAll("[^A-Za-z0-9_-]", "_");
    return plain.equals(id) && id.length() <= 60
        ? id
        : plain.substring(0, Math.min(50, plain.length()))
            + "-"
            + Fingerprint.ofText(id).substring(0, 8);
  }

  private boolean isThere(Row row) {
    return row.key().equals(MadePng.texts(run.file(row.content())).get(KEY));
  }

  private void generate(String subject, List<Task> batch, Progress steps) {
    int width = batch.get(0).embedding().length;
    float[] rows = new float[batch.size() * width];
    List<Long> seeds = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      System.arraycopy(batch.get(i).embedding(), 0, rows, i * width, width);
      seeds.add(batch.get(i).seed());
    }
    List<PixelImage> pictures =
        models
            .generator()
            .generate(request(Tensor.wrap(rows, batch.size(), width), seeds, batch), steps)
            .images();
    for (int i = 0; i < batch.size(); i++) {
      Row row = batch.get(i).row();
      MadePng.write(run.file(row.content()), pictures.get(i), texts(subject, row));
    }
  }

  private EmbeddingRequest request(Tensor rows, List<Long> seeds, List<Task> batch) {
    EmbeddingRequest plain =
        new EmbeddingRequest(
            rows,
            models.reads() ? batch.stream().map(Task::caption).toList() : List.of(),
            "",
            seeds,
            models.plan().withStrength(1),
            Optional.empty(),
            Map.of());
    if (!models.spec().takesNearest()) {
      return plain;
    }
    List<PixelImage> nearest =
        batch.stream().map(task -> PixelImage.read(task.nearest().orElseThrow())).toList();
    EmbeddingRequest blending =
        models.spec().blend().isPresent()
            ? plain.with(Map.of(Blended.LOW_LEVEL, lowLevel(nearest)))
            : plain;
    return models.spec().start() == PicturesSpec.Start.NEAREST
        ? blending.from(models.generator().start(nearest), models.plan())
        : blending;
  }

  /** Their middle squares, {@code [n, 3, side, side]} in [0, 1]. */
  private static Tensor lowLevel(List<PixelImage> pictures) {
    int plane = LOW_LEVEL_SIDE * LOW_LEVEL_SIDE;
    float[] out = new float[pictures.size() * 3 * plane];
    for (int row = 0; row < pictures.size(); row++) {
      byte[] rgb = ImagePreprocess.clip(LOW_LEVEL_SIDE).square(pictures.get(row)).rgb();
      for (int i = 0; i < rgb.length; i++) {
        out[(row * 3 + i % 3) * plane + i / 3] = (rgb[i] & 0xff) / 255f;
      }
    }
    return Tensor.wrap(out, pictures.size(), 3, LOW_LEVEL_SIDE, LOW_LEVEL_SIDE);
  }

  private Map<String, String> texts(String subject, Row row) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("Source", "AI-generated from decoded brain activity or its nulls; not a photograph");
    texts.put("Software", "Noesis " + Version.current().number());
    texts.put("Noesis condition", row.condition());
    texts.put("Noesis subject", subject);
    texts.put("Noesis stimulus", row.stimulus());
    texts.put("Noesis run", run.identity());
    texts.put("Noesis seed", row.seed());
    models.request().facts().forEach((label, value) -> texts.put("Noesis " + label, value));
    texts.put(KEY, row.key());
    return texts;
  }

  /** What is made by no model: the picture of another response, and that of a training stimulus. */
  private List<Row> borrowed(SourceEmbeddings sources, List<Condition> conditions, List<Row> made) {
    List<Row> rows = new ArrayList<>();
    List<String> ids = sources.ids();
    if (conditions.contains(Condition.SHUFFLED)) {
      rows.addAll(sources.shuffled(made));
    }
    List<String> nearest = sources.nearest();
    if (conditions.contains(Condition.NEAREST) && !nearest.contains("")) {
      int side = size(made);
      for (int q = 0; q < ids.size(); q++) {
        String id = nearest.get(q);
        Optional<String> file = copy(id, "pictures/training/", side);
        if (file.isEmpty()) {
          progress.warn(
              "the picture of the training stimulus '"
                  + id
                  + "' is not at hand, so the nearest training pictures are left out; give --root");
          return rows.stream().filter(r -> !isNearest(r)).toList();
        }
        rows.add(new Row(ids.get(q), Condition.NEAREST.key(), id, "", file.get(), ""));
      }
    }
    return rows;
  }

  private static boolean isNearest(Row row) {
    return row.condition().equals(Condition.NEAREST.key());
  }

  private List<Row> shown(SourceEmbeddings sources, int side) {
    List<Row> rows = new ArrayList<>();
    if (!sources.known()) {
      return rows;
    }
    for (String id : sources.ids()) {
      Optional<String> file = copy(id, "pictures/shown/", side);
      if (file.isEmpty()) {
        progress.warn(
            "the picture of the stimulus '"
                + id
                + "' is not at hand, so pictures are made but not scored; give --root");
        return List.of();
      }
      rows.add(new Row(id, MadeTable.SHOWN, id, "", file.get(), ""));
    }
    return rows;
  }

  private int size(List<Row> made) {
    return PixelImage.read(run.file(made.get(0).content())).width();
  }

  /** A stimulus's picture as scores compare it: its middle square at the generator's size. */
  private Optional<String> copy(String id, String folder, int side) {
    Optional<Path> image = originals.contains(id) ? originals.get(id).image() : Optional.empty();
    String file = folder + plain(id) + ".png";
    if (image.isEmpty()) {
      // An earlier call with the study at hand may have left it here.
      boolean there = MadePng.texts(run.file(file)).getOrDefault(KEY, "").startsWith(side + " ");
      return there ? Optional.of(file) : Optional.empty();
    }
    String key = side + " of " + Fingerprint.ofFile(image.get());
    if (!key.equals(MadePng.texts(run.file(file)).get(KEY))) {
      Map<String, String> texts = new TreeMap<>();
      texts.put("Source", "stimulus as it was shown, its middle square, made smaller or larger");
      texts.put("Noesis stimulus", id);
      texts.put(KEY, key);
      MadePng.write(
          run.file(file), ImagePreprocess.clip(side).square(PixelImage.read(image.get())), texts);
    }
    return Optional.of(file);
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
