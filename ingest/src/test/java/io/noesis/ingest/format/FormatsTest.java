package io.noesis.ingest.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.format.nifti.NiftiSpec;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.testing.SharedRecordings;
import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.Grid;
import io.noesis.run.DataException;
import io.noesis.run.NoesisException;
import io.noesis.run.UnsupportedDataException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Npz;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FormatsTest {
  @TempDir Path folder;

  static Collection<String> formats() {
    return Formats.names();
  }

  /** One sample per format; a format without one has no business in the registry. */
  private Path sample(String format) throws IOException {
    Path file = folder.resolve("sample");
    switch (format) {
      case "bids" -> {
        Files.createDirectories(file.resolve("sub-01/func"));
        Files.writeString(file.resolve("dataset_description.json"), "{\"Name\": \"x\"}");
        Files.writeString(file.resolve("sub-01/func/sub-01_task-a_bold.nii.gz"), "");
      }
      case "nifti" -> {
        Path image = folder.resolve("image.nii.gz");
        Grid grid = new Grid(3, 2, 2, Affine.diagonal(2, 2, 2));
        NiftiWriter.writeFloat32(image, NiftiSpec.series(grid, 4, 1.5), t -> new float[12]);
        Files.move(image, file);
      }
      case "npy" -> Npy.write(file, Tensor.zeros(3, 4));
      case "npz" -> Npz.write(file, Map.of("a", Tensor.zeros(2), "b", Tensor.zeros(3, 3)));
      case "safetensors" -> {
        SafetensorsWriter writer = new SafetensorsWriter();
        writer.add("w", Tensor.zeros(2, 5));
        writer.write(file);
      }
      case "mat" -> {
        try (InputStream in = FormatsTest.class.getResourceAsStream("mat/plain.mat")) {
          Files.write(file, in.readAllBytes());
        }
      }
      case "json" -> Files.writeString(file, "{\n\t\"a\": 1, \"b\": [1, 2]}");
      case "tsv" -> Files.writeString(file, "onset\tduration\n1\t2\n");
      default -> throw new IllegalStateException("add a sample for the new format " + format);
    }
    return file;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyFormatIsToldByItsContentAloneAndByNoOther(String name) throws IOException {
    Path sample = sample(name);
    assertEquals(Optional.of(name), Formats.of(sample));
    Summary summary = Formats.describe(sample);
    assertEquals(name, summary.format());
    assertFalse(summary.facts().isEmpty());
    assertFalse(Formats.description(name).isBlank());
    if (!name.equals("bids")) {
      Path misnamed = folder.resolve(name.equals("tsv") ? "x.json" : "x.tsv");
      Files.copy(sample, misnamed);
      assertEquals(Optional.of(name), Formats.of(misnamed), "a wrong name changes nothing");
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void truncatedFilesAreNeverTakenForAnotherFormatNorCrash(String name) throws IOException {
    Path sample = sample(name);
    if (Files.isDirectory(sample)) {
      Files.writeString(sample.resolve("dataset_description.json"), "{\"Name\"");
      assertThrows(DataException.class, () -> Formats.describe(sample));
      return;
    }
    byte[] whole = Files.readAllBytes(sample);
    boolean refused = false;
    for (int length = 0; length < whole.length; length += 1 + length / 40) {
      Path cut = folder.resolve("cut");
      Files.write(cut, Arrays.copyOf(whole, length));
      Optional<String> format = Formats.of(cut);
      assertTrue(format.isEmpty() || format.get().equals(name), length + " bytes: " + format);
      try {
        Formats.describe(cut);
      } catch (NoesisException e) {
        refused = true;
      }
    }
    assertTrue(refused);
  }

  @Test
  void emptyMissingAndForeignFilesAreRefusedByName() throws IOException {
    Path file = folder.resolve("x.nii.gz");
    Files.write(file, new byte[0]);
    DataException empty = assertThrows(DataException.class, () -> Formats.describe(file));
    assertTrue(empty.getMessage().contains("it is empty"), empty.getMessage());
    assertThrows(DataException.class, () -> Formats.describe(folder.resolve("none")));
    Files.write(file, "%PDF-1.4\u0000\u0001".getBytes(StandardCharsets.ISO_8859_1));
    assertThrows(UnsupportedDataException.class, () -> Formats.describe(file));
    assertThrows(UnsupportedDataException.class, () -> Formats.describe(folder));
  }

  @Test
  void summariesOfRealRecordingsSayWhatIsInThem() {
    Path vt = SharedRecordings.folder("haxby2001-vt");
    Summary image = Formats.describe(vt.resolve("vt_bold_runs01-08.nii.gz"));
    assertTrue(image.facts().toString().contains("[40, 64, 64, 576]"), image.facts().toString());
    Summary matrix = Formats.describe(vt.resolve("patterns_runs01-08.npy"));
    assertEquals(new Summary.Fact("shape", "[576, 577]"), matrix.facts().get(0));
    assertEquals(new Summary.Fact("type", "int16"), matrix.facts().get(1));
    Summary bids = Formats.describe(SharedRecordings.folder("bids-examples").resolve("ds005"));
    assertTrue(
        bids.facts().contains(new Summary.Fact("bold files", "48")), bids.facts().toString());
  }

  @Test
  void everyFileOfTheTortureCollectionIsDescribedOrRefused() throws IOException {
    Path torture = SharedRecordings.folder("format-torture");
    List<Path> files;
    try (Stream<Path> all = Files.walk(torture)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    int described = 0;
    for (Path file : files) {
      String top = torture.relativize(file).getName(0).toString();
      Optional<String> format = Formats.of(file);
      if (top.equals("nifti") || top.equals("cifti")) {
        assertTrue(
            format.isEmpty() || List.of("nifti", "tsv", "json").contains(format.get()),
            file + " " + format);
      }
      try {
        Formats.describe(file);
        described++;
      } catch (DataException e) {
        assertFalse(e.getMessage().isBlank());
      }
    }
    assertTrue(described > 100, described + " of " + files.size());
  }
}
