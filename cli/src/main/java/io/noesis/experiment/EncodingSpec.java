package io.noesis.experiment;

import io.noesis.encoders.onnx.OnnxOptions;
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
 * @param seen what was seen in these trials, where that is known
 * @param told what the decoder is told of the stimuli, where it asks for something
 * @param options what executes networks, diffusion priors and graphs; what cannot be had is refused
 */
public record EncodingSpec(
    Decoder decoder,
    ResponseFiles responses,
    Path out,
    Execution.Existing existing,
    Optional<Path> gallery,
    int top,
    Optional<Seen> seen,
    ToldFiles told,
    OnnxOptions options) {
  /**
   * What was seen, as those say who recorded it.
   *
   * @param table a TSV file with a column {@code stimulus}, one line per row of responses; ids of
   *     the study that the run decodes
   * @param root the study's folder, where the run's recipe does not say it
   */
  public record Seen(Path table, Optional<Path> root) {}

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
     * @param prior the folder of a diffusion prior's pack that draws from what the graph gives; row
     *     i from the noise of PyTorch's seed plus i, 0 where it has none
     */
    record Onnx(
        Path graph,
        Optional<Path> statistics,
        Optional<String> output,
        int subject,
        Optional<PriorPackSpec> prior)
        implements Decoder {}
  }

  /** Of trials of which nobody knows what was seen, on the processor. */
  public EncodingSpec(
      Decoder decoder,
      ResponseFiles responses,
      Path out,
      Execution.Existing existing,
      Optional<Path> gallery,
      int top) {
    this(
        decoder,
        responses,
        out,
        existing,
        gallery,
        top,
        Optional.empty(),
        ToldFiles.NONE,
        OnnxOptions.SINGLE_THREADED);
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
    return new EncodingSpec(other, responses, out, existing, gallery, top, seen, told, options);
  }

  /** The same with what was seen. */
  public EncodingSpec knowing(Path table, Optional<Path> root) {
    return new EncodingSpec(
        decoder,
        responses,
        out,
        existing,
        gallery,
        top,
        Optional.of(new Seen(table, root)),
        told,
        options);
  }

  /** The same, the decoder being told something of the stimuli. */
  public EncodingSpec telling(ToldFiles files) {
    return new EncodingSpec(decoder, responses, out, existing, gallery, top, seen, files, options);
  }

  /** The same with candidates to rank. */
  public EncodingSpec ranking(Path candidates, int best) {
    return new EncodingSpec(
        decoder, responses, out, existing, Optional.of(candidates), best, seen, told, options);
  }

  /**
   * The same, computed elsewhere.
   *
   * @param device {@code cpu}, {@code cuda}, {@code tensorrt}, {@code coreml} or {@code directml},
   *     with {@code :n} for another card than the first
   * @return the settings
   * @throws IllegalArgumentException when there is no such device
   */
  public EncodingSpec on(String device) {
    return new EncodingSpec(
        decoder, responses, out, existing, gallery, top, seen, told, options.on(device));
  }
}
