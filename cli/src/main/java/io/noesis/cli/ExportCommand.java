package io.noesis.cli;

import io.noesis.experiment.DecoderExport;
import io.noesis.experiment.RunFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis export RUN}: decoders as ONNX graphs for other programs. */
@Command(
    name = "export",
    description = {
      "Write the decoders of a run as ONNX graphs, each with the voxel means and deviations that"
          + " prepare its input, and a manifest.json of names, sizes, space and hashes.",
      "Every graph is run in ONNX Runtime and must equal its decoder within 1e-5. A diffusion prior"
          + " that the run has behind a decoder becomes a model pack beside its graph."
    })
final class ExportCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  @Parameters(paramLabel = "RUN", description = "A trained run folder.")
  Path run;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "Where to; a new or empty folder.")
  Path out;

  @Option(
      names = {"--participant-label", "--participant_label", "--subject"},
      paramLabel = "LABEL",
      arity = "1..*",
      description = "Only these subjects, without 'sub-'; all when absent.")
  List<String> participants = new ArrayList<>();

  @Option(
      names = "--fold",
      paramLabel = "N",
      description = "Only the decoder of this fold, from 1.")
  @Nullable Integer fold;

  @Override
  public Integer call() {
    RunFolder trained = RunFolder.open(run);
    List<DecoderExport.Exported> exported =
        DecoderExport.write(
            trained,
            participants.stream().map(p -> p.startsWith("sub-") ? p.substring(4) : p).toList(),
            fold == null ? OptionalInt.empty() : OptionalInt.of(fold),
            out,
            common.progress(spec));
    PrintWriter print = spec.commandLine().getOut();
    for (DecoderExport.Exported one : exported) {
      print.printf(
          Locale.ROOT,
          "wrote %s (differs by %.1e from its decoder)%n",
          one.graph(),
          one.difference());
      one.prior().ifPresent(pack -> print.println("wrote " + pack + ": its diffusion prior"));
    }
    print.println("wrote " + out.resolve(DecoderExport.MANIFEST));
    DecoderExport.rescaling(trained).ifPresent(note -> print.println("rescaling: " + note));
    print.flush();
    return 0;
  }
}
