package io.noesis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.ingest.format.nifti.NiftiSpec;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.Grid;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Npz;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  private static final List<String> KEYS =
      List.of("path", "format", "facts", "arrays", "image", "study", "run", "problem");

  @TempDir static Path shared;
  @TempDir Path folder;

  private static Path study;

  @BeforeAll
  static void simulate() {
    study = shared.resolve("study");
    Call.of(
            "simulate",
            study,
            "--subjects",
            2,
            "--voxels",
            30,
            "--train",
            48,
            "--test",
            24,
            "--train-repetitions",
            1,
            "--test-repetitions",
            2,
            "--pixels",
            32)
        .ended(0);
  }

  private static JsonNode json(Path path) {
    try {
      JsonNode json =
          new ObjectMapper().readTree(Call.of("inspect", path, "--json").ended(0).out());
      List<String> keys = new ArrayList<>();
      json.fieldNames().forEachRemaining(keys::add);
      assertEquals(KEYS, keys);
      return json;
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(Path path) {
    return Call.of("inspect", path).ended(0).out();
  }

  private static void assertLine(String text, String label, String value) {
    assertTrue(
        text.lines().anyMatch(l -> l.startsWith(label + " ") && l.contains(value)),
        "no line '" + label + "' with '" + value + "' in:\n" + text);
  }

  @Test
  void anImageIsToldByItsHeader() {
    Path file = folder.resolve("bold.nii.gz");
    NiftiSpec spec =
        NiftiSpec.series(new Grid(4, 5, 3, Affine.diagonal(2, 2, 3)), 7, 1.5).scaledBy(0.5, 10);
    NiftiWriter.writeInt16(file, spec, t -> new short[60]);
    String text = text(file);
    assertLine(text, "format", "nifti");
    assertLine(text, "type", "int16");
    assertLine(text, "shape", "[4, 5, 3, 7]");
    assertLine(text, "zooms", "TR 1.5 s");
    JsonNode json = json(file);
    assertEquals("nifti", json.path("format").asText());
    assertEquals("[4,5,3,7]", json.path("arrays").get(0).path("shape").toString());
    assertEquals(4 * 420, json.path("arrays").get(0).path("memory_bytes").asInt());
    JsonNode image = json.path("image");
    assertEquals(4, image.path("affine").size());
    assertEquals(3.0, image.path("affine").get(2).get(2).asDouble());
    assertEquals("[2.0,2.0,3.0]", image.path("zooms_mm").toString());
    assertEquals(1.5, image.path("tr_seconds").asDouble());
    assertEquals(0.5, image.path("slope").asDouble());
    assertEquals("RAS", image.path("orientation").asText());
    assertTrue(json.path("study").isNull() && json.path("problem").isNull());
  }

  @Test
  void arraysAreToldByName() {
    Path file = folder.resolve("several.npz");
    Npz.write(file, Map.of("a b", Tensor.zeros(2, 3), "a_b", Tensor.zeros(4)));
    JsonNode json = json(file);
    assertEquals("a b", json.path("arrays").get(0).path("name").asText());
    assertEquals("[2,3]", json.path("arrays").get(0).path("shape").toString());
    assertEquals("float32", json.path("arrays").get(1).path("type").asText());
    assertEquals(16, json.path("arrays").get(1).path("memory_bytes").asInt());
    assertTrue(json.path("image").isNull());
  }

  /** Reading it would take minutes. */
  @Test
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void aVastImageIsToldAtOnce() throws IOException {
    Path file = folder.resolve("vast.nii");
    long bytes = vast(file);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(352 + bytes);
    } catch (IOException e) {
      assumeTrue(false, "the file system takes no sparse file of " + bytes + " bytes");
    }
    JsonNode json = json(file);
    assertEquals("[500,500,500,500]", json.path("arrays").get(0).path("shape").toString());
    assertEquals(bytes, json.path("arrays").get(0).path("memory_bytes").asLong());
    assertTrue(json.path("problem").isNull(), json.toString());
  }

  @Test
  void aClaimThatTheFileCannotHoldIsAProblem() throws IOException {
    Path file = folder.resolve("claim.nii");
    vast(file);
    String problem = json(file).path("problem").asText();
    assertTrue(problem.contains("the file has 352"), problem);
    assertLine(text(file), "problem", "truncated");
    Path npy = folder.resolve("cut.npy");
    Npy.write(npy, Tensor.zeros(10, 10));
    byte[] whole = Files.readAllBytes(npy);
    Files.write(npy, java.util.Arrays.copyOf(whole, whole.length - 4));
    assertTrue(json(npy).path("problem").asText().contains("truncated"));
  }

  /** Writes a header that claims 500 x 500 x 500 x 500 float32; returns the bytes it claims. */
  private static long vast(Path file) throws IOException {
    NiftiWriter.writeFloat32(
        file,
        NiftiSpec.series(new Grid(1, 1, 1, Affine.diagonal(1, 1, 1)), 2, 1),
        t -> new float[1]);
    ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    for (int axis = 1; axis <= 4; axis++) {
      header.putShort(40 + 2 * axis, (short) 500);
    }
    Files.write(file, java.util.Arrays.copyOf(header.array(), 352));
    return 4L * 500 * 500 * 500 * 500;
  }

  @Test
  void aBidsStudyIsOpened() {
    String text = text(study);
    assertLine(text, "format", "bids");
    assertLine(text, "origin", "simulated");
    assertLine(text, "responses", "one beta per trial");
    assertLine(text, "stimuli", "72: 72 with a picture, 72 with a caption, 24 categories");
    assertLine(text, "targets", "captions, categories, pictures");
    assertLine(text, "sub-01", "96 trials, 72 stimuli");
    JsonNode json = json(study).path("study");
    assertEquals("bids", json.path("layout").asText());
    assertEquals("simulated", json.path("origin").asText());
    JsonNode second = json.path("subjects").get(1);
    assertEquals("02", second.path("label").asText());
    assertEquals(96, second.path("trials").asInt());
    assertTrue(second.path("memory_bytes").asLong() > 0);
    assertTrue(second.path("problem").isNull());
    assertEquals(72, json.path("stimuli").path("with_caption").asInt());
  }

  @Test
  void aBidsFolderThatIsNoStudySaysWhy() throws IOException {
    Files.writeString(
        folder.resolve("dataset_description.json"),
        "{\"Name\":\"rest\",\"BIDSVersion\":\"1.8.0\"}");
    Path func = Files.createDirectories(folder.resolve("sub-01/func"));
    NiftiWriter.writeInt16(
        func.resolve("sub-01_task-rest_bold.nii.gz"),
        NiftiSpec.series(new Grid(2, 2, 2, Affine.diagonal(1, 1, 1)), 5, 2),
        t -> new short[8]);
    String text = text(folder);
    assertLine(text, "bold files", "1");
    assertLine(text, "problem", "found no BOLD run with events");
    JsonNode json = json(folder);
    assertTrue(json.path("study").isNull());
    assertFalse(json.path("problem").asText().contains("\n"));
  }

  @Test
  void oneBadSubjectDoesNotHideTheOthers() throws IOException {
    Path root = arrays(folder);
    Files.delete(root.resolve("sub-02/trials.tsv"));
    JsonNode json = json(root);
    assertEquals("arrays", json.path("format").asText());
    JsonNode subjects = json.path("study").path("subjects");
    assertEquals(3, subjects.get(0).path("trials").asInt());
    assertTrue(subjects.get(1).path("problem").asText().contains("the table of trials"));
    assertTrue(json.path("study").path("stimuli").isNull());
    assertLine(text(root), "stimuli", "not counted");
  }

  @Test
  void arraysOfALabAreOpened() {
    String text = text(arrays(folder));
    assertLine(text, "format", "arrays");
    assertLine(text, "responses", "given");
    assertLine(text, "stimuli", "2: 0 with a picture, 0 with a caption, 2 categories");
    assertLine(text, "targets", "categories");
    assertLine(text, "sub-02", "1 run, 3 trials, 2 stimuli");
  }

  private static Path arrays(Path root) {
    for (String subject : List.of("sub-01", "sub-02")) {
      Path place = root.resolve(subject);
      Npy.write(place.resolve("responses.npy"), Tensor.zeros(3, 4));
      Tsv.write(
          place.resolve("trials.tsv"),
          List.of("stimulus", "category"),
          List.of(List.of("a", "face"), List.of("b", "house"), List.of("a", "face")));
    }
    return root;
  }

  @Test
  void aRunTellsHowFarItIs() throws IOException {
    Path run = shared.resolve("run");
    Call.of(
            "run",
            study,
            run,
            "participant",
            "--participant-label",
            "01",
            "--set",
            "evaluation.permutations=99",
            "--set",
            "evaluation.bootstraps=100",
            "--allow",
            "NO-SIGNAL")
        .ended(0);
    String text = text(run);
    assertLine(text, "format", "run");
    assertLine(text, "recipe", "bids-captions");
    assertLine(text, "kind", "decoding");
    assertLine(text, "trained", "01");
    assertLine(text, "origin", "simulated");
    assertLine(text, "report", "report.json, report.html");
    JsonNode json = json(run).path("run");
    assertEquals("decoding", json.path("kind").asText());
    assertEquals("[\"01\"]", json.path("trained").toString());
    assertEquals(64, json.path("identity").asText().length());
    Files.delete(run.resolve("sub-01/training.done.json"));
    Files.delete(run.resolve("report.html"));
    assertLine(text(run), "unfinished", "01");
    assertEquals("[\"report.json\"]", json(run).path("run").path("reports").toString());
    Files.writeString(run.resolve("recipe.yaml"), "kind: geometry\nname: distances\n");
    assertLine(text(run), "kind", "geometry");
    assertFalse(text(run).contains("trained "), "a run that trains nothing");
    Files.delete(run.resolve("recipe.yaml"));
    assertLine(text(run), "recipe", "not written yet");
  }

  @Test
  void knownStudiesAreRecognised() {
    Path data = Path.of(System.getProperty("noesis.root"), "..", "shared", "data", "haxby2001-vt");
    assumeTrue(Files.isDirectory(data), "no real recordings in " + data);
    String text = text(data);
    assertLine(text, "manifest", "haxby2001-vt");
    assertLine(text, "origin", "recorded");
    assertLine(text, "sub-1", "8 runs, 576 trials");
  }

  @Test
  void whatIsNothingEndsWithThree() throws IOException {
    Path missing = folder.resolve("missing");
    assertTrue(Call.of("inspect", missing).ended(3).err().contains("no such file"));
    Path empty = Files.createFile(folder.resolve("empty.nii"));
    assertTrue(Call.of("inspect", empty).ended(3).err().contains("0 bytes"));
    Path words = Files.writeString(folder.resolve("words"), "nothing known");
    assertTrue(Call.of("inspect", words, "--json").ended(3).err().contains("of no format"));
    String err = Call.of("inspect", folder).ended(3).err();
    assertTrue(err.contains("neither a BIDS dataset"), err);
  }
}
