package io.noesis.experiment;

import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is decoded by what, and where the embeddings go.
 *
 * @param decoder by what
 * @param responses what
 * @param out folder of the embeddings
 * @param existing what happens to embeddings that are there already
 * @param gallery whose candidates are ranked, where any are: a run folder, or a folder with {@code
 *     embeddings.npy} and {@code embeddings.tsv}
 * @param top how many candidates are ranked
 */
public record EncodingSpec(
    Decoder decoder,
    ResponseFiles responses,
    Path out,
    Execution.Existing existing,
    Optional<Path> gallery,
    int top) {
  /** By what responses are decoded. */
  public sealed interface Decoder {
    /**
     * A decoder of a run folder, with the statistics it was saved with.
     *
     * @param run the folder
     * @param subject whose responses; may be absent where the run has one subject
     * @param fold the number of one fold from 1; without it the mean over the decoders of all folds
     */
    record OfRun(Path run, Optional<String> subject, OptionalInt fold) implements Decoder {}

    /**
     * An ONNX graph of any origin.
     *
     * @param graph the {@code .onnx} file
     * @param statistics a file {@code *_preparation.safetensors} of a run or an export; without it
     *     responses are taken as they are
     * @param output the graph's output that is meant, where there are several
     * @param subject the number for an input {@code subject}
     */
    record Onnx(Path graph, Optional<Path> statistics, Optional<String> output, int subject)
        implements Decoder {}
  }

  /** Checks the number of candidates. */
  public EncodingSpec {
    Check.argument(top >= 1, "the number of candidates must be at least 1, found %d", top);
  }

  /**
   * Decodes with a run's decoders, the mean over folds, into a new folder.
   *
   * @param run a trained run of one subject
   * @param responses what
   * @param out where to
   * @return the settings
   */
  public static EncodingSpec of(Path run, ResponseFiles responses, Path out) {
    return new EncodingSpec(
        new Decoder.OfRun(run, Optional.empty(), OptionalInt.empty()),
        responses,
        out,
        Execution.Existing.RESUME,
        Optional.empty(),
        5);
  }

  /** The same with other decoders. */
  public EncodingSpec with(Decoder other) {
    return new EncodingSpec(other, responses, out, existing, gallery, top);
  }

  /** The same with candidates to rank. */
  public EncodingSpec ranking(Path candidates, int best) {
    return new EncodingSpec(decoder, responses, out, existing, Optional.of(candidates), best);
  }
}
