package io.noesis.ingest.study;

import io.noesis.run.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A recorded study that was opened but not read: tables are in memory, recordings are not. Made by
 * a study layout.
 */
public interface Study {
  /** What the study is and who may use it. */
  StudyCard card();

  /** Subject labels without {@code sub-}, sorted. */
  List<String> subjects();

  /** Everything that was shown. */
  StimulusSet stimuli();

  /**
   * The trials of one subject, without reading any recording.
   *
   * @param subject a label of {@link #subjects()}
   * @return one row per trial
   */
  TrialTable trials(String subject);

  /** How this study's responses come from its recordings. */
  ResponseKind kind();

  /**
   * Reads one subject's recordings and makes one response row per trial.
   *
   * @param subject a label of {@link #subjects()}
   * @param progress hears of each run
   * @return trials and responses
   * @throws io.noesis.run.DataException when a file is missing, corrupt or does not fit
   */
  SubjectResponses responses(String subject, Progress progress);

  /**
   * Bytes of memory that {@link #responses} will need at its peak, from headers alone.
   *
   * @param subject a label of {@link #subjects()}
   * @return bytes
   */
  long memoryBytes(String subject);

  /**
   * Whether responses are epochs, {@code [trials, channels, samples]}, from headers alone; {@code
   * [trials, voxels]} else.
   *
   * @param subject a label of {@link #subjects()}
   */
  boolean ofEpochs(String subject);

  /** Embeddings of its stimuli that the study brings along, if it does. */
  default Optional<GivenEmbeddings> embeddings() {
    return Optional.empty();
  }

  /** The folder that it lies in, where it lies in one. */
  default Optional<Path> folder() {
    return Optional.empty();
  }

  /** SHA-256 over the names, sizes and contents of all files that a result depends on. */
  String fingerprint();
}
