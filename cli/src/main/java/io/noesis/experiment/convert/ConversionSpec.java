package io.noesis.experiment.convert;

import io.noesis.ingest.volume.MaskerOptions;
import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What to convert, and how.
 *
 * @param in a NIfTI image, {@code .npy}, {@code .npz}, {@code .safetensors}, MATLAB file or TSV;
 *     told by its content
 * @param out ends in {@code .npy}, {@code .nii}, {@code .nii.gz} or {@code .tsv}
 * @param mask which voxels are columns
 * @param cleaning what is done to a masked image
 * @param name the variable, array, tensor or column of {@code in} that is meant
 * @param existing what to do when {@code out} is there already
 * @param memoryLimitMb refuse what is estimated to need more; 0 for what the process may use
 */
public record ConversionSpec(
    Path in,
    Path out,
    Optional<Path> mask,
    MaskerOptions cleaning,
    Optional<String> name,
    Existing existing,
    long memoryLimitMb) {
  /** What to do when the output is there already. */
  public enum Existing {
    /** It is left alone and the conversion is refused. */
    KEEP,
    /** It is replaced once the new file is whole. */
    REPLACE
  }

  /** Checks the limit. */
  public ConversionSpec {
    Check.argument(
        memoryLimitMb >= 0, "the memory limit must be at least 0 MB, found %d", memoryLimitMb);
  }

  /**
   * Without mask, cleaning or name; an existing output is kept.
   *
   * @param in what to read
   * @param out what to write
   * @return the conversion
   */
  public static ConversionSpec of(Path in, Path out) {
    return new ConversionSpec(
        in, out, Optional.empty(), MaskerOptions.RAW, Optional.empty(), Existing.KEEP, 0);
  }

  /** The same with a mask. */
  public ConversionSpec withMask(Path file) {
    return new ConversionSpec(in, out, Optional.of(file), cleaning, name, existing, memoryLimitMb);
  }

  /** The same with other cleaning of a masked image. */
  public ConversionSpec withCleaning(MaskerOptions options) {
    return new ConversionSpec(in, out, mask, options, name, existing, memoryLimitMb);
  }

  /** The same for one variable, array, tensor or column. */
  public ConversionSpec withName(String variable) {
    return new ConversionSpec(
        in, out, mask, cleaning, Optional.of(variable), existing, memoryLimitMb);
  }

  /** The same with another rule for an existing output. */
  public ConversionSpec withExisting(Existing rule) {
    return new ConversionSpec(in, out, mask, cleaning, name, rule, memoryLimitMb);
  }

  /** The same with another limit of memory. */
  public ConversionSpec withMemoryLimitMb(long megabytes) {
    return new ConversionSpec(in, out, mask, cleaning, name, existing, megabytes);
  }
}
