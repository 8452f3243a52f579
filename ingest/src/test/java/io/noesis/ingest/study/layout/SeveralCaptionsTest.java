package io.noesis.ingest.study.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.Study;
import io.noesis.run.DataException;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several captions of one stimulus, in every layout that has a table of stimuli. */
class SeveralCaptionsTest {
  private static final String TABLE =
      "id\tcaption\tgroup\tcaption_2\tcaption_3\n"
          + "1\ta cup\tthing\ta red cup\ton a table, a cup\n"
          + "2\ta dog\tanimal\tn/a\tn/a\n";

  @TempDir Path root;

  private void write(String table) throws IOException {
    Npy.write(root.resolve("responses.npy"), Tensor.wrap(new float[] {1, 2, 3, 4}, 2, 2));
    Files.writeString(root.resolve("trials.tsv"), "stimulus\tcategory\n1\tcup\n2\tdog\n");
    Files.createDirectories(root.resolve("stimuli"));
    Files.writeString(root.resolve("stimuli/stimuli.tsv"), table);
  }

  private Study open(String layout, String settings) {
    return StudyLayouts.open(layout, root, YamlTree.parse(settings, "settings"));
  }

  private static void isRead(StimulusSet stimuli) {
    Stimulus cup = stimuli.get("1");
    assertEquals(List.of("a cup", "a red cup", "on a table, a cup"), cup.captions());
    assertEquals(Optional.of("a cup"), cup.caption(), "the first stands for it");
    assertEquals(List.of("a dog"), stimuli.get("2").captions());
    assertEquals("thing", cup.attributes().get("group"));
    assertFalse(cup.attributes().keySet().stream().anyMatch(name -> name.startsWith("caption")));
  }

  @Test
  void arrays() throws IOException {
    write(TABLE);
    isRead(open("arrays", "").stimuli());
    String before = open("arrays", "").fingerprint();
    write(TABLE.replace("a red cup", "a blue cup"));
    assertNotEquals(before, open("arrays", "").fingerprint(), "every caption is data");
  }

  @Test
  void tables() throws IOException {
    write(TABLE);
    String settings =
        "{responses: responses.npy, table: trials.tsv, trSeconds: 2, stimuli: stimuli/stimuli.tsv,"
            + " columns: {category: category, stimulus: stimulus}}";
    isRead(open("table", settings).stimuli());
    String before = open("table", settings).fingerprint();
    write(TABLE.replace("a red cup", "a blue cup"));
    assertNotEquals(before, open("table", settings).fingerprint());
  }

  @Test
  void bids() throws IOException {
    BidsFolder folder = BidsFolder.good(root);
    folder.replace("stimuli/stimuli.tsv", "caption\tcategory", "caption\tcaption_2\tcategory");
    folder.replace("stimuli/stimuli.tsv", "a red cup\t", "a red cup\tone cup\t");
    folder.replace("stimuli/stimuli.tsv", "a blue dog\t", "a blue dog\tone dog\t");
    folder.replace("stimuli/stimuli.tsv", "a green dog\t", "a green dog\tn/a\t");
    Study study = open("bids", "");
    assertEquals(List.of("a red cup", "one cup"), study.stimuli().get("a").captions());
    assertEquals(List.of("a green dog"), study.stimuli().get("c").captions());
    String before = study.fingerprint();
    folder.replace("stimuli/stimuli.tsv", "one dog", "some dog");
    assertNotEquals(before, open("bids", "").fingerprint());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id,caption,caption_3;1,a,b            | line 1: the column 'caption_3'
          id,caption_1,caption_2;1,a,b          | line 1: the column 'caption_1'
          id,caption,caption_02;1,a,b           | line 1: the column 'caption_02'
          id,captions;1,["a"]                   | line 1: the column 'captions'
          id,caption,caption2;1,a,b             | line 1: the column 'caption2'
          id,caption,caption_2;1,a,b;2,n/a,b    | line 3 has a 'caption_2' and no 'caption'
          id,caption,caption_2,caption_3;1,a,,b | line 2 has a 'caption_3' and no 'caption_2'
          """)
  void refused(String table, String why) throws IOException {
    write(table.strip().replace(',', '\t').replace(';', '\n') + "\n");
    DataException refused = assertThrows(DataException.class, () -> open("arrays", ""));
    String said = refused.getMessage();
    assertTrue(said.contains("stimuli.tsv: " + why) && said.endsWith("."), said);
    assertTrue(said.contains("Rename the column") || said.contains("Move its captions"), said);
  }
}
