package io.noesis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Simulated EEG from the command line: written, decoded by ridge, told in the words of epochs. */
class SimulatedEpochsRunTest {
  private static final List<String> PLAN =
      List.of(
          "--modality",
          "eeg",
          "--subjects",
          "1",
          "--channels",
          "8",
          "--rate",
          "50",
          "--sources",
          "4",
          "--train",
          "150",
          "--test",
          "30",
          "--pixels",
          "32",
          "--noise-ceiling",
          "0.6");

  private static Call simulate(Path out, String... more) {
    List<Object> words = new ArrayList<>(List.of("simulate", out));
    words.addAll(PLAN);
    words.addAll(List.of(more));
    return Call.of(words.toArray());
  }

  @Test
  void epochsAreDecodedAndTheReportSpeaksOfChannels(@TempDir Path folder) throws Exception {
    Path study = folder.resolve("study");
    Call written = simulate(study).ended(0);
    assertTrue(written.out().contains("270 trials each, 8 channels x 51 samples"), written.out());
    Path run = folder.resolve("run");
    Call.of(
            "run",
            "simulated-eeg",
            run,
            "--root",
            study,
            "--set",
            "evaluation.permutations=99",
            "--set",
            "evaluation.bootstraps=99",
            "--set",
            "responses.average.test=2")
        .ended(0);
    String text = Files.readString(run.resolve("report.json"));
    JsonNode report = new ObjectMapper().readTree(text);
    String methods = report.path("methods").asText();
    for (String expected :
        List.of(
            "SIMULATED",
            "channels: 8",
            "samples: 51",
            "Each channel was scaled",
            "from -0.2 s to 0.0 s was taken away",
            "up to 2 repetitions of a test stimulus were averaged")) {
      assertTrue(methods.contains(expected), expected + " in " + methods);
    }
    assertTrue(!methods.contains("oxel"), methods);
    assertEquals(
        61, Files.readAllLines(run.resolve("sub-01").resolve("decoded.tsv")).size(), "30 x 2 rows");
    assertTrue(
        Files.readString(run.resolve("sub-01").resolve("decoding.json"))
            .contains("mean and deviation of each channel"),
        "what was fitted is kept for the audits");
  }

  @Test
  void optionsOfOtherModalitiesAreRefused(@TempDir Path folder) {
    Call voxels = simulate(folder.resolve("a"), "--voxels", "99").ended(2);
    assertTrue(voxels.err().contains("--voxels"), voxels.err());
    Call channels = Call.of("simulate", folder.resolve("b"), "--channels", "9").ended(2);
    assertTrue(channels.err().contains("FMRI"), channels.err());
    Call plan = simulate(folder.resolve("c"), "--dry-run", "--epoch-code", "induced").ended(0);
    assertTrue(plan.out().contains("no linear decoder reads it"), plan.out());
    assertTrue(Files.notExists(folder.resolve("c")));
  }
}
