package io.noesis.ingest.study.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.glm.BetaSpec;
import io.noesis.ingest.glm.Confounds;
import io.noesis.ingest.glm.DesignMatrix;
import io.noesis.ingest.glm.DesignSpec;
import io.noesis.ingest.glm.RunTiming;
import io.noesis.ingest.glm.SingleTrialBetas;
import io.noesis.ingest.glm.TrialTiming;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.StudyCard;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Grid;
import io.noesis.ingest.volume.Masker;
import io.noesis.ingest.volume.MaskerOptions;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.UnsupportedDataException;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class BidsStudyTest {
  @TempDir Path root;
  private BidsFolder folder;

  @BeforeEach
  void write() throws IOException {
    folder = BidsFolder.good(root);
  }

  private Study open(String settings) {
    return StudyLayouts.open("bids", root, YamlTree.parse(settings, "settings"));
  }

  private SubjectResponses read(String settings) {
    return open(settings).responses("01", Progress.NONE);
  }

  private static void fails(Executable work, String... expected) {
    DataException e = assertThrows(DataException.class, work);
    for (String text : expected) {
      assertTrue(e.getMessage().contains(text), e.getMessage() + "\n  lacks: " + text);
    }
  }

  /** Betas of one run computed here, from the files and the numbers of the events. */
  private Tensor expected(String run, double start, DesignSpec spec, Confounds confounds) {
    BrainMask mask = BrainMask.of(BidsFolder.GRID, BidsFolder.half());
    Tensor bold =
        new Masker(mask, MaskerOptions.RAW)
            .mask(NiftiFile.source(folder.func("run-" + run + "_bold.nii.gz")))
            .values();
    List<TrialTiming> trials =
        List.of(
            new TrialTiming("1", 4, 2), new TrialTiming("2", 19, 2), new TrialTiming("3", 34, 2));
    DesignMatrix design =
        DesignMatrix.of(
            new RunTiming(BidsFolder.VOLUMES, BidsFolder.TR, start), trials, spec, confounds);
    return SingleTrialBetas.estimate(design, bold, BetaSpec.DEFAULT).betas();
  }

  private Tensor expected(String run) {
    return expected(run, 0, DesignSpec.DEFAULT, Confounds.none(BidsFolder.VOLUMES));
  }

  @Test
  void runsBecomeBetasBoundToTheirStimuli() {
    Study study = open("");
    TrialTable trials = study.trials("01");
    assertEquals(List.of("01"), study.subjects());
    assertEquals(List.of("a", "b", "c", "c", "a", "b"), stimuli(trials));
    Trial fourth = trials.get(3);
    assertEquals(new Trial("01", "", "02", 4, 2, 4, 24, "c", "dog", 2, "train"), fourth);
    assertEquals("test", trials.get(5).part());
    assertEquals("a red cup", study.stimuli().get("a").caption().orElseThrow());
    assertEquals(root.resolve("stimuli/a.png"), study.stimuli().get("a").image().orElseThrow());
    assertEquals("animal", study.stimuli().get("b").attributes().get("group"));

    SubjectResponses responses = study.responses("01", Progress.NONE);
    assertEquals(ResponseKind.BETAS, responses.kind());
    assertEquals(ResponseKind.BETAS, open("").kind());
    assertEquals(trials, responses.trials());
    Tensor both = Tensor.concatenate(expected("01"), expected("02"));
    assertEquals(both, responses.responses());
    assertEquals(List.of(), responses.fits());
    assertEquals("2 runs, 80 volumes", note(responses, "runs"));
    assertEquals("1.5 s", note(responses, "TR"));
    assertEquals("12 of 24", note(responses, "voxels"));
    assertEquals("0 s", note(responses, "start of the first volume"));
    assertTrue(note(responses, "mask").startsWith("2 masks"), note(responses, "mask"));
    assertEquals(
        new StudyCard(
            root.getFileName().toString(),
            "small",
            "bids",
            StudyCard.Origin.RECORDED,
            "CC0",
            "A, B"),
        study.card());
  }

  private static List<String> stimuli(TrialTable trials) {
    return trials.trials().stream().map(Trial::stimulus).toList();
  }

  private static String note(SubjectResponses responses, String label) {
    return responses.notes().stream()
        .filter(n -> n.label().equals(label))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void stimuliAreFoundByFileWhenThereIsNoIdColumn() throws IOException {
    for (String run : List.of("01", "02")) {
      folder.replace(
          "sub-01/func/sub-01_task-pictures_run-" + run + "_events.tsv", "stimulus_id", "other");
    }
    assertEquals(List.of("a", "b", "c", "c", "a", "b"), stimuli(open("").trials("01")));
    Files.delete(root.resolve("stimuli/stimuli.tsv"));
    Study byColumn = open("stimulusColumn: stim_file");
    assertEquals("stimuli/a.png", stimuli(byColumn.trials("01")).get(0));
    assertEquals("view", byColumn.trials("01").get(0).category());
  }

  @Test
  void withoutStimuliEveryEventIsItsOwnAndOnlyTheCategoryIsKnown() throws IOException {
    String events = "onset\tduration\ttrial_type\n4\tn/a\tface\n19\t2\trest\n34\t2\thouse\n";
    folder.events("01", events);
    folder.events("02", events);
    Files.delete(root.resolve("stimuli/stimuli.tsv"));
    Study study = open("rest: [rest]");
    assertEquals(
        List.of(
            "face#sub-01_run-01_event-1",
            "house#sub-01_run-01_event-2",
            "face#sub-01_run-02_event-1",
            "house#sub-01_run-02_event-2"),
        stimuli(study.trials("01")));
    assertEquals(List.of("face", "house"), study.stimuli().categories());
    assertEquals(0, study.trials("01").get(0).durationSeconds());
    assertEquals(
        "4 (2 events are no trials, 2 durations n/a taken as 0)",
        note(study.responses("01", Progress.NONE), "trials"));
  }

  @Test
  void settingsChangeTheModel() throws IOException {
    SubjectResponses glover = read("glm: {hrf: glover, highPassHz: 0}");
    assertNotEquals(read("").responses(), glover.responses());
    SubjectResponses scaled = read("scaling: zscore-population");
    assertEquals(2, scaled.fits().size());
    assertEquals(List.of(0, 1, 2), scaled.fits().get(0).fittedOn());
    double sum = 0;
    for (int row = 0; row < 3; row++) {
      sum += scaled.responses().at(row, 5);
    }
    assertEquals(0, sum, 1e-6);
  }

  @Test
  void theStartTimeOfTheSidecarShiftsTheDesign() throws IOException {
    folder.text("sub-01/func/sub-01_task-pictures_run-01_bold.json", "{\"StartTime\": 0.75}");
    SubjectResponses responses = read("");
    Tensor first = expected("01", 0.75, DesignSpec.DEFAULT, Confounds.none(BidsFolder.VOLUMES));
    assertEquals(Tensor.concatenate(first, expected("02")), responses.responses());
    assertEquals("0.75 s, 0 s", note(responses, "start of the first volume"));
  }

  @Test
  void confoundsAreExplainedAway() throws IOException {
    double[] motion = new double[BidsFolder.VOLUMES];
    StringBuilder text = new StringBuilder("other\ttrans_x\n");
    for (int t = 0; t < motion.length; t++) {
      motion[t] = t == 0 ? 0 : Math.sin(t * 0.7);
      text.append("1\t").append(t == 0 ? "n/a" : Double.toString(motion[t])).append('\n');
    }
    for (String run : List.of("01", "02")) {
      folder.text(
          "derivatives/fmriprep/sub-01/func/sub-01_task-pictures_run-"
              + run
              + "_desc-confounds_timeseries.tsv",
          text.toString());
    }
    Confounds confounds = new Confounds(List.of("trans_x"), Matrix.wrap(motion.length, 1, motion));
    Tensor expected =
        Tensor.concatenate(
            expected("01", 0, DesignSpec.DEFAULT, confounds),
            expected("02", 0, DesignSpec.DEFAULT, confounds));
    assertEquals(expected, read("confounds: [trans_x]").responses());
    fails(() -> read("confounds: [trans_y]"), "no column 'trans_y'", "Did you mean 'trans_x'?");
  }

  @Test
  void withoutMaskFilesBrightVoxelsAreTaken() {
    SubjectResponses mean = read("mask: mean");
    assertEquals(read("").responses(), mean.responses());
    assertTrue(note(mean, "mask").startsWith("bright voxels"));
    String path = folder.maskFile("01").toString();
    assertEquals(mean.responses(), read("mask: " + path).responses());
  }

  @Test
  void derivedRunsAreReadWithTheEventsOfTheRawOnes() throws IOException {
    String prefix = "derivatives/fmriprep/sub-01/func/sub-01_task-pictures_run-0";
    for (int run = 1; run <= 2; run++) {
      Path bold = root.resolve(prefix + run + "_space-MNI_desc-preproc_bold.nii.gz");
      Files.createDirectories(bold.getParent());
      Files.move(folder.func("run-0" + run + "_bold.nii.gz"), bold);
      Path mask = root.resolve(prefix + run + "_space-MNI_desc-brain_mask.nii.gz");
      Files.move(folder.maskFile("0" + run), mask);
    }
    SubjectResponses derived = read("{derivative: fmriprep, space: MNI}");
    assertEquals(6, derived.trials().size());
    assertTrue(note(derived, "mask").contains("space-MNI_desc-brain_mask"));
    fails(() -> read("{derivative: fmriprepp}"), "Did you mean 'fmriprep'?");
    fails(
        () -> read("{derivative: fmriprep, space: T1w}"), "no BOLD run with events in space 'T1w'");
  }

  @Test
  void aSimulatedStudySaysSo() throws IOException {
    folder.text("dataset_description.json", "{\"Name\": \"s\", \"Simulated\": true}");
    assertEquals(StudyCard.Origin.SIMULATED, open("").card().origin());
  }

  @Test
  void theFingerprintFollowsContentNotPlace(@TempDir Path other) throws IOException {
    String here = open("").fingerprint();
    BidsFolder.good(other);
    assertEquals(here, StudyLayouts.open("bids", other, YamlTree.emptyMapping()).fingerprint());
    folder.replace("sub-01/func/sub-01_task-pictures_run-02_events.tsv", "19\t", "20\t");
    assertNotEquals(here, open("").fingerprint());
  }

  @Test
  void memoryIsEstimatedFromHeaders() {
    long bytes = open("").memoryBytes("01");
    long matrix = 4L * BidsFolder.VOLUMES * 12;
    assertTrue(bytes >= matrix && bytes < 1 << 20, bytes + " bytes");
  }

  @Test
  void eventsPastTheEndOfARunNameFileRowOnsetAndLength() throws IOException {
    String events = "sub-01/func/sub-01_task-pictures_run-02_events.tsv";
    folder.replace(events, "34\t", "60\t");
    fails(
        () -> open("").trials("01"),
        "run-02_events.tsv, line 4: the onset 60.0 s is past the end",
        "40 volumes of 1.5 s and ends at 60.0 s");
  }

  @Test
  void aStimulusThatIsNotInTheTableIsNamed() throws IOException {
    folder.replace("sub-01/func/sub-01_task-pictures_run-01_events.tsv", "\tb\t", "\tbb\t");
    fails(() -> open("").trials("01"), "line 3: the stimulus 'bb'", "Nearest: 'b'");
  }

  @Test
  void aPictureThatIsMissingIsNamed() throws IOException {
    Files.delete(root.resolve("stimuli/b.png"));
    fails(() -> open(""), "1 of 3 pictures are not in", "'b.png' (line 3)");
    Files.delete(root.resolve("stimuli/a.png"));
    Files.delete(root.resolve("stimuli/c.png"));
    assertTrue(open("").stimuli().get("a").image().isEmpty(), "a study without pictures is fine");
  }

  @Test
  void duplicateStimulusIdsNameBothLines() throws IOException {
    folder.replace("stimuli/stimuli.tsv", "\nc\t", "\na\t");
    fails(() -> open(""), "lines 2 and 4 both have the id 'a'");
  }

  @Test
  void aMaskOfAnotherShapeIsRefused() {
    Grid other = new Grid(4, 3, 3, Affine.diagonal(3, 3, 3));
    boolean[] inside = new boolean[other.voxels()];
    inside[0] = true;
    NiftiWriter.writeMask(root.resolve("m.nii.gz"), BrainMask.of(other, inside));
    fails(() -> read("mask: m.nii.gz"), "4 x 3 x 3", "4 x 3 x 2");
    fails(() -> read("mask: none.nii.gz"), "none.nii.gz");
  }

  @Test
  void voxelsThatAreNaNAreRefusedOrDroppedInEveryRun() throws IOException {
    float[][] values = BidsFolder.values("02");
    values[7][3] = Float.NaN;
    folder.image("02", values);
    fails(() -> read(""), "1 of 12 voxels inside the mask are NaN", "voxel (3, 0, 0)");
    SubjectResponses dropped = read("nonFinite: drop");
    assertEquals(11, dropped.responses().dim(1));
    assertEquals("11 of 24", note(dropped, "voxels"));
    assertTrue(note(dropped, "NaN voxels").startsWith("up to 1"));
    int[] columns = BrainMask.of(BidsFolder.GRID, BidsFolder.half()).indices();
    Tensor first = expected("01");
    int at = 0;
    for (int c = 0; c < 12; c++) {
      if (columns[c] != 3) {
        assertEquals(first.at(0, c), dropped.responses().at(0, at++));
      }
    }
    assertEquals(11, at);
  }

  @Test
  void foldersThatCannotBeReadSayWhatTheyLack() throws IOException {
    fails(() -> open("subjects: ['02']"), "no folder sub-02", "Known: 01");
    fails(() -> open("").trials("02"), "none of the study's subjects");
    fails(() -> open("task: rest").trials("01"), "no BOLD run with events of task 'rest'");
    RecipeException unknown = assertThrows(RecipeException.class, () -> open("taks: pictures"));
    assertTrue(unknown.getMessage().contains("did you mean 'task'?"));
    assertThrows(RecipeException.class, () -> read("glm: {hrf: spn}"));
    Files.delete(root.resolve("sub-01/func/sub-01_task-pictures_run-02_events.tsv"));
    assertEquals(3, open("").trials("01").size(), "a run without events is no run of the task");
    fails(() -> open("task: pictures").trials("01"), "it has no events table");
    folder.text("sub-01/func/sub-01_task-pictures_run-01_bold.json", "{\"VolumeTiming\": [0, 1]}");
    assertThrows(UnsupportedDataException.class, () -> open("").trials("01"));
    folder.text("sub-01/func/sub-01_task-pictures_run-01_bold.json", "{\"RepetitionTime\": 0}");
    fails(() -> open("").trials("01"), "repetition time is 0.0 s");
  }

  @Test
  void truncatedRunsAreCorrupt() throws IOException {
    Path file = folder.func("run-01_bold.nii.gz");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertThrows(CorruptDataException.class, () -> read(""));
    Files.write(file, new byte[0]);
    assertThrows(CorruptDataException.class, () -> open("").trials("01"));
  }

  @Test
  void threadsDoNotChangeResults() {
    Tensor one = Parallel.with(1, () -> read("").responses());
    Tensor two = Parallel.with(2, () -> read("").responses());
    assertArrayEquals(one.array(), two.array());
  }
}
