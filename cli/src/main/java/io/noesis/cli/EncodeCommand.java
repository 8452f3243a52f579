package io.noesis.cli;

import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.experiment.Encoding;
import io.noesis.experiment.EncodingSpec;
import io.noesis.experiment.EncodingSpec.Decoder;
import io.noesis.experiment.Execution;
import io.noesis.experiment.ResponseFiles;
import io.noesis.experiment.Retrieval;
import io.noesis.experiment.ToldFiles;
import io.noesis.ingest.signal.Scaling;
import io.noesis.ingest.signal.Trend;
import io.noesis.ingest.volume.MaskerOptions;
import io.noesis.ingest.volume.NonFinite;
import io.noesis.run.RecipeException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis encode RUN RESPONSES...}: apply a trained decoder to new responses. */
@Command(
    name = "encode",
    description = {
      "Apply a trained decoder to new responses: embeddings.npy, trials.tsv and provenance.json.",
      "  noesis encode RUN RESPONSES... --out FOLDER            a decoder of a run, with the voxel"
          + " means and deviations it was saved with",
      "  noesis encode RESPONSES... --onnx FILE --out FOLDER    an ONNX encoder of any origin",
      "Without --fold the embeddings are the mean over the decoders of all folds. Where the run has"
          + " a diffusion prior, it draws them, row i from the same noise as test trial i of the"
          + " run's fold. 'noesis caption FOLDER' and 'noesis reconstruct FOLDER' go on from there."
    },
    footer = {
      "",
      "RESPONSES are .npy files, [trials, voxels] as they were before the recipe's standardisation,"
          + " or NIfTI images with --mask."
    })
