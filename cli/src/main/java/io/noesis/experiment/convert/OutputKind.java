package io.noesis.experiment.convert;

import io.noesis.run.RecipeException;
import java.nio.file.Path;
import java.util.Locale;

/** What a conversion can write, told by the ending of the name. */
enum OutputKind {
  NPY,
  NIFTI,
  TSV;

  static OutputKind of(Path out) {
    String name = String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".npy")) {
      return NPY;
    }
    if (name.endsWith(".nii") || name.endsWith(".nii.gz")) {
      return NIFTI;
    }
    if (name.endsWith(".tsv")) {
      return TSV;
    }
    throw new RecipeException(
        "converting to "
            + out
            + ": its ending names no kind that is written; expected .npy, .nii.gz, .nii or .tsv."
            + " Rename the output.");
  }
}
