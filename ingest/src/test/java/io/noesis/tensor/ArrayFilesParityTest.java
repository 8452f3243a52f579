package io.noesis.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.noesis.run.DataException;
import io.noesis.run.UnsupportedDataException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files written by NumPy and safetensors, made by tests/fixtures/make/arrays.py; to the last bit.
 */
class ArrayFilesParityTest {
  private static final JsonNode EXPECTED = expected();

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> numpyVariants() {
    Map<String, byte[]> files = ArrayFixtures.entries("npy-variants.npz");
    return EXPECTED.get("npy").properties().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () -> {
                      byte[] bytes = files.get(e.getKey() + ".npy");
                      if (e.getValue().get("descr").textValue().matches(".*[US].*")) {
                        assertEquals(texts(e.getValue()), reader(e.getKey(), bytes).strings());
                      } else {
                        assertNumbers(
                            e.getValue(),
                            () -> reader(e.getKey(), bytes).floats(),
                            () -> reader(e.getKey(), bytes).doubles(),
                            () -> reader(e.getKey(), bytes).longs());
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> rowsAreThoseOfTheWholeArray() {
    return ArrayFixtures.entries("npy-variants.npz").entrySet().stream()
        .filter(e -> e.getKey().contains("f4") && e.getKey().contains("-c"))
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () -> {
                      Tensor whole = reader(e.getKey(), e.getValue()).floats();
                      try (NpyRows rows = NpyRows.open(Source.memory(e.getKey(), e.getValue()))) {
                        int[] which = {1, 0, 1, 1};
                        assertEquals(whole.rows(which), rows.read(which));
                        assertEquals(whole, rows.read(0, rows.rows()));
                        assertEquals(6, rows.width());
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> kindsThatAreRefusedByName() {
    Map<String, String> words =
        Map.of(
            "refused-object", "allow_pickle=True",
            "refused-complex", "complex",
            "refused-date", "M8[D]",
            "refused-longdouble", "f16",
            "refused-void", "V3",
            "refused-structure", "onset");
    Map<String, byte[]> files = ArrayFixtures.entries("npy-variants.npz");
    return words.entrySet().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () -> {
                      NpyReader reader = reader(e.getKey(), files.get(e.getKey() + ".npy"));
                      assertTrue(reader.header().dtype().isEmpty());
                      for (Supplier<?> read :
                          List.<Supplier<?>>of(reader::floats, reader::doubles, reader::longs)) {
                        String message =
                            assertThrows(UnsupportedDataException.class, read::get).getMessage();
                        assertTrue(message.contains(e.getValue()), message);
                        assertTrue(message.contains("numpy.save("), message);
                      }
                    }));
  }

  @Test
  void npzStoredAndDeflated() throws IOException {
    for (String name : List.of("savez.npz", "savez_compressed.npz")) {
      try (Npz npz = Npz.open(ArrayFixtures.copy(name, folder))) {
        assertEquals(List.of("ids", "names", "weights"), npz.names());
        JsonNode all = EXPECTED.get("savez");
        assertNumbers(
            all.get("weights"),
            () -> npz.read("weights"),
            () -> npz.readDoubles("weights"),
            () -> npz.readLongs("weights"));
        assertNumbers(
            all.get("ids"),
            () -> npz.read("ids"),
            () -> npz.readDoubles("ids"),
            () -> npz.readLongs("ids"));
        assertEquals(texts(all.get("names")), npz.readStrings("names"));
        assertEquals(List.of(3L, 5L), npz.header("weights").shape());
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> safetensorsTypes() throws IOException {
    Path file = ArrayFixtures.copy("safetensors.safetensors", folder);
    byte[] bytes = Files.readAllBytes(file);
    return EXPECTED.get("safetensors").properties().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () -> {
                      try (Safetensors all = Safetensors.open(Source.memory("s", bytes))) {
                        assertNumbers(
                            e.getValue(),
                            () -> all.read(e.getKey()),
                            () -> all.readDoubles(e.getKey()),
                            () -> all.readLongs(e.getKey()));
                        assertEquals(Map.of("subject é", "subj01 \"ü\""), all.metadata());
                      }
                    }));
  }

  @Test
  void ourFilesAreThoseOfNumpyAndSafetensorsToTheByte() throws IOException {
    Map<String, byte[]> theirs = ArrayFixtures.entries("written.npz");
    Path file = folder.resolve("ours.npy");
    Npy.write(file, Tensor.wrap(new float[] {0, 1, 2, 3, 4, 5}, 2, 3));
    assertArrayEquals(theirs.get("float32.npy"), Files.readAllBytes(file));
    Npy.write(file, DoubleArray.wrap(new double[] {0, 1, 2}, 3));
    assertArrayEquals(theirs.get("float64.npy"), Files.readAllBytes(file));
    Npy.write(file, LongArray.wrap(new long[] {0, 1, 2}, 1, 3, 1));
    assertArrayEquals(theirs.get("int64.npy"), Files.readAllBytes(file));
    Npy.write(file, Tensor.wrap(new float[] {2.5f}));
    assertArrayEquals(theirs.get("scalar.npy"), Files.readAllBytes(file));
    Npy.write(file, Tensor.zeros(1234567, 0));
    assertArrayEquals(theirs.get("many-rows.npy"), Files.readAllBytes(file));
    Npy.writeStrings(file, List.of("a", "βῆτα", "𝒢"));
    assertArrayEquals(theirs.get("text.npy"), Files.readAllBytes(file));

    Path safe = folder.resolve("ours.safetensors");
    new SafetensorsWriter()
        .add("weights", Tensor.wrap(new float[] {0, 1, 2, 3, 4, 5}, 2, 3))
        .add("intercept", DoubleArray.wrap(new double[] {0.5, -0.25}, 2))
        .add("ids", LongArray.wrap(new long[] {0, 1, 2, 3}, 4, 1))
        .add("bias", Tensor.wrap(new float[] {0, 1, 2}, 3))
        .metadata("format", "noesis")
        .write(safe);
    assertArrayEquals(ArrayFixtures.bytes("written.safetensors"), Files.readAllBytes(safe));
  }

  private static NpyReader reader(String name, byte[] bytes) {
    return new NpyReader(Source.memory(name, bytes));
  }

  private static List<String> texts(JsonNode expected) {
    List<String> out = new ArrayList<>();
    expected.get("values").forEach(v -> out.add(v.textValue()));
    return out;
  }

  /** Each way of reading gives the exact values, or refuses when its type cannot hold them. */
  private static void assertNumbers(
      JsonNode expected,
      Supplier<Tensor> floats,
      Supplier<DoubleArray> doubles,
      Supplier<LongArray> longs) {
    int[] shape = new int[expected.get("shape").size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = expected.get("shape").get(i).intValue();
    }
    List<String> texts = texts(expected);
    if (expected.get("descr").textValue().contains("f")) {
      double[] values =
          texts.stream()
              .mapToDouble(t -> Double.longBitsToDouble(Long.parseUnsignedLong(t, 16)))
              .toArray();
      DoubleArray found = doubles.get();
      assertEquals(Shape.of(shape), found.shape());
      for (int i = 0; i < values.length; i++) {
        assertEquals(
            Double.doubleToRawLongBits(values[i]), Double.doubleToRawLongBits(found.array()[i]));
      }
      assertThrows(DataException.class, longs::get);
      boolean fits = true;
      for (double v : values) {
        fits &= Float.isInfinite((float) v) == Double.isInfinite(v);
      }
      assertFloats(fits, values, shape, floats);
      return;
    }
    BigInteger[] values = texts.stream().map(BigInteger::new).toArray(BigInteger[]::new);
    double[] asDoubles = Stream.of(values).mapToDouble(BigInteger::doubleValue).toArray();
    boolean inLong = Stream.of(values).allMatch(v -> v.bitLength() < 64);
    boolean inDouble =
        Stream.of(values).allMatch(v -> v.abs().bitLength() - v.getLowestSetBit() <= 53);
    boolean inFloat =
        Stream.of(values).allMatch(v -> v.abs().bitLength() - v.getLowestSetBit() <= 24);
    if (inLong) {
      assertArrayEquals(
          Stream.of(values).mapToLong(BigInteger::longValueExact).toArray(), longs.get().array());
    } else {
      assertThrows(DataException.class, longs::get);
    }
    if (inDouble) {
      assertArrayEquals(asDoubles, doubles.get().array());
    } else {
      assertThrows(DataException.class, doubles::get);
    }
    assertFloats(inFloat, asDoubles, shape, floats);
  }

  private static void assertFloats(
      boolean fits, double[] values, int[] shape, Supplier<Tensor> floats) {
    if (!fits) {
      String message = assertThrows(DataException.class, floats::get).getMessage();
      assertTrue(message.contains("float32 cannot hold"), message);
      return;
    }
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    assertEquals(Tensor.wrap(rounded, shape), floats.get());
  }

  private static JsonNode expected() {
    try (InputStream in = ArrayFilesParityTest.class.getResourceAsStream("expected.json")) {
      return new JsonMapper().readTree(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
