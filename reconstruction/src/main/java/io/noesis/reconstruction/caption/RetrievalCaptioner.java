package io.noesis.reconstruction.caption;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.retrieve.Gallery;
import io.noesis.alignment.retrieve.Ranking;
import io.noesis.run.CancelledException;
import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The honest baseline: the caption of the training stimulus whose embedding is nearest (cosine),
 * and its id. What a captioner writes is only worth its network where it is better than this.
 */
public final class RetrievalCaptioner implements Captioner {
  private final Embeddings training;
  private final Map<String, String> captions;
  private final Gallery gallery;

  private RetrievalCaptioner(Embeddings training, Map<String, String> captions) {
    this.training = training;
    this.captions = captions;
    this.gallery = Gallery.of(training);
  }

  /**
   * A captioner that copies from training stimuli.
   *
   * @param training the target embeddings of the stimuli that the encoder was trained on, by
   *     stimulus id; never of test stimuli
   * @param captions the caption of each
   * @return the captioner
   * @throws DataException when a training stimulus has no caption
   */
  public static RetrievalCaptioner of(Embeddings training, Map<String, String> captions) {
    for (String id : training.ids()) {
      if (captions.getOrDefault(id, "").isBlank()) {
        throw new DataException(
            "making the retrieval captioner: the training stimulus '"
                + id
                + "' has no caption, expected one for each of "
                + training.size()
                + ". Add a 'caption' column to the stimulus table.");
      }
    }
    return new RetrievalCaptioner(training, Map.copyOf(captions));
  }

  @Override
  public EmbeddingSpace space() {
    return training.space();
  }

  @Override
  public List<Caption> caption(Tensor embeddings, CaptionRequest request, Progress progress) {
    Check.argument(embeddings.shape().rank() >= 2, "embeddings need rows, found %s", embeddings);
    if (Thread.interrupted()) {
      throw new CancelledException("copying captions was interrupted");
    }
    int rows = embeddings.dim(0);
    progress.begin("copying " + rows + " captions", rows);
    List<String> ids = IntStream.range(0, rows).mapToObj(Integer::toString).toList();
    Tensor flat = embeddings.reshape(rows, training.space().dim());
    Ranking ranking = gallery.rank(new Embeddings(space(), ids, flat), 1);
    progress.step(rows);
    progress.done(rows + " captions");
    return ids.stream().map(id -> copy(ranking.of(id).get(0).id())).toList();
  }

  private Caption copy(String stimulus) {
    String text = captions.get(stimulus);
    return new Caption(text == null ? "" : text, List.of(), Optional.of(stimulus));
  }

  @Override
  public String fingerprint() {
    StringBuilder all = new StringBuilder(training.space().toString());
    training.ids().forEach(id -> all.append('\n').append(id).append('\t').append(captions.get(id)));
    return Fingerprint.ofText(all + "\n" + Arrays.hashCode(training.values().array()));
  }

  /** Holds nothing that needs closing. */
  @Override
  public void close() {
    // Arrays only.
  }
}
