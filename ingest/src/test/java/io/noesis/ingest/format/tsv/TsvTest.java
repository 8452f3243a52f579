package io.noesis.ingest.format.tsv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.NoesisException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TsvTest {
  private static final String GOOD =
      "onset\tduration\ttrial_type\n0.5\t1\tface\n2e1\tn/a\thouse caf\u00e9\n";

  private static TsvTable parse(String text) {
    return Tsv.parse(text.getBytes(StandardCharsets.UTF_8), "t.tsv");
  }

  @Test
  void readsCellsNumbersAndMissingValues() {
    TsvTable table = parse(GOOD);
    assertEquals(List.of("onset", "duration", "trial_type"), table.columns());
    assertEquals(2, table.rows());
    assertEquals(0.5, table.number(0, "onset"));
    assertEquals(20, table.number(1, "onset"));
    assertEquals(1, table.whole(0, "duration"));
    assertThrows(CorruptDataException.class, () -> table.whole(0, "onset"));
  }

  @Test
  void windowsLineEndsAByteOrderMarkAndBlankLastLinesAreRead() {
    TsvTable table = parse("\ufeff" + GOOD.replace("\n", "\r\n") + "\r\n\r\n");
    assertEquals("house caf\u00e9", table.text(1, "trial_type"));
    assertEquals(List.of("onset", "duration", "trial_type"), table.columns());
    assertEquals(2, table.rows());
    assertEquals(1, parse("a\tb\n1\t2").rows(), "a last line without a line end counts");
    assertEquals(0, parse("a\tb\n").rows());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|no header",
        "'\\n1\\n'|no header",
        "'a\\ta\\n1\\t2\\n'|two columns are named 'a'",
        "'a\\t\\n1\\t2\\n'|column 2 has no name",
        "'a\\tb\\n1\\t2\\n1\\n'|line 3: found 1 column, expected 2 columns",
        "'a\\tb\\n1\\t2\\t3\\n'|line 2: found 3 columns, expected 2 columns",
        "'a\\tb\\n\\n1\\t2\\n'|line 2: the line is blank",
        "'a\\tb\\n1\\t\\0\\n'|line 2: found the control character 0x0",
      })
  void brokenTablesNameFileAndLine(String text, String expected) {
    String unescaped = text.replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0");
    CorruptDataException e =
        assertThrows(CorruptDataException.class, () -> parse(unescaped), expected);
    assertTrue(e.getMessage().contains("t.tsv"), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void bytesThatAreNotUtf8AreRefusedWithTheirLine() {
    byte[] latin1 = "a\tb\n1\tcaf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    CorruptDataException e =
        assertThrows(CorruptDataException.class, () -> Tsv.parse(latin1, "t.tsv"));
    assertTrue(e.getMessage().contains("line 2"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"1d", "0x10", "NaN", "Infinity", "1e999", "'1,5'", "n/a", "--1", "'1 2'", "."})
  void aCellThatIsNoNumberNamesItsPlace(String cell) {
    TsvTable table = parse("a\tb\n1\t2\n1\t" + cell + "\n");
    CorruptDataException e = assertThrows(CorruptDataException.class, () -> table.number(1, "b"));
    assertTrue(e.getMessage().contains("line 3: column 'b' (number 2) is '" + cell + "'"));
  }

  @Test
  void missingColumnsNameTheNearest() {
    DataException e = assertThrows(DataException.class, () -> parse(GOOD).require("trial_typ"));
    assertTrue(e.getMessage().contains("Did you mean 'trial_type'?"), e.getMessage());
    assertEquals(Optional.empty(), parse(GOOD).value(1, "duration"));
    assertTrue(Double.isNaN(parse(GOOD).numberOrNaN(1, "duration")));
    assertFalse(parse(GOOD).has("x"));
  }

  @Test
  void whatIsWrittenIsReadBack(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("sub/x.tsv");
    Tsv.write(file, List.of("a", "b"), List.of(List.of("1", "caf\u00e9"), List.of("", "x y")));
    assertEquals("a\tb\n1\tcaf\u00e9\nn/a\tx y\n", Files.readString(file));
    assertEquals(List.of("1", "n/a"), Tsv.read(file).texts("a"));
    assertThrows(
        IllegalArgumentException.class,
        () -> Tsv.write(file, List.of("a"), List.of(List.of("1\t2"))));
    assertThrows(DataException.class, () -> Tsv.read(folder.resolve("none.tsv")));
    assertThrows(DataException.class, () -> Tsv.read(folder));
  }

  @Test
  void aLineBeyondTheLimitIsRefused() {
    String text = "a\n" + "x".repeat((1 << 20) + 1) + "\n";
    assertThrows(CorruptDataException.class, () -> parse(text));
  }

  @Test
  void mutatedTablesEndInATableOrAnErrorOfOurs() {
    byte[][] seeds = {
      GOOD.getBytes(StandardCharsets.UTF_8),
      ("\ufeff" + GOOD.replace("\n", "\r\n")).getBytes(StandardCharsets.UTF_8),
      "id\tfile\tcaption\n1\ta/b.png\ta red \u5bb6 in the sun\nn/a\tn/a\tn/a\n"
          .getBytes(StandardCharsets.UTF_8)
    };
    PinnedRandom random = Seed.of(7).child("tsv-fuzz").random();
    int read = 0;
    int refused = 0;
    for (int i = 0; i < 120_000; i++) {
      byte[] bytes = mutate(seeds[i % seeds.length], random);
      try {
        TsvTable table = Tsv.parse(bytes, "fuzz");
        for (int row = 0; row < table.rows(); row++) {
          table.numberOrNaN(row, table.columns().get(0));
        }
        read++;
      } catch (NoesisException e) {
        assertTrue(e.getMessage().contains("fuzz"), e.getMessage());
        refused++;
      }
    }
    assertTrue(read > 10_000 && refused > 10_000, read + " read, " + refused + " refused");
  }

  private static byte[] mutate(byte[] seed, PinnedRandom random) {
    byte[] out =
        Arrays.copyOf(seed, random.nextInt(8) == 0 ? random.nextInt(seed.length + 9) : seed.length);
    int edits = random.nextInt(5);
    for (int e = 0; e < edits && out.length > 0; e++) {
      int at = random.nextInt(out.length);
      switch (random.nextInt(4)) {
        case 0 -> out[at] = (byte) random.nextInt(256);
        case 1 -> out[at] = (byte) "\t\n\r\0\"1e.-".charAt(random.nextInt(9));
        case 2 -> out[at] ^= (byte) (1 << random.nextInt(8));
        default -> {
          int to = random.nextInt(out.length);
          System.arraycopy(out, Math.min(at, to), out, at, out.length - Math.max(at, to));
        }
      }
    }
    return out;
  }
}