final class EncodeCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN RESPONSES",
      description = "A trained run folder (not with --onnx), then the files of responses.")
  List<Path> paths = new ArrayList<>();

  @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "Where to.")
  Path out;

  @Option(
      names = "--subject",
      paramLabel = "LABEL",
      description =
          "Whose responses these are, where the run has several subjects; with --onnx the number for"
              + " an input 'subject'.")
  @Nullable String subject;

  @Option(
      names = "--fold",
      paramLabel = "N",
      description = "Only the decoder of this fold, from 1.")
  @Nullable Integer fold;

  @Option(
      names = "--onnx",
      paramLabel = "FILE",
      description = "An ONNX graph instead of a run; names and ranks are read from it.")
  @Nullable Path onnx;

  @Option(
      names = "--statistics",
      paramLabel = "FILE",
      description =
          "With --onnx: the *_preparation.safetensors of an export, to be applied before.")
  @Nullable Path statistics;

  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "With --onnx: the graph's output that is meant, where there are several.")
  @Nullable String output;

  @Option(
      names = "--prior",
      paramLabel = "PACK",
      description =
          "With --onnx: the folder of a diffusion prior that draws from what the graph gives, as"
              + " 'noesis export' writes it beside a graph.")
  @Nullable Path prior;

  @Mixin PriorOptions priorOptions;

  @Option(
      names = "--mask",
      paramLabel = "MASK",
      description = "For images: a 3-D image whose voxels that are not 0 are columns.")
  @Nullable Path mask;

  @Option(names = "--detrend", description = "For images: remove a line from each voxel's course.")
  boolean detrend;

  @Option(
      names = "--zscore",
      description = "For images: each voxel to mean 0 and standard deviation 1 within its image.")
  boolean zscore;

  @Option(
      names = "--input",
      paramLabel = "NAME=FILE",
      description =
          "What the decoder is told of the stimuli (encoder.inputs of its recipe): a .npy file with a"
              + " row for each row of responses, in the axes of training. May be given several times.")
  Map<String, Path> inputs = new LinkedHashMap<>();

  @Option(
      names = "--gallery",
      paramLabel = "FOLDER",
      description =
          "Rank these candidates: a run, or a folder with embeddings.npy and embeddings.tsv.")
  @Nullable Path gallery;

  @Option(
      names = "--top",
      paramLabel = "K",
      converter = AtLeast.One.class,
      description = "With --gallery: how many candidates (default: ${DEFAULT-VALUE}).")
  int top = 5;

  @Option(
      names = "--seen",
      paramLabel = "TABLE",
      description =
          "What was seen, where it is known: a TSV file with a column 'stimulus' and a line for each"
              + " row of responses. What the decoder did not learn from can then be scored.")
  @Nullable Path seen;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "With --seen: the study's folder, whose stimuli these are.")
  @Nullable Path root;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "What executes networks, diffusion priors and graphs: cpu, cuda, tensorrt, coreml,"
              + " directml, with :n for another card than the first (default: ${DEFAULT-VALUE})."
              + " What cannot be had is refused (exit 6).")
  String device = "cpu";

  @Option(names = "--force", description = "Replace embeddings that are in the folder.")
  boolean force;

  @Override
  public Integer call() {
    Encoding.Encoded encoded = Encoding.of(encoding(), common.progress(spec));
    PrintWriter print = spec.commandLine().getOut();
    if (gallery != null) {
      print.println("row\tplace\tretrieved\tsimilarity\tcaption");
      for (Retrieval.Row row : encoded.rankings()) {
        print.printf(
            Locale.ROOT,
            "%s\t%d\t%s\t%.4f\t%s%n",
            row.seen(),
            row.place(),
            row.retrieved(),
            row.similarity(),
            row.caption());
      }
    } else {
      print.println("wrote " + out.resolve("embeddings.npy") + ": " + encoded.embeddings().shape());
    }
    print.flush();
    encoded.notes().forEach(note -> common.progress(spec).warn(note));
    return 0;
  }

  private EncodingSpec encoding() {
    if (root != null && seen == null) {
      throw new RecipeException("encoding: --root is for --seen, which tells what was seen.");
    }
    return new EncodingSpec(
        decoder(),
        new ResponseFiles(
            onnx == null ? paths.subList(1, paths.size()) : paths,
            Optional.ofNullable(mask),
            new MaskerOptions(
                detrend ? Trend.LINEAR : Trend.NONE,
                zscore ? Scaling.ZSCORE_POPULATION : Scaling.NONE,
                NonFinite.REFUSE)),
        out,
        force ? Execution.Existing.REPLACE : Execution.Existing.RESUME,
        Optional.ofNullable(gallery),
        top,
        Optional.ofNullable(seen)
            .map(table -> new EncodingSpec.Seen(table, Optional.ofNullable(root))),
        new ToldFiles(inputs),
        options());
  }

  private OnnxOptions options() {
    try {
      return OnnxOptions.SINGLE_THREADED.on(device);
    } catch (IllegalArgumentException e) {
      throw new RecipeException("encoding: --device: " + e.getMessage(), e);
    }
  }

  private Decoder decoder() {
    if (onnx != null) {
      if (fold != null) {
        throw new RecipeException("encoding: --fold is for runs, --onnx names one graph already.");
      }
      return new Decoder.Onnx(
          onnx,
          Optional.ofNullable(statistics),
          Optional.ofNullable(output),
          number(),
          priorOptions.over(prior == null ? null : prior.toString(), Optional.empty()));
    }
    if (statistics != null || output != null || prior != null) {
      throw new RecipeException(
          "encoding: --statistics, --output and --prior are for --onnx; a run brings its own.");
    }
    priorOptions.over(null, Optional.empty());
    if (paths.size() < 2) {
      throw new RecipeException(
          "encoding: found only "
              + paths.get(0)
              + ", expected a run folder and then files of responses; or --onnx FILE and responses.");
    }
    return new Decoder.OfRun(
        paths.get(0),
        Optional.ofNullable(subject).map(s -> s.startsWith("sub-") ? s.substring(4) : s),
        fold == null ? OptionalInt.empty() : OptionalInt.of(fold));
  }

  private int number() {
    try {
      return subject == null ? 0 : Integer.parseInt(subject);
    } catch (NumberFormatException e) {
      throw new RecipeException(
          "encoding: with --onnx, --subject is the number that the graph knows a subject by, found '"
              + subject
              + "'.",
          e);
    }
  }
}
