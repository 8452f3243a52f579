package io.noesis.ingest.study.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.study.EpochAxes;
import io.noesis.ingest.study.GivenEmbeddings;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.testing.SharedRecordings;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.YamlTree;
import io.noesis.tensor.LongArray;
import io.noesis.tensor.Npy;
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

class ArraysStudyTest {
  @TempDir Path root;

  @BeforeEach
  void write() throws IOException {
    Npy.write(root.resolve("responses.npy"), Tensor.wrap(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
    Files.writeString(
        root.resolve("trials.tsv"),
        "stimulus\tcategory\trun\tpart\n1\tcup\t1\ttrain\n2\tdog\t1\ttrain\n1\tcup\t2\ttest\n");
  }

  private Study open(String settings) {
    return StudyLayouts.open("arrays", root, YamlTree.parse(settings, "settings"));
  }

  private SubjectResponses read(String settings) {
    Study study = open(settings);
    return study.responses(study.subjects().get(0), Progress.NONE);
  }

  private static void fails(Executable work, String... expected) {
    DataException e = assertThrows(DataException.class, work);
    for (String text : expected) {
      assertTrue(e.getMessage().contains(text), e.getMessage() + "\n  lacks: " + text);
    }
  }

  private void writeEpochs() throws IOException {
    float[] values = new float[3 * 2 * 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Npy.write(root.resolve("responses.npy"), Tensor.wrap(values, 3, 2, 5));
  }

  @Test
  void threeAxesAreEpochs() throws IOException {
    writeEpochs();
    SubjectResponses bare = read("");
    assertArrayEquals(new int[] {3, 2, 5}, bare.responses().shape().toArray());
    assertEquals(29, bare.responses().array()[29]);
    assertEquals(List.of("1", "2"), bare.epochs().orElseThrow().channels());
    assertTrue(Double.isNaN(bare.epochs().orElseThrow().samplingRateHz()));
    String before = open("").fingerprint();
    Files.writeString(
        root.resolve("sensors.tsv"), "name\tx\ty\tz\nCz\t0\t0\t1\nPz\tn/a\tn/a\tn/a\n");
    Files.writeString(
        root.resolve("responses.json"), "{\"SamplingFrequency\": 100, \"StartTime\": -0.02}");
    EpochAxes axes = read("").epochs().orElseThrow();
    assertEquals(List.of("Cz", "Pz"), axes.channels());
    assertEquals(List.of(0.0, 0.0, 1.0), axes.positions().get(0));
    assertTrue(axes.positions().get(1).get(0).isNaN(), "a place that is not known");
    assertEquals(100, axes.samplingRateHz());
    assertEquals(-0.02, axes.startSeconds());
    assertNotEquals(before, open("").fingerprint(), "sensors and times are part of the data");
    EpochAxes set = read("{samplingRateHz: 50, startSeconds: -0.1}").epochs().orElseThrow();
    assertEquals(50, set.samplingRateHz());
    assertEquals(-0.1, set.startSeconds());
  }

  @Test
  void epochsThatDoNotFitAreRefused() throws IOException {
    writeEpochs();
    Files.writeString(root.resolve("places.tsv"), "name\tx\ty\nCz\t0\t0\n");
    fails(() -> read("{sensors: places.tsv}"), "places.tsv", "1 rows", "2 channels");
    float[] values = new float[30];
    values[7] = Float.NaN;
    Npy.write(root.resolve("responses.npy"), Tensor.wrap(values, 3, 2, 5));
    fails(() -> read("{nonFinite: drop}"), "nonFinite: zero");
    assertEquals(30, read("{nonFinite: zero}").responses().size());
    Files.writeString(root.resolve("responses.json"), "{\"SamplingFrequency\": \"fast\"}");
    fails(() -> read("{nonFinite: zero}"), "SamplingFrequency", "expected a number");
  }

  @Test
  void anArrayAndATableAreAStudy() {
    SubjectResponses responses = read("");
    assertEquals("01", responses.subject());
    assertEquals(ResponseKind.GIVEN, responses.kind());
    assertEquals(ResponseKind.GIVEN, open("").kind());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, responses.responses().array());
    Trial last = responses.trials().get(2);
    assertEquals("1", last.stimulus());
    assertEquals(2, last.repetition());
    assertEquals("2", last.run());
    assertEquals("test", last.part());
    assertTrue(Double.isNaN(last.windowStartSeconds()), "times that are not given are unknown");
    assertEquals(List.of("cup", "dog"), open("").stimuli().categories());
    assertTrue(open("").embeddings().isEmpty());
    assertTrue(open("").memoryBytes("01") >= 24);
  }

  @Test
  void wholeNumbersAreScaledAndRowsChosen() throws IOException {
    Npy.write(
        root.resolve("responses.npy"),
        LongArray.wrap(new long[] {300, -600, 1, 1, 900, 0, 3, 3}, 4, 2));
    Files.writeString(
        root.resolve("trials.tsv"), "stimulus\trow\tonset\tduration\n1\t2\t4\t1.5\n2\t0\t8\t1\n");
    SubjectResponses responses = read("scale: 0.00333333333333333333");
    assertArrayEquals(new float[] {3, 0, 1, -2}, responses.responses().array(), 1e-6f);
    assertEquals(5.5, responses.trials().get(0).windowEndSeconds());
    Files.writeString(root.resolve("trials.tsv"), "stimulus\trow\n1\t2\n2\t4\n");
    fails(() -> read(""), "line 3: row 4 is outside", "0 to 3");
    Files.writeString(root.resolve("trials.tsv"), "stimulus\trow\n1\t2\n2\t2\n");
    fails(() -> read(""), "line 3: row 2 also stands in line 2");
  }

  @Test
  void subjectsHaveFoldersOfTheirOwn() throws IOException {
    for (String subject : List.of("01", "02")) {
      Path folder = Files.createDirectories(root.resolve("sub-" + subject));
      Files.copy(root.resolve("trials.tsv"), folder.resolve("trials.tsv"));
      float first = subject.equals("01") ? 10 : 20;
      Npy.write(
          folder.resolve("responses.npy"), Tensor.wrap(new float[] {first, 2, 3, 4, 5, 6}, 3, 2));
    }
    Study study = open("");
    assertEquals(List.of("01", "02"), study.subjects());
    assertEquals(20, study.responses("02", Progress.NONE).responses().at(0, 0));
    assertEquals(List.of("02"), open("subjects: ['02']").subjects());
    fails(() -> open("subjects: ['03']"), "no folder sub-03");
    fails(() -> study.trials("03"), "none of the study's subjects");
  }

  @Test
  void embeddingsComeWithIdsOrByRowNumber() throws IOException {
    Npy.write(root.resolve("e.npy"), Tensor.wrap(new float[] {1, 0, 0, 1}, 2, 2));
    GivenEmbeddings byNumber =
        open("{embeddings: e.npy, firstRow: 1, embeddingName: m}").embeddings().orElseThrow();
    assertEquals(List.of("1", "2"), byNumber.ids());
    assertEquals("m", byNumber.name());
    fails(() -> open("embeddings: e.npy").embeddings(), "stimulus '2'", "row numbers 0 to 1");
    Files.writeString(root.resolve("ids.txt"), "2\n1\n");
    assertEquals(
        List.of("2", "1"),
        open("{embeddings: e.npy, embeddingIds: ids.txt}").embeddings().orElseThrow().ids());
    Files.writeString(root.resolve("ids.tsv"), "n\tid\n0\t2\n1\t2\n");
    fails(() -> open("{embeddings: e.npy, embeddingIds: ids.tsv}").embeddings(), "stimulus '1'");
    Files.writeString(root.resolve("ids.txt"), "2\n1\n1\n");
    fails(() -> open("{embeddings: e.npy, embeddingIds: ids.txt}").embeddings(), "for 3 ids");
    Npy.write(root.resolve("e.npy"), Tensor.wrap(new float[] {1, 0, Float.NaN, 1}, 2, 2));
    fails(() -> open("{embeddings: e.npy, firstRow: 1}").embeddings(), "that of '2' holds NaN");
  }

  @Test
  void embeddingsUnderTheirUsualNamesAreFound() throws IOException {
    Npy.write(root.resolve("embeddings.npy"), Tensor.wrap(new float[] {1, 0, 0, 1}, 2, 2));
    Files.writeString(root.resolve("embeddings.tsv"), "id\n2\n1\n");
    assertEquals(List.of("2", "1"), open("").embeddings().orElseThrow().ids());
  }

  @Test
  void picturesAndCaptionsAreFound() throws IOException {
    Path folder = Files.createDirectories(root.resolve("stimuli"));
    Files.writeString(folder.resolve("1.png"), "p");
    Files.writeString(folder.resolve("2.jpg"), "p");
    Study study = open("");
    assertEquals(folder.resolve("2.jpg"), study.stimuli().get("2").image().orElseThrow());
    String before = study.fingerprint();
    Files.writeString(
        folder.resolve("stimuli.tsv"), "id\tfile\tcaption\n1\t1.png\ta cup\n2\t2.jpg\ta dog\n");
    assertEquals("a dog", open("").stimuli().get("2").caption().orElseThrow());
    assertEquals("cup", open("").trials("01").get(0).category());
    assertNotEquals(before, open("").fingerprint());
    Files.writeString(folder.resolve("stimuli.tsv"), "id\tfile\tcaption\n1\t1.png\ta cup\n");
    fails(() -> open("").trials("01"), "line 3: the stimulus '2' is not in");
    Files.writeString(folder.resolve("stimuli.tsv"), "id\n1\n1\n");
    fails(() -> open(""), "lines 2 and 3 both have the id '1'");
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    Npy.write(
        root.resolve("responses.npy"), Tensor.wrap(new float[] {1, Float.NaN, 3, 4, 5, 6}, 3, 2));
    fails(() -> read(""), "1 values in 1 of 2 columns are NaN or infinite");
    SubjectResponses dropped = read("nonFinite: drop");
    assertArrayEquals(new float[] {1, 3, 5}, dropped.responses().array());
    assertEquals(
        "1 of 2 (DROP)",
        dropped.notes().stream()
            .filter(n -> n.label().equals("NaN voxels"))
            .findFirst()
            .orElseThrow()
            .value());
    Files.writeString(root.resolve("trials.tsv"), "stimulus\n1\n");
    fails(() -> read(""), "it has 1 rows", "has 3");
    Files.writeString(root.resolve("trials.tsv"), "picture\n1\n");
    fails(() -> read(""), "no column 'stimulus'");
    Npy.write(root.resolve("responses.npy"), Tensor.wrap(new float[] {1, 2, 3}, 3));
    fails(() -> read("columns: {stimulus: picture}"), "expected [rows, columns]");
    byte[] bytes = Files.readAllBytes(root.resolve("responses.npy"));
    Files.write(root.resolve("responses.npy"), Arrays.copyOf(bytes, 40));
    assertThrows(CorruptDataException.class, () -> read("columns: {stimulus: picture}"));
    RecipeException e = assertThrows(RecipeException.class, () -> open("{scale: 0, firstRow: 2}"));
    assertTrue(e.getMessage().contains("scale: expected"), e.getMessage());
    assertThrows(RecipeException.class, () -> open("nanVoxels: drop"));
  }

  @Test
  void theMiyawakiRecordingIsRead() {
    Path folder = SharedRecordings.folder("miyawaki2008-figure");
    String settings = "{responses: v1_responses.npy, columns: {stimulus: picture}}";
    Study study = StudyLayouts.open("arrays", folder, YamlTree.parse(settings, "settings"));
    SubjectResponses responses = study.responses("01", Progress.NONE);
    assertArrayEquals(new int[] {48, 797}, responses.responses().shape().toArray());
    assertEquals(8, study.stimuli().size());
    assertEquals(
        6, responses.trials().trials().stream().mapToInt(Trial::repetition).max().orElse(0));
  }
}
