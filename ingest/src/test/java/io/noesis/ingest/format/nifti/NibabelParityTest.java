package io.noesis.ingest.format.nifti;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.UnsupportedDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every file that nibabel reads gives the same numbers; made by tests/fixtures/make/nifti.py. */
class NibabelParityTest {
  private static final Path HERE =
      Path.of(System.getProperty("noesis.root"))
          .resolve("ingest/src/test/resources/io/noesis/ingest/format/nifti");
  private static final Path SHARED =
      Path.of(System.getProperty("noesis.root")).resolve("../shared/data").normalize();
  private static final Path TORTURE = SHARED.resolve("format-torture/nifti");

  @TestFactory
  Stream<DynamicTest> filesWrittenByNibabel() {
    return tests("fixtures.tsv", HERE.resolve("nibabel"));
  }

  @TestFactory
  Stream<DynamicTest> filesWrittenByUs() {
    return tests("written.tsv", HERE.resolve("written"));
  }

  @TestFactory
  Stream<DynamicTest> realFilesOfManyWriters() {
    assumeTrue(Files.isDirectory(TORTURE), "needs " + TORTURE);
    return tests("torture.tsv", TORTURE);
  }

  @TestFactory
  Stream<DynamicTest> everyImageOfTheStudies() {
    assumeTrue(Files.isDirectory(SHARED), "needs " + SHARED);
    return tests("studies.tsv", SHARED);
  }

  private static Stream<DynamicTest> tests(String table, Path folder) {
    try {
      return Files.readAllLines(HERE.resolve(table)).stream()
          .skip(1)
          .map(line -> line.split("\t"))
          .map(row -> DynamicTest.dynamicTest(row[0], () -> check(folder.resolve(row[0]), row)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void check(Path file, String[] row) {
    switch (row[1]) {
      case "corrupt" ->
          assertNames(file, assertThrows(CorruptDataException.class, () -> NiftiHeader.read(file)));
      case "unsupported" ->
          assertNames(
              file, assertThrows(UnsupportedDataException.class, () -> NiftiHeader.read(file)));
      case "inspect" -> {
        checkHeader(NiftiHeader.read(file), row);
        assertNames(file, assertThrows(DataException.class, () -> NiftiFile.readValues(file)));
      }
      default -> {
        checkHeader(NiftiHeader.read(file), row);
        assertEquals(row[7], Fingerprint.ofFloats(NiftiFile.readValues(file)), "data");
      }
    }
  }

  private static void checkHeader(NiftiHeader header, String[] row) {
    assertEquals(
        row[2], header.shape().stream().map(String::valueOf).collect(Collectors.joining(",")));
    assertEquals(row[3], header.type().name().toLowerCase(Locale.ROOT));
    assertArrayEquals(numbers(row[4]), header.orientation().affine().toArray(), 1e-6, "affine");
    double[] zooms = header.zoomsMm().stream().mapToDouble(z -> z).toArray();
    assertArrayEquals(numbers(row[5]), zooms, 1e-6, "zooms");
    assertEquals(row[6], header.orientation().affine().orientation());
    List<String> lines = header.lines();
    assertTrue(lines.get(2).contains(header.shape().toString()), lines::toString);
  }

  private static void assertNames(Path file, DataException e) {
    // The other file of a pair may be the one to blame, so only the stem is certain.
    String stem = file.toString().replaceFirst("\\.[a-z]+(\\.gz)?$", "");
    assertTrue(e.getMessage().contains(stem), e.getMessage());
    assertFalse(e.getMessage().contains("null"), e.getMessage());
  }

  private static double[] numbers(String list) {
    return Arrays.stream(list.split(",")).mapToDouble(Double::parseDouble).toArray();
  }
}
