package io.noesis.experiment.convert;

import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.format.nifti.NiftiHeader;
import io.noesis.ingest.format.nifti.NiftiSpec;
import io.noesis.ingest.format.nifti.NiftiType;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.MaskedRun;
import io.noesis.ingest.volume.Masker;
import io.noesis.ingest.volume.MaskerOptions;
import io.noesis.ingest.volume.Volume;
import io.noesis.ingest.volume.VolumeSource;
import io.noesis.run.Progress;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A NIfTI image: masked in one streaming pass, or whole. */
final class ImageConversion {
  /** Types whose unscaled values int16 holds exactly. */
  private static final Set<NiftiType> SMALL =
      Set.of(NiftiType.UINT8, NiftiType.INT8, NiftiType.INT16);

  private final ConversionSpec spec;
  private final OutputKind kind;

  ImageConversion(ConversionSpec spec, OutputKind kind) {
    this.spec = spec;
    this.kind = kind;
    if (spec.name().isPresent()) {
      throw Conversion.impossible(spec, "--name names nothing in an image, which is one array");
    }
  }

  Conversion.Written write(Progress progress) {
    if (spec.mask().isPresent()) {
      return masked(spec.mask().get(), progress);
    }
    if (!spec.cleaning().equals(MaskerOptions.RAW)) {
      throw Conversion.impossible(
          spec, "detrending, z-scoring and --non-finite need --mask, which says what a voxel is");
    }
    return switch (kind) {
      case NPY -> array();
      case NIFTI -> image();
      case TSV -> throw Conversion.impossible(spec, "a table of an image needs --mask");
    };
  }

  private Conversion.Written masked(Path file, Progress progress) {
    VolumeSource source = NiftiFile.source(spec.in());
    BrainMask mask = mask(spec, file);
    Masker masker = new Masker(mask, spec.cleaning());
    long writing = kind == OutputKind.NIFTI ? Unmasking.bytesNeeded(mask) : 0;
    mask.requireSameSpace(source.grid(), source.name());
    Conversion.requireMemory(spec, masker.bytesNeeded(source) + writing);
    MaskedRun run = masker.mask(source, progress);
    Tensor values = run.values();
    switch (kind) {
      case NPY -> Npy.write(spec.out(), values);
      case TSV -> NumberTable.write(spec.out(), new Numbers.Floats(values), "voxel");
      case NIFTI -> unmask(run);
    }
    List<Long> shape =
        kind == OutputKind.NIFTI
            ? NiftiHeader.read(spec.out()).shape()
            : List.of((long) values.dim(0), (long) values.dim(1));
    return new Conversion.Written(spec.out(), "float32", shape, notes(run));
  }

  private void unmask(MaskedRun run) {
    Tensor values = run.values();
    int width = values.dim(1);
    Unmasking unmasking = new Unmasking(run.mask());
    unmasking.write(
        spec.out(),
        NiftiSpec.series(run.mask().grid(), values.dim(0), run.trSeconds()),
        t -> Arrays.copyOfRange(values.array(), t * width, (t + 1) * width));
  }

  /** Reads a mask after checking that it fits into memory. */
  static BrainMask mask(ConversionSpec spec, Path file) {
    VolumeSource source = NiftiFile.source(file);
    // Values, flags and indices of every voxel.
    Conversion.requireMemory(spec, 9L * source.grid().voxels() + source.bufferBytes());
    return BrainMask.nonZero(source);
  }

  private static List<String> notes(MaskedRun run) {
    List<String> notes = new ArrayList<>();
    if (run.constantVoxels() > 0) {
      notes.add(run.constantVoxels() + " voxels did not vary and are 0 throughout");
    }
    if (run.nonFiniteVoxels() > 0) {
      notes.add(
          run.nonFiniteVoxels()
              + " voxels were NaN or infinite in some volume; columns now: "
              + run.values().dim(1));
    }
    return notes;
  }

  private Conversion.Written array() {
    NiftiHeader header = NiftiHeader.read(spec.in());
    Conversion.requireMemory(spec, VolumeArray.bytesNeeded(spec.in(), header));
    Npy.write(spec.out(), VolumeArray.read(spec.in(), header));
    return new Conversion.Written(spec.out(), "float32", header.shape(), List.of());
  }

  private Conversion.Written image() {
    NiftiHeader header = NiftiHeader.read(spec.in());
    VolumeSource source = NiftiFile.source(spec.in());
    int voxels = source.grid().voxels();
    Conversion.requireMemory(spec, header.memoryBytes() + 12L * voxels + source.bufferBytes());
    Volume volume = Volume.read(source);
    if (header.scaling() == null && SMALL.contains(header.type())) {
      NiftiSpec says = NiftiSpec.series(volume.grid(), volume.volumes(), volume.trSeconds());
      NiftiWriter.writeInt16(spec.out(), says, t -> shorts(volume.array(), t * voxels, voxels));
      return new Conversion.Written(
          spec.out(), "int16", NiftiHeader.read(spec.out()).shape(), List.of());
    }
    NiftiWriter.write(spec.out(), volume);
    return new Conversion.Written(
        spec.out(), "float32", NiftiHeader.read(spec.out()).shape(), List.of());
  }

  private static short[] shorts(float[] values, int from, int count) {
    short[] out = new short[count];
    for (int i = 0; i < count; i++) {
      out[i] = (short) values[from + i];
    }
    return out;
  }
}
