package io.noesis.ingest.format.bids;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BidsNameTest {
  @Test
  void takesANameApartAndPutsItTogether() {
    String text =
        "sub-01_ses-pre_task-rest_run-02_space-MNI152NLin2009cAsym_desc-brain_mask.nii.gz";
    BidsName name = BidsName.parse(text).orElseThrow();
    assertEquals("01", name.entity("sub"));
    assertEquals("", name.entity("acq"));
    assertEquals("mask", name.suffix());
    assertEquals(".nii.gz", name.extension());
    assertEquals(text, name.fileName());
  }

  @Test
  void entitiesAreWrittenInTheOrderOfTheSpecification() {
    BidsName name = new BidsName(Map.of("run", "1", "sub", "02", "task", "a"), "bold", ".nii");
    assertEquals("sub-02_task-a_run-1_desc-x_bold.nii", name.with("desc", "x").fileName());
    assertEquals("sub-02_task-a_events.tsv", name.with("run", "").as("events", ".tsv").fileName());
  }

  @Test
  void aVaguerNameAppliesToAMoreSpecificOne() {
    BidsName run = BidsName.parse("sub-01_task-a_run-1_bold.nii.gz").orElseThrow();
    for (String vague : List.of("bold.json", "task-a_bold.json", "sub-01_bold.json")) {
      assertTrue(BidsName.parse(vague).orElseThrow().appliesTo(run), vague);
    }
    for (String other : List.of("task-b_bold.json", "sub-01_task-a_acq-x_bold.json")) {
      assertEquals(false, BidsName.parse(other).orElseThrow().appliesTo(run), other);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sub-01_sub-02_bold.nii",
        "sub_01_bold.nii",
        "notes-x y.txt",
        "",
        "a-_bold.nii",
        "sub-01_.nii"
      })
  void otherNamesAreNotBids(String name) {
    assertEquals(Optional.empty(), BidsName.parse(name));
  }

  @Test
  void impossibleEntitiesAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new BidsName(Map.of("sub", "a_b"), "bold", ".nii"));
  }
}
