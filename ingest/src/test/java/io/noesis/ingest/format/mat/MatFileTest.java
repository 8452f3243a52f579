package io.noesis.ingest.format.mat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.testing.SharedRecordings;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.NoesisException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.run.UnsupportedDataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatFileTest {
  private static byte[] resource(String name) {
    try (InputStream in = MatFileTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain.mat", "compressed.mat"})
  void readsWhatSciPyWrote(String name) {
    MatFile file = MatFile.parse(resource(name), name);
    assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, file.numbers("matrix").values().array());
    assertEquals(List.of(2, 3), file.get("matrix").size());
    MatValue.Numbers cube = file.numbers("cube");
    assertEquals("int16 [2, 3, 4]", cube.describe());
    double[] counted = new double[24];
    for (int i = 0; i < 24; i++) {
      counted[i] = i - 12;
    }
    assertArrayEquals(counted, cube.values().array());
    double[] single = file.numbers("single").values().array();
    assertEquals(0.1f, (float) single[0]);
    assertTrue(Double.isNaN(single[1]) && Double.isInfinite(single[2]));
    assertEquals("logical [1, 2]", file.get("truth").describe());
    assertArrayEquals(new double[] {1, 0}, file.numbers("truth").values().array());
    assertArrayEquals(
        new double[] {2, -4}, file.numbers("complex").imaginary().orElseThrow().array());
    assertArrayEquals(new double[] {0, 5, 0, 6, 0, 0}, file.numbers("sparse").values().array());
    assertEquals("a word", ((MatValue.Text) file.get("text")).text());
    assertEquals(List.of("one  ", "three"), ((MatValue.Text) file.get("lines")).rows());
    MatValue.Structs people = file.structs("people");
    assertEquals(List.of("name", "rdm"), people.fields());
    assertEquals("KO", ((MatValue.Text) people.get(1, "name")).text());
    assertArrayEquals(
        new double[] {10, 11, 12, 13}, ((MatValue.Numbers) people.get(1, "rdm")).values().array());
    MatValue.Structs deep = (MatValue.Structs) file.structs("nested").get(0, "deep");
    assertEquals(1.5, ((MatValue.Numbers) deep.get(0, "x")).values().array()[0]);
    MatValue.Cells cells = assertInstanceOf(MatValue.Cells.class, file.get("cells"));
    assertEquals("caf\u00e9", ((MatValue.Text) cells.cells().get(2)).text());
    assertEquals(7, ((MatValue.Numbers) cells.cells().get(1)).values().array()[0]);
    assertEquals(0, file.get("empty").count());
  }

  @Test
  void missingAndMistakenVariablesAreNamed() {
    MatFile file = MatFile.parse(resource("plain.mat"), "plain.mat");
    DataException missing = assertThrows(DataException.class, () -> file.get("matrx"));
    assertTrue(missing.getMessage().contains("Did you mean 'matrix'?"), missing.getMessage());
    DataException wrong = assertThrows(DataException.class, () -> file.numbers("text"));
    assertTrue(wrong.getMessage().contains("char [1, 6], expected numbers"), wrong.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain.mat", "compressed.mat"})
  void everyTruncationIsRefusedOrGivesTheWholeVariablesBeforeIt(String name) {
    byte[] whole = resource(name);
    int all = MatFile.parse(whole, name).names().size();
    for (int length = 0; length < whole.length; length++) {
      try {
        MatFile cut = MatFile.parse(Arrays.copyOf(whole, length), name);
        assertTrue(cut.names().size() < all, "cut to " + length);
      } catch (NoesisException e) {
        assertTrue(e instanceof DataException, e.toString());
      }
    }
  }

  @Test
  void mutatedFilesEndInVariablesOrAnErrorOfOurs() {
    byte[][] seeds = {resource("plain.mat"), resource("compressed.mat")};
    PinnedRandom random = Seed.of(5).child("mat-fuzz").random();
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = seeds[i % 4 == 3 ? 1 : 0].clone();
      int edits = 1 + random.nextInt(4);
      for (int e = 0; e < edits; e++) {
        int at = 120 + random.nextInt(bytes.length - 120);
        bytes[at] =
            random.nextInt(2) == 0
                ? (byte) random.nextInt(256)
                : (byte) (bytes[at] ^ (1 << random.nextInt(8)));
      }
      try {
        MatFile.parse(bytes, "fuzz");
      } catch (NoesisException e) {
        refused++;
      }
    }
    assertTrue(refused > 2_000, refused + " refused");
  }

  @ParameterizedTest
  @CsvSource({
    "bad_miuint32.mat",
    "corrupted_zlib_checksum.mat",
    "malformed1.mat",
  })
  void filesThatOthersFoundBrokenAreCorruptHere(String name) {
    Path file = SharedRecordings.folder("format-torture").resolve("mat/scipy").resolve(name);
    assertThrows(CorruptDataException.class, () -> MatFile.read(file));
  }

  @Test
  void everyFileOfTheTortureCollectionIsReadOrRefusedByName() throws IOException {
    Path folder = SharedRecordings.folder("format-torture").resolve("mat");
    int read = 0;
    int old = 0;
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(f -> f.toString().endsWith(".mat")).sorted().toList();
    }
    for (Path file : files) {
      try {
        assertFalse(MatFile.read(file).names().isEmpty(), file.toString());
        read++;
      } catch (UnsupportedDataException e) {
        assertTrue(
            e.getMessage().contains("MATLAB 4") || e.getMessage().contains("7.3"), e.getMessage());
        old++;
      } catch (CorruptDataException e) {
        String name = file.getFileName().toString();
        assertTrue(
            List.of("bad_miuint32.mat", "corrupted_zlib_checksum.mat", "malformed1.mat")
                .contains(name),
            name + ": " + e.getMessage());
      }
    }
    assertEquals(10, old, "nine of version 4, one of 7.3");
    assertEquals(files.size() - 10 - 3, read);
  }

  @Test
  void theDissimilaritiesOfNinetyTwoPicturesAreRead() {
    Path folder = SharedRecordings.folder("kriegeskorte92");
    MatValue.Numbers rdms = MatFile.read(folder.resolve("brainRDMs_session1.mat")).numbers("RDMs");
    assertEquals(List.of(4, 92, 92), rdms.size());
    double[] values = rdms.values().array();
    for (int i = 0; i < 92; i++) {
      assertEquals(0, values[i * 92 + i], 1e-6, "the diagonal of the first subject");
      assertEquals(values[i * 92 + 5], values[5 * 92 + i], 1e-6, "symmetric");
    }
    MatValue.Structs models = MatFile.read(folder.resolve("92_modelRDMs.mat")).structs("Models");
    assertEquals(List.of(1, 8), models.size());
    assertEquals(List.of(92, 92), models.get(0, "RDM").size());
    MatValue.Structs behaviour =
        MatFile.read(folder.resolve("92_behavRDMs.mat")).structs("rdms_behav_92");
    assertEquals(16, behaviour.count());
    MatFile supplement =
        MatFile.read(folder.resolve("Kriegeskorte_Neuron2008_supplementalData.mat"));
    assertEquals(List.of(92, 12), supplement.numbers("categoryVectors").size());
    assertEquals(
        List.of("category", "human", "face", "animal", "natural", "image"),
        supplement.structs("stimuli_92objs").fields());
  }
}
