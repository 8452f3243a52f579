package io.noesis.tensor;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.noesis.run.CorruptDataException;
import io.noesis.run.NoesisException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files end in our own errors or in values, never in another exception, and never take
 * memory that the file's size does not justify. Inputs are tiny, so memory is watched through the
 * bytes this thread allocates.
 */
class ArrayFilesFuzzTest {
  private static final int NPY = 110_000;
  private static final int SAFETENSORS = 15_000;
  private static final int NPZ = 1_500;

  /** What a reader of a file below 4 KB may allocate: values, buffers, texts, one error. */
  private static final long MOST_BYTES = 4 << 20;

  private static final String[] PIECES = {
    "99999999999",
    "4294967296",
    "-1",
    "0",
    "(",
    ")",
    ",",
    "'",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ":",
    "True",
    "False",
    "<U",
    "|S",
    "|O",
    "<c16",
    ">f8",
    "<f2",
    "|b1",
    "<U99999999",
    "|S0",
    "shape",
    "descr",
    "L",
    "\0",
    "\u00ff",
    " ",
    "1e9",
    "(2,)*9",
    "F64",
    "BF16",
    "I64",
    "null",
    "data_offsets",
    "__metadata__",
    "\\u0000",
    "9223372036854775807",
    "9223372036854775808"
  };

  @TempDir Path folder;

  /** How one damaged input is read, in every way there is. */
  private interface Reading {
    void all(byte[] bytes) throws IOException;
  }

  @Test
  void damagedNpyFiles() throws IOException {
    List<byte[]> valid = new ArrayList<>(ArrayFixtures.entries("npy-variants.npz").values());
    int values = fuzz(valid, NPY, Seed.of(2).child("npy"), ArrayFilesFuzzTest::readNpy);
    // Bit flips in values leave a valid file: both outcomes must occur, or the test tests nothing.
    assertTrue(values > NPY / 50 && values < NPY / 2, "read without error: " + values);
  }

  @Test
  void damagedSafetensorsFiles() throws IOException {
    List<byte[]> valid =
        List.of(
            ArrayFixtures.bytes("safetensors.safetensors"),
            ArrayFixtures.bytes("written.safetensors"));
    int values =
        fuzz(
            valid,
            SAFETENSORS,
            Seed.of(2).child("safetensors"),
            bytes -> {
              try (Safetensors safe = Safetensors.open(Source.memory("fuzz", bytes))) {
                for (String name : safe.names()) {
                  if (safe.entry(name).dtype().matches("B?F.*")) {
                    safe.readDoubles(name);
                  } else if (!safe.entry(name).dtype().equals("U64")) {
                    safe.readLongs(name);
                  }
                }
              }
            });
    assertTrue(
        values > SAFETENSORS / 100 && values < SAFETENSORS / 2, "read without error: " + values);
  }

  @Test
  void damagedNpzFiles() throws IOException {
    List<byte[]> valid =
        List.of(
            ArrayFixtures.bytes("savez.npz"),
            ArrayFixtures.bytes("savez_compressed.npz"),
            ArrayFixtures.bytes("written.npz"));
    Path file = folder.resolve("fuzz.npz");
    int values =
        fuzz(
            valid,
            NPZ,
            Seed.of(2).child("npz"),
            bytes -> {
              Files.write(file, bytes);
              try (Npz npz = Npz.open(file)) {
                for (String name : npz.names()) {
                  if (npz.header(name).isText()) {
                    npz.readStrings(name);
                  } else {
                    npz.readDoubles(name);
                  }
                }
              }
            });
    assertTrue(values < NPZ / 2, "read without error: " + values);
  }

  private static void readNpy(byte[] bytes) {
    Source source = Source.memory("fuzz", bytes);
    NpyReader reader = new NpyReader(source);
    if (reader.header().isText()) {
      reader.strings();
      return;
    }
    // Whole numbers at the limits of their type fit some readers only; damage must show in each.
    List<Runnable> ways =
        List.of(
            reader::doubles,
            reader::floats,
            reader::longs,
            () -> {
              try (NpyRows rows = NpyRows.open(source)) {
                rows.read(0, Math.min(2, rows.rows()));
              }
            });
    List<NoesisException> errors = new ArrayList<>();
    for (Runnable way : ways) {
      try {
        way.run();
      } catch (NoesisException e) {
        errors.add(e);
      }
    }
    if (errors.size() == ways.size()) {
      throw errors.get(0);
    }
  }

  private static int fuzz(List<byte[]> valid, int count, Seed seed, Reading reading)
      throws IOException {
    PinnedRandom random = seed.random();
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    for (byte[] whole : valid) {
      // Classes are loaded here, not while memory is watched.
      try {
        reading.all(whole);
      } catch (NoesisException e) {
        assertFalse(e instanceof CorruptDataException, e.getMessage());
      }
    }
    int values = 0;
    for (int i = 0; i < count; i++) {
      byte[] bytes = damaged(valid.get(random.nextInt(valid.size())), random);
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        reading.all(bytes);
        values++;
      } catch (NoesisException e) {
        assertTrue(e.getMessage().length() > 20, e.getMessage());
      } catch (RuntimeException | Error e) {
        fail("input " + i + ": " + HexFormat.of().formatHex(bytes), e);
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      if (allocated > MOST_BYTES) {
        fail("input " + i + " took " + allocated + " bytes: " + HexFormat.of().formatHex(bytes));
      }
    }
    return values;
  }

  private static byte[] damaged(byte[] whole, PinnedRandom random) {
    byte[] bytes = whole.clone();
    int edits = 1 + random.nextInt(3);
    for (int e = 0; e < edits && bytes.length > 0; e++) {
      // Most damage goes to the header, where the decisions are made.
      int reach = random.nextInt(4) == 0 ? bytes.length : Math.min(bytes.length, 160);
      int at = random.nextInt(reach);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextLong();
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> bytes = replaced(bytes, at, random.nextInt(8), "");
        default ->
            bytes = replaced(bytes, at, random.nextInt(6), PIECES[random.nextInt(PIECES.length)]);
      }
    }
    return bytes;
  }

  private static byte[] replaced(byte[] bytes, int at, int length, String by) {
    byte[] piece = by.getBytes(StandardCharsets.ISO_8859_1);
    int end = Math.min(bytes.length, at + length);
    byte[] out = Arrays.copyOf(bytes, at + piece.length + bytes.length - end);
    System.arraycopy(piece, 0, out, at, piece.length);
    System.arraycopy(bytes, end, out, at + piece.length, bytes.length - end);
    return out;
  }
}
