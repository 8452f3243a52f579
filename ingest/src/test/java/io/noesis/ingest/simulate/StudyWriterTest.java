package io.noesis.ingest.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.glm.BetaSpec;
import io.noesis.ingest.glm.SingleTrialBetas;
import io.noesis.ingest.volume.Volume;
import io.noesis.run.Fingerprint;
import io.noesis.run.OutputException;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyWriterTest {
  @TempDir Path folder;

  private Path write(SimulationSpec spec, String name) {
    Path out = folder.resolve(name);
    Small.study(spec).write(out, Existing.KEEP, Progress.NONE);
    return out;
  }

  private static Map<String, String> fingerprints(Path root) throws IOException {
    Map<String, String> out = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.put(root.relativize(file).toString(), Fingerprint.ofFile(file));
      }
    }
    return out;
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void filesAreThoseOfABidsFolder() throws IOException {
    Path root = write(Small.spec(), "study");
    assertEquals("raw", json(root.resolve("dataset_description.json")).get("DatasetType").asText());
    assertTrue(
        json(root.resolve("dataset_description.json")).get("Name").asText().contains("SIMULATED"));
    assertTrue(Files.readString(root.resolve("README")).startsWith("SIMULATED STUDY"));
    assertEquals(3, Files.readAllLines(root.resolve("participants.tsv")).size());
    List<String> stimuli = Files.readAllLines(root.resolve("stimuli/stimuli.tsv"));
    assertEquals(33, stimuli.size());
    for (String line : stimuli.subList(1, 33)) {
      String[] cells = line.split("\t");
      assertEquals(11, cells.length);
      assertEquals(16, ImageIO.read(root.resolve("stimuli/" + cells[1]).toFile()).getWidth());
    }
    String stem = "sub-02/ses-02/func/sub-02_ses-02_task-pictures_run-01";
    JsonNode sidecar = json(root.resolve(stem + "_bold.json"));
    assertEquals(2, sidecar.get("RepetitionTime").asDouble());
    assertTrue(sidecar.get("Simulated").asBoolean());
    assertFalse(sidecar.has("StartTime"));
    List<String> events = Files.readAllLines(root.resolve(stem + "_events.tsv"));
    assertEquals(
        "onset\tduration\ttrial_type\tstim_file\tstimulus_id\trepetition\tpart", events.get(0));
    assertEquals(13, events.size());
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(List.of(root), all.toList(), "nothing temporary is left");
    }
  }

  @Test
  void runsReadBackAsSimulated() {
    SimulatedStudy study = Small.study(Small.spec());
    Path root = write(Small.spec(), "study");
    SimulatedSubject subject = study.subjects().get(0);
    PlannedRun run = subject.runs().get(2);
    Path file = root.resolve("sub-01/ses-02/func/sub-01" + run.entities() + "_bold.nii.gz");
    Volume volume = NiftiFile.read(file);
    assertEquals(run.timing().volumes(), volume.volumes());
    assertEquals(2, volume.trSeconds());
    Path mask =
        root.resolve(
            "derivatives/simulation/sub-01/func/sub-01_task-pictures_desc-brain_mask.nii.gz");
    assertEquals(subject.brain().mask(), NiftiFile.readMask(mask));
    subject.brain().mask().requireSameSpace(volume.grid(), "the run");
    Tensor bold = subject.bold(run);
    Tensor read = masked(volume, subject);
    // Half a step of 16 bits for values up to about 12500.
    for (int i = 0; i < bold.size(); i++) {
      assertEquals(bold.array()[i], read.array()[i], 0.25);
    }
    Tensor exact = SingleTrialBetas.estimate(run.design(), bold, BetaSpec.DEFAULT).betas();
    Tensor rounded = SingleTrialBetas.estimate(run.design(), read, BetaSpec.DEFAULT).betas();
    double square = 0;
    for (int i = 0; i < exact.size(); i++) {
      square += Math.pow(exact.array()[i] - rounded.array()[i], 2) / exact.size();
    }
    double noise = subject.model().voxels().get(0).betaNoiseSd();
    assertTrue(Math.sqrt(square) < 0.01 * noise, "rounding adds " + Math.sqrt(square));
  }

  private static Tensor masked(Volume volume, SimulatedSubject subject) {
    int[] indices = subject.brain().mask().indices();
    float[] out = new float[volume.volumes() * indices.length];
    volume.forEachVolume((t, frame) -> frame.gather(indices, out, t * indices.length));
    return Tensor.wrap(out, volume.volumes(), indices.length);
  }

  @Test
  void truthReadsBack() throws IOException {
    SimulatedStudy study = Small.study(Small.spec());
    Path root = write(Small.spec(), "study");
    SimulatedSubject subject = study.subjects().get(1);
    String stem = "derivatives/simulation/sub-02/func/sub-02_task-pictures_desc-";
    assertEquals(
        subject.model().responses(),
        masked(NiftiFile.read(root.resolve(stem + "betas_map.nii.gz")), subject));
    assertEquals(
        subject.model().weights(),
        masked(NiftiFile.read(root.resolve(stem + "weights_map.nii.gz")), subject));
    List<String> voxels = Files.readAllLines(root.resolve(stem + "voxels_table.tsv"));
    assertEquals(subject.voxels() + 1, voxels.size());
    String[] cells = voxels.get(6).split("\t");
    assertEquals(subject.model().voxels().get(5).ceiling(), Double.parseDouble(cells[11]), 1e-6);
    assertEquals(49, Files.readAllLines(root.resolve(stem + "trials_table.tsv")).size());
    assertEquals(0.3, json(root.resolve(stem + "truth_simulation.json")).get("Rho").asDouble());
  }

  @Test
  void startTimeAndSingleSessionAreWritten() throws IOException {
    TimingPlan t = Small.spec().timing();
    SimulationSpec spec =
        Small.spec()
            .withTiming(
                new TimingPlan(
                    1,
                    t.trialsPerRun(),
                    1.6,
                    t.spacingSeconds(),
                    t.jitterSeconds(),
                    t.stimulusSeconds(),
                    t.blankShare(),
                    0.8));
    Path root = write(spec, "study");
    JsonNode sidecar = json(root.resolve("sub-01/func/sub-01_task-pictures_run-04_bold.json"));
    assertEquals(0.8, sidecar.get("StartTime").asDouble());
    assertEquals(1.6, sidecar.get("RepetitionTime").asDouble());
  }

  @Test
  void everyByteIsTheSameOnARerunAndWithAnyNumberOfThreads() throws IOException {
    Map<String, String> one = Parallel.with(1, () -> fingerprints(write(Small.spec(), "one")));
    Map<String, String> four = Parallel.with(4, () -> fingerprints(write(Small.spec(), "four")));
    assertEquals(one, four);
    // 5 files at the top, stimuli, 4 runs of 2 subjects, and the truth.
    assertEquals(5 + 33 + 2 * 4 * 3 + 2 + 2 * 9, one.size());
  }

  @Test
  void duplicatesDifferInBytes() throws IOException {
    SimulatedStudy study = Small.study(Small.spec().withLeak(Leak.DUPLICATE_PIXELS));
    Path root = write(Small.spec().withLeak(Leak.DUPLICATE_PIXELS), "leaky");
    Map<String, String> files = fingerprints(root.resolve("stimuli"));
    assertEquals(33, files.size());
    assertEquals(33, files.values().stream().distinct().count());
    assertEquals(
        2,
        study.stimuli().stream().filter(s -> s.copy() == SimulatedStimulus.Copy.DUPLICATE).count());
  }

  @Test
  void onlyOwnStudiesAreReplacedAndOnlyWhenAsked() throws IOException {
    Path root = write(Small.spec(), "study");
    Map<String, String> before = fingerprints(root);
    SimulatedStudy other = Small.study(Small.spec().withLeak(Leak.SHARED_RUNS));
    assertRefused(() -> other.write(root, Existing.KEEP, Progress.NONE), "is there already");
    assertEquals(before, fingerprints(root));
    other.write(root, Existing.REPLACE, Progress.NONE);
    assertNotEquals(before, fingerprints(root));
    Path foreign = Files.createDirectories(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("thesis.txt"), "years of work");
    assertRefused(
        () -> other.write(foreign, Existing.REPLACE, Progress.NONE), "holds no simulated study");
    Path empty = Files.createDirectories(folder.resolve("empty"));
    other.write(empty, Existing.KEEP, Progress.NONE);
    assertTrue(Files.exists(empty.resolve("dataset_description.json")));
    assertRefused(
        () -> other.write(foreign.resolve("thesis.txt"), Existing.REPLACE, Progress.NONE),
        "a file of that name is in the way");
  }

  @Test
  void aFailureLeavesNothingBehind() throws IOException {
    Path root = folder.resolve("study");
    Progress broken =
        new Progress() {
          @Override
          public void begin(String name, long total) {
            if (name.equals("simulating runs")) {
              throw new IllegalStateException("stopped");
            }
          }
        };
    assertThrows(
        IllegalStateException.class,
        () -> Small.study(Small.spec()).write(root, Existing.KEEP, broken));
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(List.of(), all.toList());
    }
  }

  private static void assertRefused(Runnable work, String words) {
    String message = assertThrows(OutputException.class, work::run).getMessage();
    assertTrue(message.contains(words), message);
  }
}
