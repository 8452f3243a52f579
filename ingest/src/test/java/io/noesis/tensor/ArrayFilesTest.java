package io.noesis.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.UnsupportedDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayFilesTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadBack() {
    Tensor tensor = Tensor.wrap(new float[] {1, -0f, Float.NaN, Float.MIN_VALUE, 5, 6}, 2, 1, 3);
    DoubleArray doubles = DoubleArray.wrap(new double[] {Math.PI, Double.MAX_VALUE}, 2);
    LongArray longs = LongArray.wrap(new long[] {Long.MIN_VALUE, Long.MAX_VALUE}, 1, 2);
    List<String> texts = List.of("", "köln", "𝒢", "a b");
    Path file = folder.resolve("a.npy");
    Npy.write(file, tensor);
    assertEquals(tensor, Npy.read(file));
    Npy.write(file, doubles);
    assertEquals(doubles, Npy.readDoubles(file));
    Npy.write(file, longs);
    assertEquals(longs, Npy.readLongs(file));
    Npy.writeStrings(file, texts);
    assertEquals(texts, Npy.readStrings(file));
    Npy.writeStrings(file, List.of());
    assertEquals(List.of(), Npy.readStrings(file));
  }

  @Property(tries = 60)
  void everyShapeComesBack(
      @ForAll @IntRange(max = 7) int a, @ForAll @IntRange(max = 5) int b, @ForAll boolean deep)
      throws IOException {
    Path file = Files.createTempFile("noesis-shape", ".npz");
    try {
      int[] shape = deep ? new int[] {a, b, 2} : new int[] {a, b};
      float[] values = new float[Shape.of(shape).size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = i * 0.5f;
      }
      Tensor tensor = Tensor.wrap(values, shape);
      Npz.write(file, Map.of("x", tensor, "empty", Tensor.zeros(0)));
      try (Npz npz = Npz.open(file)) {
        assertEquals(tensor, npz.read("x"));
        assertEquals(List.of("empty", "x"), npz.names());
      }
      new SafetensorsWriter().add("x", tensor).write(file);
      try (Safetensors safe = Safetensors.open(file)) {
        assertEquals(tensor, safe.read("x"));
      }
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void arraysLargerThanOneChunkComeBack() {
    int n = 200_003;
    long[] longs = new long[n];
    double[] doubles = new double[n];
    float[] floats = new float[n];
    for (int i = 0; i < n; i++) {
      longs[i] = i * 3L;
      doubles[i] = i / 3.0;
      floats[i] = i / 7f;
    }
    Path file = folder.resolve("large.npy");
    Npy.write(file, LongArray.wrap(longs, n));
    assertArrayEquals(longs, Npy.readLongs(file).array());
    Npy.write(file, DoubleArray.wrap(doubles, n));
    assertArrayEquals(doubles, Npy.readDoubles(file).array());
    Npy.write(file, Tensor.wrap(floats, n));
    assertArrayEquals(floats, Npy.read(file).array());
  }

  @Test
  void rowsAreReadByPosition() {
    Path file = folder.resolve("rows.npy");
    float[] values = new float[50 * 6];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Npy.write(file, Tensor.wrap(values, 50, 2, 3));
    try (NpyRows rows = NpyRows.open(file)) {
      assertEquals(50, rows.rows());
      assertEquals(6, rows.width());
      Tensor read = rows.read(new int[] {49, 0, 1, 2, 2});
      assertEquals(Shape.of(5, 2, 3), read.shape());
      assertArrayEquals(new float[] {294, 295, 296, 297, 298, 299}, read.row(0));
      assertEquals(12, read.at(3, 0, 0));
      assertEquals(12, read.at(4, 0, 0));
      assertEquals(Shape.of(0, 2, 3), rows.read(new int[0]).shape());
      assertThrows(IllegalArgumentException.class, () -> rows.read(new int[] {50}));
      assertThrows(IllegalArgumentException.class, () -> rows.read(new int[] {0, -1}));
      assertThrows(IllegalArgumentException.class, () -> rows.read(3, 51));
    }
    byte[] fortran = ArrayFixtures.entries("npy-variants.npz").get("fortran-prime.npy");
    String message =
        assertThrows(
                UnsupportedDataException.class,
                () -> NpyRows.open(Source.memory("fortran", fortran)))
            .getMessage();
    assertTrue(message.contains("ascontiguousarray"), message);
  }

  @Test
  void theHeaderTellsWithoutReading() throws IOException {
    Path file = folder.resolve("h.npy");
    Npy.write(file, Tensor.zeros(3, 4));
    NpyHeader header = NpyHeader.read(file);
    assertEquals(List.of(3L, 4L), header.shape());
    assertEquals(12, header.elements());
    assertEquals(DType.FLOAT32, header.dtype().orElseThrow());
    assertEquals(128, header.dataOffset());
    Files.write(
        file, npy("{'descr': '<f8', 'fortran_order': True, 'shape': (9000000000, 3), }", 0));
    assertEquals(27_000_000_000L, NpyHeader.read(file).elements());
    assertEquals(ArrayOrder.FORTRAN, NpyHeader.read(file).order());
  }

  @Test
  void everyTruncationIsFound() throws IOException {
    Path file = folder.resolve("t.npy");
    Npy.write(file, Tensor.wrap(new float[] {1, 2, 3}, 3));
    assertEveryTruncationIsFound(Files.readAllBytes(file), b -> read("t", b));
    new SafetensorsWriter().add("x", Tensor.zeros(3)).metadata("a", "b").write(file);
    assertEveryTruncationIsFound(
        Files.readAllBytes(file), b -> Safetensors.open(Source.memory("t", b)).read("x"));
    Npz.write(file, Map.of("x", Tensor.zeros(3)));
    byte[] whole = Files.readAllBytes(file);
    for (int n = 0; n < whole.length; n += 5) {
      Files.write(file, Arrays.copyOf(whole, n));
      assertThrows(CorruptDataException.class, () -> Npz.open(file), "cut to " + n);
    }
  }

  private static void assertEveryTruncationIsFound(
      byte[] whole, java.util.function.Consumer<byte[]> read) {
    read.accept(whole);
    for (int n = 0; n < whole.length; n++) {
      byte[] cut = Arrays.copyOf(whole, n);
      assertThrows(CorruptDataException.class, () -> read.accept(cut), "cut to " + n);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 3, }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3, }",
        "{'descr': '<f4', 'fortran_order': False, }",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} or exit()",
        "{'descr': '<f4, 'fortran_order': False, 'shape': (1,)}",
        "[1, 2]",
        "",
      })
  void claimsThatCannotBeTrueAreCorrupt(String header) {
    CorruptDataException e =
        assertThrows(CorruptDataException.class, () -> read("bad.npy", npy(header, 8)));
    assertTrue(e.getMessage().contains("bad.npy"), e.getMessage());
  }

  @Test
  void headersOfOtherWritersAreRead() {
    assertEquals(
        Tensor.zeros(2, 1),
        read("x", npy("{\"shape\":(2L,1L),\"fortran_order\":False,\"descr\":\"<f4\"}", 8)));
    assertEquals(
        Tensor.zeros(2), read("x", npy("{'descr':'=f4','fortran_order':True,'shape':(2,)}  ", 9)));
  }

  @Test
  void elementsWithoutBytesCannotMultiply() {
    byte[] bomb = npy("{'descr': '<U0', 'fortran_order': False, 'shape': (1000000000,), }", 0);
    assertThrows(
        UnsupportedDataException.class, () -> new NpyReader(Source.memory("bomb", bomb)).strings());
    byte[] few = npy("{'descr': '|S0', 'fortran_order': False, 'shape': (2,), }", 0);
    assertEquals(List.of("", ""), new NpyReader(Source.memory("few", few)).strings());
  }

  @Test
  void otherVersionsAndLongHeadersAreRefused() {
    byte[] bytes = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", 4);
    bytes[6] = 4;
    assertThrows(UnsupportedDataException.class, () -> read("v4", bytes));
    bytes[6] = 2;
    bytes[10] = 0x7f;
    bytes[11] = 0x7f;
    String message =
        assertThrows(CorruptDataException.class, () -> read("long", bytes)).getMessage();
    assertTrue(message.contains("header claims"), message);
  }

  @Test
  void aTextArrayIsNoNumberArrayAndTheOtherWayRound() {
    Path file = folder.resolve("t.npy");
    Npy.writeStrings(file, List.of("a"));
    assertThrows(UnsupportedDataException.class, () -> Npy.read(file));
    Npy.write(file, Tensor.zeros(1));
    assertThrows(UnsupportedDataException.class, () -> Npy.readStrings(file));
    byte[] latin = npy("{'descr': '|S2', 'fortran_order': False, 'shape': (1,), }", 0);
    byte[] bad = Arrays.copyOf(latin, latin.length + 2);
    bad[latin.length] = (byte) 0xe9;
    bad[latin.length + 1] = 'a';
    String message =
        assertThrows(
                CorruptDataException.class,
                () -> new NpyReader(Source.memory("latin", bad)).strings())
            .getMessage();
    assertTrue(message.contains("UTF-8"), message);
  }

  @Test
  void missingFilesAndFoldersAreNamed() {
    Path missing = folder.resolve("missing.npy");
    for (org.junit.jupiter.api.function.Executable open :
        List.<org.junit.jupiter.api.function.Executable>of(
            () -> Npy.read(missing),
            () -> NpyRows.open(missing),
            () -> Npz.open(missing),
            () -> Safetensors.open(missing))) {
      String message = assertThrows(DataException.class, open).getMessage();
      assertTrue(message.contains("missing.npy"), message);
      assertTrue(message.contains("does not exist"), message);
    }
    for (org.junit.jupiter.api.function.Executable open :
        List.<org.junit.jupiter.api.function.Executable>of(
            () -> Npy.read(folder),
            () -> NpyRows.open(folder),
            () -> Npz.open(folder),
            () -> Safetensors.open(folder))) {
      String message = assertThrows(DataException.class, open).getMessage();
      assertTrue(message.contains(folder + ": it is a folder, expected a file"), message);
    }
  }

  @Test
  void anUnknownArrayNamesTheNearest() {
    Path file = folder.resolve("n.npz");
    Npz.write(file, Map.of("responses", Tensor.zeros(1)));
    try (Npz npz = Npz.open(file)) {
      String message = assertThrows(DataException.class, () -> npz.read("response")).getMessage();
      assertTrue(message.contains("Did you mean 'responses'"), message);
    }
    new SafetensorsWriter().add("weights", Tensor.zeros(1)).write(file);
    try (Safetensors safe = Safetensors.open(file)) {
      String message = assertThrows(DataException.class, () -> safe.read("weight")).getMessage();
      assertTrue(message.contains("Did you mean 'weights'"), message);
    }
  }

  @Test
  void aZipThatClaimsMoreThanItCanHoldIsRefused() throws IOException {
    Path file = folder.resolve("bomb.npz");
    Npz.write(file, Map.of("x", Tensor.zeros(4)));
    byte[] bytes = Files.readAllBytes(file);
    int central = indexOf(bytes, new byte[] {'P', 'K', 1, 2});
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(central + 24, 2_000_000_000);
    Files.write(file, bytes);
    try (Npz npz = Npz.open(file)) {
      String message = assertThrows(CorruptDataException.class, () -> npz.read("x")).getMessage();
      assertTrue(message.contains("2000000000"), message);
    }
  }

  @Test
  void aChangedValueInAZipIsFound() throws IOException {
    Path file = folder.resolve("flip.npz");
    Npz.write(file, Map.of("x", Tensor.wrap(new float[] {1, 2, 3, 4}, 4)));
    byte[] bytes = Files.readAllBytes(file);
    bytes[indexOf(bytes, new byte[] {'P', 'K', 1, 2}) - 3] ^= 1;
    Files.write(file, bytes);
    try (Npz npz = Npz.open(file)) {
      String message = assertThrows(CorruptDataException.class, () -> npz.read("x")).getMessage();
      assertTrue(message.contains("checksum"), message);
    }
  }

  @Test
  void namesInAZipPointNowhere() throws IOException {
    Path file = folder.resolve("path.npz");
    Npz.write(file, Map.of("../../outside", Tensor.wrap(new float[] {7}, 1)));
    try (Npz npz = Npz.open(file)) {
      assertEquals(List.of("../../outside"), npz.names());
      assertEquals(7, npz.read("../../outside").at(0));
    }
    try (var files = Files.list(folder)) {
      assertEquals(List.of("path.npz"), files.map(f -> f.getFileName().toString()).toList());
    }
    assertFalse(Files.exists(folder.resolve("../../outside.npy")));
  }

  @Test
  void otherFilesInAZipAreNotArrays() throws IOException {
    Path file = folder.resolve("mixed.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("README.txt"));
      zip.write("hello".getBytes(StandardCharsets.UTF_8));
      zip.putNextEntry(new ZipEntry("x.npy"));
      zip.write("hello".getBytes(StandardCharsets.UTF_8));
    }
    try (Npz npz = Npz.open(file)) {
      assertEquals(List.of("x"), npz.names());
      assertThrows(CorruptDataException.class, () -> npz.read("x"));
    }
  }

  @Test
  void theSameArraysGiveTheSameBytes() throws IOException {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    Npz.write(
        one, new java.util.LinkedHashMap<>(Map.of("a", Tensor.zeros(2), "b", Tensor.zeros(3))));
    Npz.write(two, new java.util.TreeMap<>(Map.of("b", Tensor.zeros(3), "a", Tensor.zeros(2))));
    assertEquals(-1, Files.mismatch(one, two));
    new SafetensorsWriter()
        .add("a", Tensor.zeros(2))
        .add("b", Tensor.zeros(1))
        .metadata(Map.of("x", "1", "y", "2"))
        .write(one);
    new SafetensorsWriter()
        .add("b", Tensor.zeros(1))
        .metadata("y", "2")
        .metadata("x", "1")
        .add("a", Tensor.zeros(2))
        .write(two);
    assertEquals(-1, Files.mismatch(one, two));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SafetensorsWriter().add("a", Tensor.zeros(1)).add("a", Tensor.zeros(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // past the end, gap, overlap, hole at the end, backwards, size of another shape
        "{'a':{'dtype':'F32','shape':[9],'data_offsets':[0,36]}}",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[5,9]}}",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[12,0]}}",
        "{'a':{'dtype':'F32','shape':[2,2],'data_offsets':[0,12]}}",
        "{'a':{'dtype':'F32','shape':[-3],'data_offsets':[0,12]}}",
        "{'a':{'dtype':'F32','shape':[1.5,2],'data_offsets':[0,12]}}",
        "{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,12]}}",
        "{'a':{'dtype':'Q32','shape':[3],'data_offsets':[0,12]}}",
        "{'a':{'dtype':'F32','shape':[3]}}",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]},'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}",
        "{'__metadata__':{'k':1},'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}} {}",
        "[]",
        "{}",
        "{'a'",
      })
  void safetensorsHeadersThatCannotBeTrueAreCorrupt(String header) {
    byte[] text = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + text.length + 12).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text);
    assertThrows(
        CorruptDataException.class, () -> Safetensors.open(Source.memory("bad", file.array())));
  }

  @Test
  void safetensorsTypesThatAreNotReadAreNamed() {
    byte[] text =
        "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[4],\"data_offsets\":[0,4]}}"
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + text.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text);
    try (Safetensors safe = Safetensors.open(Source.memory("f8", file.array()))) {
      assertEquals("F8_E4M3", safe.entry("a").dtype());
      String message =
          assertThrows(UnsupportedDataException.class, () -> safe.read("a")).getMessage();
      assertTrue(message.contains("F8_E4M3"), message);
    }
  }

  @Test
  void halfPrecisionFollowsTheStandard() {
    assertEquals(1f, Elements.halfToFloat((short) 0x3c00));
    assertEquals(-2f, Elements.halfToFloat((short) 0xc000));
    assertEquals(65504f, Elements.halfToFloat((short) 0x7bff));
    assertEquals(0x1p-24f, Elements.halfToFloat((short) 0x0001));
    assertEquals(0x1p-14f, Elements.halfToFloat((short) 0x0400));
    assertEquals(Float.NEGATIVE_INFINITY, Elements.halfToFloat((short) 0xfc00));
    assertTrue(Float.isNaN(Elements.halfToFloat((short) 0x7e00)));
  }

  private static Tensor read(String name, byte[] bytes) {
    return new NpyReader(Source.memory(name, bytes)).floats();
  }

  /** A version 1.0 file with that header text and so many zero bytes of values. */
  private static byte[] npy(String header, int values) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer out = ByteBuffer.allocate(10 + text.length + values).order(ByteOrder.LITTLE_ENDIAN);
    out.put(NpyHeaderText.MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) text.length)
        .put(text);
    return out.array();
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    throw new AssertionError("not found");
  }
}
