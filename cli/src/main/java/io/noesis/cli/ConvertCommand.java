package io.noesis.cli;

import io.noesis.experiment.convert.Conversion;
import io.noesis.experiment.convert.ConversionSpec;
import io.noesis.ingest.signal.Scaling;
import io.noesis.ingest.signal.Trend;
import io.noesis.ingest.volume.MaskerOptions;
import io.noesis.ingest.volume.NonFinite;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis convert IN OUT}: any readable array, volume or table as .npy, NIfTI or TSV. */
@Command(
    name = "convert",
    description = {
      "Write what a file holds as .npy, .nii.gz, .nii or .tsv, by the ending of OUT.",
      "  NIfTI to .npy              [x, y, z, t] in C order as nibabel's get_fdata(), float32",
      "  NIfTI --mask to .npy       [volumes, voxels] in the order of nilearn's NiftiMasker, read in"
          + " one pass; also .tsv, .nii.gz",
      "  .npy/.npz/.safetensors/.mat to .npy or .tsv    values are kept: whole numbers as int64",
      "  .tsv to .npy               [rows, columns] or one column with --name; n/a becomes NaN",
      "  [volumes, voxels] --mask to .nii.gz            back at the voxels of the mask"
    },
    footer = {
      "",
      "A NIfTI output keeps values, affine and TR; int16, int8 and uint8 without scaling become"
          + " int16, all else float32. Header extensions and texts are not kept."
    })
final class ConvertCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  @Parameters(index = "0", paramLabel = "IN", description = "What to read; told by its content.")
  Path in;

  @Parameters(index = "1", paramLabel = "OUT", description = "What to write, whole or not at all.")
  Path out;

  @Option(
      names = "--mask",
      paramLabel = "MASK",
      description = "A 3-D image: the voxels that are not 0 are columns.")
  @Nullable Path mask;

  @Option(names = "--detrend", description = "With --mask: remove a line from each voxel's course.")
  boolean detrend;

  @Option(
      names = "--zscore",
      description =
          "With --mask: bring each voxel to mean 0 and standard deviation 1 (divided by n).")
  boolean zscore;

  @Option(
      names = "--non-finite",
      paramLabel = "RULE",
      description =
          "With --mask: what to do with voxels that are NaN or infinite in some volume:"
              + " ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  NonFinite nonFinite = NonFinite.REFUSE;

  @Option(
      names = "--name",
      paramLabel = "VARIABLE",
      description = "The array, tensor, variable or column of IN; needed when it has several.")
  @Nullable String name;

  @Option(names = "--force", description = "Replace OUT when it exists.")
  boolean force;

  @Option(
      names = "--mem-mb",
      paramLabel = "MB",
      converter = AtLeast.Zero.class,
      description = "Refuse work that is estimated to need more memory (default: the JVM's limit).")
  long memoryMb;

  @Override
  public Integer call() {
    Conversion.Written written = Conversion.write(conversion(), common.progress(spec));
    PrintWriter print = spec.commandLine().getOut();
    print.println("wrote " + written.file() + ": " + written.type() + " " + written.shape());
    written.notes().forEach(print::println);
    print.flush();
    return 0;
  }

  private ConversionSpec conversion() {
    return new ConversionSpec(
        in,
        out,
        Optional.ofNullable(mask),
        new MaskerOptions(
            detrend ? Trend.LINEAR : Trend.NONE,
            zscore ? Scaling.ZSCORE_POPULATION : Scaling.NONE,
            nonFinite),
        Optional.ofNullable(name),
        force ? ConversionSpec.Existing.REPLACE : ConversionSpec.Existing.KEEP,
        memoryMb);
  }
}
