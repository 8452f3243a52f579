package io.noesis.ingest.format.bids;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.testing.SharedRecordings;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BidsDatasetTest {
  @TempDir Path root;

  private void file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private BidsFile only(BidsDataset dataset, String subject) {
    return dataset.files(subject, "bold", List.of(".nii.gz")).get(0);
  }

  @Test
  void sidecarsMergeFromTheTopDownAndTheNearerWins() throws IOException {
    file("dataset_description.json", "{\"Name\": \"x\", \"BIDSVersion\": \"1.10.0\"}");
    file("bold.json", "{\"a\": 1, \"b\": 1, \"c\": 1, \"d\": 1}");
    file("task-t_bold.json", "{\"b\": 2, \"c\": 2, \"d\": 2}");
    file("task-other_bold.json", "{\"d\": 99}");
    file("sub-01/sub-01_bold.json", "{\"c\": 3, \"d\": 3}");
    file("sub-01/ses-a/func/sub-01_ses-a_task-t_run-1_bold.json", "{\"d\": 4}");
    file("sub-01/ses-a/func/sub-01_ses-a_task-t_run-1_bold.nii.gz", "");
    file("task-t_events.tsv", "onset\tduration\n");
    BidsDataset dataset = BidsDataset.open(root);
    ObjectNode merged = dataset.sidecar(only(dataset, "01"));
    assertEquals("{\"a\":1,\"b\":2,\"c\":3,\"d\":4}", merged.toString());
    assertEquals(
        root.resolve("task-t_events.tsv"),
        dataset.table(only(dataset, "01"), "events").orElseThrow());
    file("sub-01/ses-a/func/sub-01_ses-a_task-t_run-1_events.tsv", "onset\tduration\n");
    assertEquals(
        "sub-01_ses-a_task-t_run-1_events.tsv",
        dataset.table(only(dataset, "01"), "events").orElseThrow().getFileName().toString());
    assertEquals(List.of("a"), dataset.sessions("01"));
  }

  @Test
  void aSimulatedDatasetSaysSo() throws IOException {
    file("dataset_description.json", "{\"Name\": \"x\"}");
    assertEquals(DatasetDescription.Origin.RECORDED, BidsDataset.open(root).description().origin());
    file("dataset_description.json", "{\"Name\": \"x\", \"Simulated\": true}");
    assertEquals(
        DatasetDescription.Origin.SIMULATED, BidsDataset.open(root).description().origin());
    file(
        "dataset_description.json",
        "{\"DatasetType\": \"raw\", \"GeneratedBy\": [{\"Name\": \"noesis simulate\"}]}");
    DatasetDescription description = BidsDataset.open(root).description();
    assertEquals(DatasetDescription.Origin.SIMULATED, description.origin());
    assertEquals(List.of("noesis simulate"), description.generatedBy());
  }

  @Test
  void missingOrBrokenDescriptionsAreNamed() throws IOException {
    assertThrows(DataException.class, () -> BidsDataset.open(root.resolve("none")));
    DataException none = assertThrows(DataException.class, () -> BidsDataset.open(root));
    assertTrue(none.getMessage().contains("no dataset_description.json"), none.getMessage());
    file("dataset_description.json", "{\"Name\": ");
    assertThrows(CorruptDataException.class, () -> BidsDataset.open(root));
    file("dataset_description.json", "[1]");
    assertThrows(CorruptDataException.class, () -> BidsDataset.open(root));
  }

  @ParameterizedTest
  @CsvSource({
    "ds003, 13, bold, .nii.gz, 13",
    "ds005, 16, bold, .nii.gz, 48",
    "volume_timing, 1, bold, .nii.gz, 6",
    "eeg_cbm, 20, eeg, .edf, 20",
    "eeg_matchingpennies, 7, eeg, .vhdr, 7"
  })
  void discoversPublishedDatasets(
      String name, int subjects, String suffix, String extension, int files) {
    BidsDataset dataset = BidsDataset.open(SharedRecordings.folder("bids-examples").resolve(name));
    assertEquals(subjects, dataset.subjects().size());
    int found = 0;
    for (String subject : dataset.subjects()) {
      List<BidsFile> runs = dataset.files(subject, suffix, List.of(extension));
      found += runs.size();
      for (BidsFile run : runs) {
        dataset.sidecar(run);
      }
    }
    assertEquals(files, found);
  }

  @Test
  void sidecarsOfAPublishedDatasetAreInherited() {
    BidsDataset dataset =
        BidsDataset.open(SharedRecordings.folder("bids-examples").resolve("ds005"));
    BidsFile run = dataset.files("01", "bold", List.of(".nii.gz")).get(0);
    assertEquals(2.0, dataset.sidecar(run).get("RepetitionTime").asDouble());
    assertTrue(dataset.table(run, "events").isPresent());
    assertEquals("Mixed-gambles task", dataset.description().name());
  }
}
