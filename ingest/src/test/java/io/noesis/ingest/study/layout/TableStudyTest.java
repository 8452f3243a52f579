package io.noesis.ingest.study.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.format.nifti.NiftiSpec;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.manifest.DatasetManifest;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.SplitRules;
import io.noesis.ingest.study.SplitSpec;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.ingest.testing.SharedRecordings;
import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Grid;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.run.UnsupportedDataException;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TableStudyTest {
  private static final String SETTINGS =
      """
      responses: m.npy
      table: t.tsv
      trSeconds: 2
      columns: {category: what, run: run}
      """;

  @TempDir Path root;

  /** Twelve volumes of two runs; voxel 0 counts volumes, voxel 1 their squares. */
  private void write(String table) throws IOException {
    float[] values = new float[24];
    for (int v = 0; v < 12; v++) {
      values[2 * v] = v;
      values[2 * v + 1] = v * v;
    }
    Npy.write(root.resolve("m.npy"), Tensor.wrap(values, 12, 2));
    Files.writeString(root.resolve("t.tsv"), table);
  }

  private void write() throws IOException {
    StringBuilder text = new StringBuilder("what\trun\n");
    for (int run = 1; run <= 2; run++) {
      for (String label : "face face rest house house face".split(" ")) {
        text.append(label).append('\t').append(run).append('\n');
      }
    }
    write(text.toString());
  }

  private SubjectResponses read(String more) {
    return open(more).responses("01", Progress.NONE);
  }

  private Study open(String more) {
    return StudyLayouts.open("table", root, YamlTree.parse(SETTINGS + more, "settings"));
  }

  private static void fails(Executable work, String... expected) {
    DataException e = assertThrows(DataException.class, work);
    for (String text : expected) {
      assertTrue(e.getMessage().contains(text), e.getMessage() + "\n  lacks: " + text);
    }
  }

  private static float[] firstVoxel(SubjectResponses responses) {
    float[] out = new float[responses.responses().dim(0)];
    for (int i = 0; i < out.length; i++) {
      out[i] = responses.responses().at(i, 0);
    }
    return out;
  }

  private static String note(SubjectResponses responses, String label) {
    return responses.notes().stream()
        .filter(n -> n.label().equals(label))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void everyVolumeIsATrialOfItsBlock() throws IOException {
    write();
    SubjectResponses responses = read("rest: [rest]");
    assertArrayEquals(new float[] {0, 1, 3, 4, 5, 6, 7, 9, 10, 11}, firstVoxel(responses));
    assertEquals(ResponseKind.SAMPLES, responses.kind());
    assertEquals(ResponseKind.SAMPLES, open("").kind());
    Trial third = responses.trials().get(2);
    assertEquals(
        new Trial("01", "", "1", 6, 2, 6, 8, "house#sub-01_run-1_block-2", "house", 1, ""), third);
    Trial fourth = responses.trials().get(3);
    assertEquals(2, fourth.repetition());
    assertEquals(third.stimulus(), fourth.stimulus());
    assertEquals("face#sub-01_run-1_block-3", responses.trials().get(4).stimulus());
    assertEquals(0, responses.trials().get(5).onsetSeconds(), "time counts within the run");
    assertEquals(List.of("face", "house"), open("rest: [rest]").stimuli().categories());
  }

  @Test
  void blocksAreAveraged() throws IOException {
    write();
    SubjectResponses responses = read("rest: [rest]\naverage: block");
    assertArrayEquals(new float[] {0.5f, 3.5f, 5, 6.5f, 9.5f, 11}, firstVoxel(responses));
    Trial first = responses.trials().get(0);
    assertEquals(4, first.durationSeconds());
    assertEquals(4, first.windowEndSeconds());
    assertEquals("6 block means", note(responses, "trials"));
  }

  @Test
  void labelsBelongToLaterVolumesWhenShifted() throws IOException {
    write();
    SubjectResponses responses = read("rest: [rest]\nshiftVolumes: 1");
    assertArrayEquals(new float[] {1, 2, 4, 5, 7, 8, 10, 11}, firstVoxel(responses));
    Trial first = responses.trials().get(0);
    assertEquals(0, first.onsetSeconds());
    assertEquals(2, first.windowStartSeconds());
    assertEquals(4, first.windowEndSeconds());
    assertEquals(
        "1 volumes (2 volumes at the ends of runs lost)", note(responses, "haemodynamic shift"));
  }

  @Test
  void statisticsWithinARunCountRestToo() throws IOException {
    write();
    SubjectResponses responses = read("rest: [rest]\ntrend: linear\nscaling: zscore-population");
    // voxel 0 is a line in time: nothing is left of it
    assertEquals(0, responses.responses().at(3, 0), 1e-6);
    assertEquals("up to 1 per run; set to 0", note(responses, "constant voxels"));
    double mean = 0;
    for (int i = 0; i < 5; i++) {
      mean += responses.responses().at(i, 1) / 5;
    }
    assertNotEquals(0, mean, 1e-3, "the mean over the run without its rest volume is not 0");
    assertEquals(
        List.of(
            new FitRecord(
                "trend LINEAR and scaling ZSCORE_POPULATION within run",
                "run 1",
                List.of(0, 1, 2, 3, 4),
                List.of(0, 1, 2, 3, 4)),
            new FitRecord(
                "trend LINEAR and scaling ZSCORE_POPULATION within run",
                "run 2",
                List.of(5, 6, 7, 8, 9),
                List.of(5, 6, 7, 8, 9))),
        responses.fits());
  }

  @Test
  void onsetsCutTheVolumesThatBeginWithinThem() throws IOException {
    write("what\tonset\tduration\tpic\nface\t3\t4\tp1\nrest\t8\t4\tn/a\nhouse\t14\t0.5\tp2\n");
    String columns =
        """
        responses: m.npy
        table: t.tsv
        trSeconds: 2
        columns: {category: what, onset: onset, duration: duration, stimulus: pic}
        rest: [rest]
        average: block
        """;
    Study study = StudyLayouts.open("table", root, YamlTree.parse(columns, "settings"));
    SubjectResponses responses = study.responses("01", Progress.NONE);
    // volumes at 4 and 6 s begin in [3, 7); the short event takes the volume at 14 s
    assertArrayEquals(new float[] {2.5f, 7}, firstVoxel(responses));
    assertEquals("p1", responses.trials().get(0).stimulus());
    assertEquals("by the table", note(responses, "stimulus identity"));
    Files.writeString(root.resolve("t.tsv"), "what\tonset\tduration\tpic\nface\t24\t4\tp1\n");
    fails(
        () -> StudyLayouts.open("table", root, YamlTree.parse(columns, "s")).trials("01"),
        "line 2: the onset 24.0 s is outside the run",
        "12 volumes of 2.0 s and ends at 24.0 s");
  }

  @Test
  void anImagePerRunIsReadThroughItsMask() throws IOException {
    Grid grid = new Grid(3, 2, 1, Affine.diagonal(3, 3, 3));
    for (int run = 1; run <= 2; run++) {
      int base = 10 * run;
      NiftiWriter.writeFloat32(
          root.resolve("r" + run + ".nii.gz"),
          NiftiSpec.series(grid, 3, 2),
          t -> new float[] {base + t, 1, 2, 3, 4, base * t});
    }
    boolean[] inside = {true, false, false, false, false, true};
    NiftiWriter.writeMask(root.resolve("m.nii.gz"), BrainMask.of(grid, inside));
    Files.writeString(root.resolve("t.tsv"), "what\trun\na\t1\nb\t1\na\t1\nb\t2\na\t2\nb\t2\n");
    String settings =
        "{responses: 'r{run}.nii.gz', mask: m.nii.gz, table: t.tsv, columns: {category: what, run: run}}";
    Study study = StudyLayouts.open("table", root, YamlTree.parse(settings, "s"));
    SubjectResponses responses = study.responses("01", Progress.NONE);
    assertArrayEquals(
        new float[] {10, 0, 11, 10, 12, 20, 20, 0, 21, 20, 22, 40}, responses.responses().array());
    assertEquals("2 of 6", note(responses, "voxels"));
    assertEquals("2.0 s", note(responses, "TR"));
    assertTrue(study.memoryBytes("01") >= 6 * 2 * 4);
    BrainMask other = BrainMask.of(new Grid(2, 3, 1, Affine.diagonal(3, 3, 3)), inside);
    NiftiWriter.writeMask(root.resolve("m.nii.gz"), other);
    fails(() -> study.responses("01", Progress.NONE), "2 x 3 x 1", "3 x 2 x 1");
    ObjectNode noMask = YamlTree.parse(settings, "s");
    noMask.remove("mask");
    fails(
        () -> StudyLayouts.open("table", root, noMask).responses("01", Progress.NONE),
        "an image needs a mask");
  }

  @Test
  void valuesThatAreNotFiniteAreRefusedOrDropped() throws IOException {
    write();
    float[] values = Npy.read(root.resolve("m.npy")).array();
    values[7] = Float.NaN;
    values[9] = Float.POSITIVE_INFINITY;
    Npy.write(root.resolve("m.npy"), Tensor.wrap(values, 12, 2));
    fails(() -> read(""), "2 values in 1 of 2 columns", "row 3, column 1", "nonFinite: drop");
    assertEquals(1, read("nonFinite: drop").responses().dim(1));
    SubjectResponses zero = read("nonFinite: zero");
    assertEquals(0, zero.responses().at(11, 1));
    assertEquals("1 of 2 (ZERO)", note(zero, "NaN voxels"));
  }

  @Test
  void tablesThatDoNotFitSayWhy() throws IOException {
    write("what\trun\nface\t1\n");
    fails(() -> open("").trials("01"), "it has 1 rows for", "12 volumes");
    write("what\trun\tvol\nface\t1\t3\nface\t1\t12\n");
    String volume = "columns: {category: what, run: run, volume: vol}\n";
    String settings = SETTINGS.replaceFirst("columns:.*\n", volume);
    fails(
        () -> StudyLayouts.open("table", root, YamlTree.parse(settings, "s")).trials("01"),
        "line 3: volume 12 is outside the file of 12 volumes");
    write("what\trun\tvol\nface\t1\t3\nface\t2\t3\nface\t1\t3\n");
    fails(
        () -> StudyLayouts.open("table", root, YamlTree.parse(settings, "s")).trials("01"),
        "line 4: volume 3 also stands in line 2");
    write();
    fails(() -> open("rest: [rest, face, house]").trials("01"), "none of its 12 rows is a trial");
    fails(() -> open("subjects: ['02']").trials("01"), "none of the study's subjects");
    RecipeException e = assertThrows(RecipeException.class, () -> open("averge: block"));
    assertTrue(e.getMessage().contains("did you mean 'average'?"), e.getMessage());
    Files.delete(root.resolve("m.npy"));
    fails(() -> open("").trials("01"), "looking for the responses");
  }

  @Test
  void anArrayOfPythonObjectsIsRefused() throws IOException {
    write();
    byte[] bytes = Files.readAllBytes(root.resolve("m.npy"));
    String header = new String(bytes, 0, 128, StandardCharsets.ISO_8859_1);
    byte[] changed = header.replace("'<f4'", "'|O' ").getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(changed, 0, bytes, 0, 128);
    Files.write(root.resolve("m.npy"), bytes);
    UnsupportedDataException e =
        assertThrows(UnsupportedDataException.class, () -> open("").trials("01"));
    assertTrue(e.getMessage().contains("run code"), e.getMessage());
  }

  @Test
  void theMatrixAndTheImageOfHaxbyAgreeExactly() {
    Path folder = SharedRecordings.folder("haxby2001-vt");
    DatasetManifest manifest = Manifests.dataset("haxby2001-vt");
    Study image = StudyLayouts.open(manifest, folder, YamlTree.emptyMapping());
    Study matrix =
        StudyLayouts.open(
            manifest, folder, YamlTree.parse("responses: patterns_runs01-08.npy", "s"));
    SubjectResponses a = image.responses("1", Progress.NONE);
    SubjectResponses b = matrix.responses("1", Progress.NONE);
    assertEquals(a.responses(), b.responses());
    assertEquals(a.trials(), b.trials());
    assertArrayEquals(new int[] {576, 577}, a.responses().shape().toArray());
    assertEquals(8, a.trials().distinct(Trial::recording).size());
    assertEquals(64, a.trials().distinct(Trial::stimulus).size());
    assertEquals(8, image.stimuli().categories().size());
    Tensor raw =
        StudyLayouts.open(
                manifest,
                folder,
                YamlTree.parse("{scaling: none, responses: patterns_runs01-08.npy}", "s"))
            .responses("1", Progress.NONE)
            .responses();
    assertEquals(Npy.read(folder.resolve("patterns_runs01-08.npy")), raw);
    assertEquals(8, a.fits().size());
  }

  @Test
  void leavingARunOfHaxbyOutLeavesItsBlocksOut() {
    Path folder = SharedRecordings.folder("haxby2001-slice");
    DatasetManifest manifest = Manifests.dataset("haxby2001-slice");
    Study study = StudyLayouts.open(manifest, folder, YamlTree.emptyMapping());
    SubjectResponses responses = study.responses("1", Progress.NONE);
    assertArrayEquals(new int[] {576, 530}, responses.responses().shape().toArray());
    assertEquals("8 runs, 968 volumes", note(responses, "runs"));
    TrialTable trials = responses.trials();
    for (Split split :
        SplitRules.split(
            trials, study.stimuli(), SplitSpec.defaults().withRule("leave-run-out"), Seed.of(1))) {
      assertEquals(72, split.rows(Split.Part.TEST).length);
      List<String> train = trials.select(split.rows(Split.Part.TRAIN)).distinct(Trial::stimulus);
      List<String> test = trials.select(split.rows(Split.Part.TEST)).distinct(Trial::stimulus);
      assertTrue(test.stream().noneMatch(train::contains));
    }
    Study blocks = StudyLayouts.open(manifest, folder, YamlTree.parse("average: block", "s"));
    assertEquals(64, blocks.trials("1").size());
    assertEquals(22.5, blocks.trials("1").get(0).durationSeconds());
    assertEquals(
        IntStream.range(0, 8).mapToObj(i -> Integer.toString(i + 1)).toList(),
        trials.distinct(Trial::run));
  }

  @Test
  void cleanedVolumesAndBlockMeansAreThoseOfSciPy() throws IOException {
    Path folder = SharedRecordings.folder("haxby2001-slice");
    DatasetManifest manifest = Manifests.dataset("haxby2001-slice");
    Tensor volumes =
        StudyLayouts.open(manifest, folder, YamlTree.emptyMapping())
            .responses("1", Progress.NONE)
            .responses();
    Tensor blocks =
        StudyLayouts.open(manifest, folder, YamlTree.parse("average: block", "s"))
            .responses("1", Progress.NONE)
            .responses();
    TsvTable expected;
    try (InputStream in = TableStudyTest.class.getResourceAsStream("haxby_slice.tsv")) {
      expected = Tsv.parse(in.readAllBytes(), "haxby_slice.tsv");
    }
    double largest = 0;
    for (int row = 0; row < expected.rows(); row++) {
      Tensor ours = expected.text(row, "kind").equals("block") ? blocks : volumes;
      double value = ours.at(expected.whole(row, "row"), expected.whole(row, "voxel"));
      largest = Math.max(largest, Math.abs(value - expected.number(row, "value")));
    }
    assertEquals(0, largest, 1e-5);
  }
}
