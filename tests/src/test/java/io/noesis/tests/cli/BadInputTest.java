package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault of a study or a command line ends in its exit code and leaves nothing torn. */
final class BadInputTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;
  private Path out;

  @BeforeAll
  static void simulate() {
    study = SmallStudy.write(shared.resolve("study"));
  }

  @BeforeEach
  void names() {
    out = temporary.resolve("out");
  }

  static List<Fault> faults() {
    return Fault.all();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aBrokenStudyEndsWithThreeAndNamesTheThing(Fault fault) throws IOException {
    Path broken = SmallStudy.copy(study, temporary.resolve("broken"));
    fault.planted().in(broken);
    SmallStudy.run(broken, out, "--participant-label", "01")
        .ended(3, fault.words().toArray(String[]::new));
    Remains.assertNothingFinished(out);
  }

  @Test
  void theAdviceOnNanVoxelsWorks() throws IOException {
    Path broken = SmallStudy.copy(study, temporary.resolve("broken"));
    nanVoxel().planted().in(broken);
    SmallStudy.run(
            broken, out, "--participant-label", "01", "--set", "study.settings.nonFinite=drop")
        .ended(0);
    assertTrue(Files.readString(out.resolve("report.json")).contains("(DROP)"), "not reported");
  }

  @Test
  void oneBrokenSubjectOfTwoEndsWithFiveAndIsMarked() throws IOException {
    Path broken = SmallStudy.copy(study, temporary.resolve("broken"));
    nanVoxel().planted().in(broken);
    SmallStudy.run(broken, out).ended(5, "1 of 2 subjects failed", "01", "NaN");
    JsonNode subjects = JSON.readTree(out.resolve("report.json").toFile()).path("subjects");
    assertEquals(2, subjects.size());
    for (JsonNode subject : subjects) {
      boolean failed = subject.path("id").asText().equals("01");
      assertEquals(failed, subject.path("failure").asText().contains("NaN"), subject.toString());
      assertEquals(failed, subject.path("scores").isEmpty(), subject.toString());
    }
    assertTrue(Files.readString(out.resolve("report.html")).contains("failed"));
    for (String file : List.of("failures.json", "report.json", "report.html", "log.txt")) {
      String text = Files.readString(out.resolve(file));
      assertTrue(text.contains("sub-01_ses-01_task-pictures_run-01_bold.nii.gz"), file);
      assertFalse(text.contains(temporary.toString()), file + " names an absolute path");
    }
    assertFalse(Files.exists(out.resolve("sub-01/training.done.json")));
    Remains.assertNothingTorn(out);
  }

  private static Fault nanVoxel() {
    return Fault.all().stream().filter(f -> f.name().equals("NaN voxel")).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(2,)", "(2, 3)"})
  void pickledResponsesAreRefusedAndNotExecuted(String shape) throws IOException {
    Path arrays = Files.createDirectory(temporary.resolve("arrays"));
    Path proof = temporary.resolve("executed");
    Files.write(
        arrays.resolve("responses.npy"),
        pickled(shape, "cos\nsystem\n(S'touch " + proof + "'\ntR."));
    Files.writeString(arrays.resolve("trials.tsv"), "stimulus\na\nb\n");
    Files.writeString(arrays.resolve("embeddings.tsv"), "id\na\nb\n");
    Files.write(arrays.resolve("embeddings.npy"), floats(2, 3));
    Call.of("run", "arrays-embeddings", out, "--root", arrays)
        .ended(3, "responses.npy", "Python objects", "numpy.save('responses.npy', ");
    assertFalse(Files.exists(proof));
    Remains.assertNothingFinished(out);
  }

  private static byte[] pickled(String shape, String pickle) {
    return npy(
        "{'descr': '|O', 'fortran_order': False, 'shape': " + shape + ", }",
        pickle.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] floats(int rows, int columns) {
    ByteBuffer values = ByteBuffer.allocate(4 * rows * columns).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows * columns; i++) {
      values.putFloat(i * i);
    }
    return npy(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + columns + "), }",
        values.array());
  }

  private static byte[] npy(String header, byte[] content) {
    byte[] text = (header + "\n").getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(10 + text.length + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) text.length)
        .put(text)
        .put(content)
        .array();
  }

  @Test
  void anUnknownRecipeIsAnsweredWithTheNearestOne() {
    Call.of("run", "simulatd", out, "--root", study).ended(2, "simulatd", "simulated");
    assertFalse(Files.exists(out));
  }

  @ParameterizedTest
  @CsvSource({
    "evaluation.permutation=999, permutations",
    "evaluation.permutations=3, at least 99",
    "encoder.architecture=rigde, ridge",
    "split.rule=by-stimuls, by-stimulus",
    "study.settings.task_name=x, task",
    "nonsense, nonsense"
  })
  void aWrongSettingEndsWithTwo(String setting, String word) {
    SmallStudy.run(study, out, "--set", setting).ended(2, word);
    assertFalse(Files.exists(out));
  }

  @Test
  void aNetworkThatRunsAwayOrDoesNotFitEndsWithTwo() throws IOException {
    String[] network = {
      "--participant-label=01",
      "--set=encoder.architecture=residual-mlp",
      "--set=encoder.training.epochs=5",
      "--set=encoder.training.batchSize=8",
      "--set=encoder.training.loss.name=mse"
    };
    Call runaway =
        SmallStudy.run(
            study,
            out,
            Stream.concat(
                    Stream.of(network),
                    Stream.of(
                        "--set=encoder.settings.width=8",
                        "--set=encoder.training.clip=0",
                        "--set=encoder.training.optimizer.learningRate=1e30"))
                .toArray());
    runaway.ended(2, "learningRate", "finite");
    Remains.assertNothingFinished(out);
    SmallStudy.run(
            study,
            temporary.resolve("large"),
            Stream.concat(Stream.of(network), Stream.of("--set=encoder.settings.width=400000"))
                .toArray())
        .ended(2, "weights", "GB", "width");
  }

  @Test
  void aDeviceThatIsNotThereEndsWithSix() {
    SmallStudy.run(study, out, "--device", "cuda").ended(6, "cuda:0", "cpu");
    SmallStudy.run(study, out, "--device", "gpu").ended(2, "'gpu'", "auto");
    assertFalse(Files.exists(out));
    String towers = "targets={of: image, pack: embedded, device: cuda}";
    SmallStudy.run(study, out, "--no-cache", "--set", towers).ended(6, "-P onnx-cuda");
  }

  @Test
  void aForgottenOrMissingStudyFolder() {
    Call.of("run", "simulated", out).ended(2, "--root");
    Path nowhere = temporary.resolve("nowhere");
    SmallStudy.run(nowhere, out).ended(3, nowhere.toString());
    assertFalse(Files.exists(out));
  }

  @Test
  void anUnknownSubjectAuditAndOption() {
    SmallStudy.run(study, out, "--participant-label", "03").ended(2, "03", "02");
    SmallStudy.run(study, out, "--allow", "LEAK-STIMULI").ended(2, "LEAK-STIMULUS");
    SmallStudy.run(study, out, "--permutatons=9").ended(2, "--permutatons");
    assertFalse(Files.exists(out));
  }

  @Test
  void aFolderWithSomebodysFilesIsLeftAlone() throws IOException {
    Files.createDirectory(out);
    Files.writeString(out.resolve("thesis.txt"), "years of work");
    SmallStudy.run(study, out).ended(2, out.toString(), "nothing in it was touched");
    SmallStudy.run(study, out, "--force").ended(2, out.toString());
    assertEquals(List.of("thesis.txt"), Remains.of(out));
    assertEquals("years of work", Files.readString(out.resolve("thesis.txt")));
  }

  @Test
  void anOutputBelowARegularFileEndsWithSeven() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "text");
    SmallStudy.run(study, file.resolve("out")).ended(7, file.toString());
    Call.of("simulate", file.resolve("study"), "--dry-run").ended(0);
    Call.of("simulate", file.resolve("study"), "--voxels", 40).ended(7, file.toString());
    assertEquals("text", Files.readString(file));
  }

  @Test
  void aLeakyStudyEndsWithFourBeforeAnythingIsTrained() throws IOException {
    Path leaky = SmallStudy.writeLeaky(temporary.resolve("leaky"));
    SmallStudy.run(leaky, out).ended(4, "LEAK-STIMULUS");
    Call.of("check", "simulated", "--root", leaky).ended(4, "LEAK-STIMULUS");
    Remains.assertNothingFinished(out);
  }

  @Test
  void noSignalEndsWithFourAndHasItsReport() throws IOException {
    Path noise = SmallStudy.writeWithoutSignal(temporary.resolve("noise"), 1);
    SmallStudy.run(noise, out).ended(4, "NO-SIGNAL");
    JsonNode report = JSON.readTree(out.resolve("report.json").toFile());
    assertTrue(report.toString().contains("NO-SIGNAL"));
    assertTrue(Files.isRegularFile(out.resolve("report.html")));
    Remains.assertNothingTorn(out);
    SmallStudy.run(noise, out, "--allow", "NO-SIGNAL").ended(0);
  }

  @Test
  void aRunFolderOfAnotherRecipeOrWithACorruptReport() throws IOException {
    SmallStudy.run(study, out, "--participant-label", "02").ended(0);
    SmallStudy.run(study, out, "--set", "seed=9").ended(2, out.toString(), "--force");
    Path json = out.resolve("report.json");
    byte[] whole = Files.readAllBytes(json);
    Files.write(json, java.util.Arrays.copyOf(whole, whole.length / 2));
    Call.of("report", out).ended(3, "report.json");
    Files.writeString(json, "{\"schema\": \"something else\"}");
    Call.of("report", out).ended(3, "report.json", "something else");
    Files.write(json, whole);
    Call.of("report", out).ended(0);
    Call.of("report", temporary.resolve("no-run")).ended(2, "no-run");
  }
}
