package io.noesis.experiment.convert;

import io.noesis.ingest.format.Formats;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Writes what any readable file holds as {@code .npy}, NIfTI or TSV: the Java API of {@code noesis
 * convert}. What cannot be done is refused before anything is read or written; the output is there
 * whole or not at all.
 */
public final class Conversion {
  /** What can be converted to what, for messages and help. */
  public static final List<String> POSSIBLE =
      List.of(
          "a NIfTI image to .npy, .nii.gz or .nii",
          "a NIfTI image with --mask to .npy, .tsv, .nii.gz or .nii",
          "an array (.npy, .npz, .safetensors, .mat) to .npy or, with one or two axes, .tsv",
          "a table (.tsv) of numbers to .npy",
          "an array [volumes, voxels] or [voxels] with --mask to .nii.gz or .nii");

  private Conversion() {}

  /**
   * What was written.
   *
   * @param file the output
   * @param type the type of its numbers, as NumPy names it
   * @param shape its axes
   * @param notes what else to know, one sentence each
   */
  public record Written(Path file, String type, List<Long> shape, List<String> notes) {
    /** Copies the lists. */
    public Written {
      shape = List.copyOf(shape);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Converts one file.
   *
   * @param spec what and how
   * @param progress hears of masking
   * @return what was written
   * @throws RecipeException when the pair is impossible, the output exists, or memory would not do
   * @throws DataException when the input is missing, damaged or does not fit the mask
   * @throws io.noesis.run.OutputException when the output cannot be written
   */
  public static Written write(ConversionSpec spec, Progress progress) {
    OutputKind kind = OutputKind.of(spec.out());
    String format = format(spec.in());
    requireFree(spec);
    if (format.equals("nifti")) {
      return new ImageConversion(spec, kind).write(progress);
    }
    return ArrayInputs.of(format, spec.in(), spec.name())
        .map(input -> new ArrayConversion(spec, kind, format, input).write())
        .orElseThrow(() -> impossible(spec, "a file of the format " + format + " holds no array"));
  }

  private static String format(Path in) {
    if (Files.exists(in)) {
      Optional<String> known = Formats.of(in);
      if (known.isPresent()) {
        return known.get();
      }
    }
    // Says what is wrong with a file that is missing, empty or of no known format.
    return Formats.describe(in).format();
  }

  private static void requireFree(ConversionSpec spec) {
    Path out = spec.out();
    if (Files.isDirectory(out)) {
      throw new RecipeException(
          "converting to " + out + ": a folder of that name is in the way. Choose another name.");
    }
    if (!Files.exists(out)) {
      return;
    }
    try {
      if (Files.isSameFile(spec.in(), out)) {
        throw new RecipeException(
            "converting " + spec.in() + ": output and input are one file. Choose another name.");
      }
    } catch (IOException e) {
      throw new DataException("converting " + spec.in() + ": " + Failure.reason(e) + ".", e);
    }
    if (spec.existing() == ConversionSpec.Existing.KEEP) {
      throw new RecipeException(
          "converting to "
              + out
              + ": the file is there already and was not touched. Give --force to replace it, or"
              + " choose another name.");
    }
  }

  static RecipeException impossible(ConversionSpec spec, String because) {
    return new RecipeException(
        "converting "
            + spec.in()
            + " to "
            + spec.out()
            + ": "
            + because
            + ". Possible: "
            + String.join("; ", POSSIBLE)
            + ".");
  }

  /** Refuses before reading what would not fit into memory. */
  static void requireMemory(ConversionSpec spec, long bytes) {
    long limit =
        spec.memoryLimitMb() > 0 ? spec.memoryLimitMb() << 20 : Runtime.getRuntime().maxMemory();
    if (bytes > limit) {
      throw new RecipeException(
          "converting "
              + spec.in()
              + ": about "
              + ((bytes >> 20) + 1)
              + " MB of memory are needed, the limit is "
              + (limit >> 20)
              + " MB. Keep fewer voxels with a (smaller) --mask, or raise the limit (--mem-mb, and"
              + " NOESIS_JAVA_OPTS=-Xmx...).");
    }
  }
}
