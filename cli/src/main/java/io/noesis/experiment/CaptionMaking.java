package io.noesis.experiment;

import io.noesis.alignment.score.Condition;
import io.noesis.experiment.MadeTable.Row;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.reconstruction.caption.Caption;
import io.noesis.reconstruction.caption.CaptionRequest;
import io.noesis.reconstruction.caption.Captioner;
import io.noesis.reconstruction.caption.WordSearch;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the captions of one subject after another; equal embeddings are captioned once. */
final class CaptionMaking {
  /** How many are written between two looks whether to stop. */
  private static final int TOGETHER = 32;

  private final RunFolder run;
  private final Execution execution;
  private final Progress progress;
  private final MadeRequest request;
  private final CaptionRequest how;
  private final StimulusSet stimuli;

  CaptionMaking(
      RunFolder run,
      Execution execution,
      MadeRequest request,
      CaptionRequest how,
      StimulusSet stimuli) {
    this.run = run;
    this.execution = execution;
    this.progress = new RunLog(run, execution.progress());
    this.request = request;
    this.how = how;
    this.stimuli = stimuli;
  }

  void make(
      String subject, SourceEmbeddings sources, List<Condition> conditions, Captioner captioner) {
    List<Row> rows = new ArrayList<>();
    Map<String, float[]> wanted = new LinkedHashMap<>();
    for (Condition condition : conditions) {
      if (condition == Condition.SHUFFLED || condition == Condition.NEAREST) {
        continue;
      }
      Optional<Tensor> embeddings = sources.embeddings(condition);
      if (embeddings.isEmpty()) {
        progress.warn(
            "no caption for the condition '"
                + condition.key()
                + "': some test stimulus has no category that was trained on");
        continue;
      }
      for (int q = 0; q < sources.ids().size(); q++) {
        String id = sources.ids().get(q);
        float[] embedding = embeddings.get().row(q);
        String key = Fingerprint.ofFloats(embedding);
        wanted.putIfAbsent(key, embedding);
        rows.add(new Row(id, condition.key(), id, "", "", key));
      }
    }
    Map<String, String> captions = captions(subject, wanted, captioner);
    rows.replaceAll(
        r ->
            new Row(
                r.stimulus(),
                r.condition(),
                r.source(),
                "",
                captions.getOrDefault(r.key(), ""),
                r.key()));
    rows.addAll(borrowed(sources, conditions, rows));
    rows.addAll(shown(sources));
    new MadeTable(rows).write(run.file(request.table(subject)));
    run.finish(request.stage(subject), request.identity());
  }

  private Map<String, String> captions(
      String subject, Map<String, float[]> wanted, Captioner captioner) {
    List<String> keys = List.copyOf(wanted.keySet());
    Map<String, String> captions = new LinkedHashMap<>();
    MakingProgress words =
        new MakingProgress(
            progress,
            execution,
            "sub-" + subject + ": captions",
            "making captions of subject " + subject,
            keys.size());
    List<float[]> embeddings = List.copyOf(wanted.values());
    // Drawn words depend on the row's number; alone and with a seed of its own a row does not.
    boolean drawn = how.search() instanceof WordSearch.Nucleus;
    int together = drawn ? 1 : TOGETHER;
    for (int start = 0; start < keys.size(); start += together) {
      int end = Math.min(keys.size(), start + together);
      List<String> batch = keys.subList(start, end);
      List<Caption> said =
          captioner.caption(
              joined(embeddings.subList(start, end)),
              drawn ? drawnFor(batch.get(0)) : how,
              words.ofBatch(batch.size()));
      for (int i = 0; i < batch.size(); i++) {
        captions.put(batch.get(i), oneLine(said.get(i).text()));
      }
      words.kept(batch.size());
    }
    progress.done(keys.size() + " captions");
    return captions;
  }

  private CaptionRequest drawnFor(String key) {
    long seed = Seed.of(how.seed()).child("caption").child(key).random().nextLong();
    return new CaptionRequest(how.search(), how.maxTokens(), seed);
  }

  private static Tensor joined(List<float[]> rows) {
    int width = rows.get(0).length;
    float[] all = new float[rows.size() * width];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * width, width);
    }
    return Tensor.wrap(all, rows.size(), width);
  }

  private List<Row> borrowed(SourceEmbeddings sources, List<Condition> conditions, List<Row> made) {
    List<Row> rows = new ArrayList<>();
    List<String> ids = sources.ids();
    if (conditions.contains(Condition.SHUFFLED)) {
      rows.addAll(sources.shuffled(made));
    }
    List<String> nearest = sources.nearest();
    boolean all = nearest.stream().allMatch(id -> !id.isEmpty() && caption(id).isPresent());
    if (conditions.contains(Condition.NEAREST) && all) {
      for (int q = 0; q < ids.size(); q++) {
        String id = nearest.get(q);
        rows.add(
            new Row(ids.get(q), Condition.NEAREST.key(), id, "", caption(id).orElseThrow(), ""));
      }
    }
    return rows;
  }

  private List<Row> shown(SourceEmbeddings sources) {
    if (sources.ids().stream().anyMatch(id -> caption(id).isEmpty())) {
      return List.of();
    }
    return sources.ids().stream()
        .map(id -> new Row(id, MadeTable.SHOWN, id, "", caption(id).orElseThrow(), ""))
        .toList();
  }

  private Optional<String> caption(String id) {
    return stimuli.contains(id) ? stimuli.get(id).caption() : Optional.empty();
  }

  /** Captioners of bytes can write any character; a table keeps one line of text. */
  private static String oneLine(String text) {
    return text.replaceAll("[\\s\\p{Cc}]+", " ").strip();
  }
}
