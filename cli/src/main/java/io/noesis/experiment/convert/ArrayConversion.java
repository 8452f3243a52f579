package io.noesis.experiment.convert;

import io.noesis.ingest.format.nifti.NiftiHeader;
import io.noesis.ingest.format.nifti.NiftiSpec;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.MaskerOptions;
import io.noesis.tensor.ArrayOrder;
import io.noesis.tensor.NpyHeader;
import io.noesis.tensor.NpyRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An array or a table of numbers: written anew, or put back at the voxels of a mask. */
final class ArrayConversion {
  private final ConversionSpec spec;
  private final OutputKind kind;
  private final String format;
  private final ArrayInput input;

  ArrayConversion(ConversionSpec spec, OutputKind kind, String format, ArrayInput input) {
    this.spec = spec;
    this.kind = kind;
    this.format = format;
    this.input = input;
  }

  Conversion.Written write() {
    if (!spec.cleaning().equals(MaskerOptions.RAW)) {
      throw Conversion.impossible(
          spec, "detrending, z-scoring and --non-finite are for images with --mask");
    }
    if (kind == OutputKind.NIFTI) {
      Path mask =
          spec.mask()
              .orElseThrow(
                  () ->
                      Conversion.impossible(
                          spec, "an image of an array needs --mask, which says where voxels lie"));
      return unmask(mask);
    }
    if (spec.mask().isPresent()) {
      throw Conversion.impossible(
          spec, "--mask makes an image (.nii.gz, .nii) of an array, nothing else");
    }
    if (kind == OutputKind.TSV && format.equals("tsv")) {
      throw Conversion.impossible(spec, "the input is such a table already");
    }
    Conversion.requireMemory(spec, input.bytesNeeded());
    Numbers numbers = input.read();
    if (kind == OutputKind.TSV) {
      NumberTable.write(spec.out(), numbers, "column");
    } else {
      numbers.write(spec.out());
    }
    return new Conversion.Written(spec.out(), numbers.type(), longs(numbers), List.of());
  }

  private Conversion.Written unmask(Path file) {
    BrainMask mask = ImageConversion.mask(spec, file);
    Unmasking unmasking = new Unmasking(mask);
    if (format.equals("npy") && NpyHeader.read(spec.in()).order() == ArrayOrder.C) {
      return streamed(mask, unmasking);
    }
    Conversion.requireMemory(spec, input.bytesNeeded() + Unmasking.bytesNeeded(mask));
    Numbers numbers = input.read();
    List<Long> shape = longs(numbers);
    NiftiSpec says =
        unmasking.spec(shape.size(), unmasking.volumes(spec.in(), shape), /* trSeconds= */ 0);
    unmasking.write(spec.out(), says, Unmasking.rows(numbers));
    return written();
  }

  /** Row by row from the file: the matrix is never in memory. */
  private Conversion.Written streamed(BrainMask mask, Unmasking unmasking) {
    List<Long> shape = NpyHeader.read(spec.in()).shape();
    NiftiSpec says =
        unmasking.spec(shape.size(), unmasking.volumes(spec.in(), shape), /* trSeconds= */ 0);
    Conversion.requireMemory(spec, Unmasking.bytesNeeded(mask));
    try (NpyRows rows = NpyRows.open(spec.in())) {
      boolean single = shape.size() == 1;
      unmasking.write(
          spec.out(),
          says,
          t -> single ? rows.read(0, mask.voxels()).array() : rows.read(t, t + 1).array());
    }
    return written();
  }

  private Conversion.Written written() {
    return new Conversion.Written(
        spec.out(), "float32", NiftiHeader.read(spec.out()).shape(), List.of());
  }

  private static List<Long> longs(Numbers numbers) {
    List<Long> out = new ArrayList<>();
    for (int size : numbers.shape().toArray()) {
      out.add((long) size);
    }
    return out;
  }
}
