package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.format.nifti.NiftiSpec;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.simulate.Leak;
import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Grid;
import io.noesis.ingest.volume.VolumeSource;
import io.noesis.tests.support.CommandLines;
import io.noesis.tests.support.Outcome;
import io.noesis.tests.support.RunFiles;
import io.noesis.tests.support.Studies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * A study with one fault: the run ends with the documented exit code, names the file and what is
 * wrong with it, and leaves no result behind that looks whole.
 */
class BadInputTest {
  private static final int MAGIC = 344;

  @TempDir static Path shared;
  @TempDir Path temporary;

  private Path study;
  private Path out;

  @BeforeAll
  static void writeASoundStudy() {
    Studies.write(Studies.tiny(), 1, shared.resolve("sound"));
  }

  @BeforeEach
  void copyIt() throws IOException {
    study = temporary.resolve("study");
    out = temporary.resolve("out");
    Path sound = shared.resolve("sound");
    try (Stream<Path> all = Files.walk(sound)) {
      for (Path file : all.toList()) {
        Files.copy(file, study.resolve(sound.relativize(file).toString()));
      }
    }
  }

  @Test
  void theSoundStudyRuns() {
    Outcome outcome = run();
    assertEquals(0, outcome.code(), outcome::toString);
  }

  @Test
  void truncatedGzip() throws IOException {
    Path bold = bold("01");
    byte[] bytes = Files.readAllBytes(bold);
    Files.write(bold, Arrays.copyOf(bytes, bytes.length / 2));
    fails(runOne(), 3, bold.getFileName().toString());
  }

  @Test
  void gzipWhoseChecksumDoesNotFit() throws IOException {
    Path bold = bold("01");
    byte[] bytes = Files.readAllBytes(bold);
    bytes[bytes.length - 6] ^= 0x20;
    Files.write(bold, bytes);
    fails(runOne(), 3, bold.getFileName().toString());
  }

  @Test
  void gzipWithADamagedMiddle() throws IOException {
    Path bold = bold("01");
    byte[] bytes = Files.readAllBytes(bold);
    for (int i = bytes.length / 2; i < bytes.length / 2 + 64; i++) {
      bytes[i] ^= 0x55;
    }
    Files.write(bold, bytes);
    fails(runOne(), 3, bold.getFileName().toString());
  }

  @Test
  void wrongMagic() throws IOException {
    Path bold = bold("01");
    unzipped(
        bold,
        bytes -> {
          System.arraycopy("abc".getBytes(StandardCharsets.US_ASCII), 0, bytes, MAGIC, 3);
          return bytes;
        });
    fails(runOne(), 3, bold.getFileName().toString(), "magic");
  }

  @Test
  void anImageThatEndsBeforeItsLastVolume() throws IOException {
    Path bold = bold("01");
    unzipped(bold, bytes -> Arrays.copyOf(bytes, bytes.length - 1000));
    fails(runOne(), 3, bold.getFileName().toString());
  }

  @Test
  void nanVoxels() throws IOException {
    Path bold = bold("01");
    BrainMask mask = NiftiFile.readMask(mask("01"));
    VolumeSource source = NiftiFile.source(bold);
    float[] values = NiftiFile.readValues(bold);
    int voxels = source.grid().voxels();
    values[10 * voxels + mask.indices()[7]] = Float.NaN;
    NiftiSpec spec = NiftiSpec.series(source.grid(), source.volumes(), source.trSeconds());
    NiftiWriter.writeFloat32(
        bold, spec, t -> Arrays.copyOfRange(values, t * voxels, (t + 1) * voxels));
    fails(runOne(), 3, bold.getFileName().toString(), "NaN");
  }

  @Test
  void maskOfAnotherShape() throws IOException {
    Grid other = new Grid(5, 6, 7, Affine.diagonal(3, 3, 3));
    boolean[] inside = new boolean[other.voxels()];
    Arrays.fill(inside, 20, 60, true);
    NiftiWriter.writeMask(mask("01"), BrainMask.of(other, inside));
    String bold = bold("01").getFileName().toString();
    fails(runOne(), 3, bold, "the mask is 5 x 6 x 7", "the image is 11 x 11 x 9");
  }

  @Test
  void eventPastTheEndOfItsRun() throws IOException {
    Path events = events("01");
    List<String> lines = Files.readAllLines(events);
    lines.set(3, lines.get(3).replaceFirst("^[0-9.]+", "98765.4"));
    Files.write(events, lines);
    fails(runOne(), 3, events.getFileName().toString(), "line 4", "98765.4", "past the end");
  }

  @Test
  void eventWithoutANumberForItsOnset() throws IOException {
    Path events = events("01");
    List<String> lines = Files.readAllLines(events);
    lines.set(2, lines.get(2).replaceFirst("^[0-9.]+", "soon"));
    Files.write(events, lines);
    fails(runOne(), 3, events.getFileName().toString(), "line 3", "soon");
  }

  @Test
  void eventOfAnUnknownStimulus() throws IOException {
    Path events = events("01");
    String text = Files.readString(events);
    String known = text.lines().skip(1).findFirst().orElseThrow().split("\t")[4];
    Files.writeString(events, text.replaceFirst("\t" + known + "\t", "\t" + known + "x\t"));
    fails(runOne(), 3, events.getFileName().toString(), "'" + known + "x'", "Nearest: '" + known);
  }

  @Test
  void missingPicture() throws IOException {
    Files.delete(study.resolve("stimuli/pic0005.png"));
    fails(runOne(), 3, "stimuli.tsv", "'pic0005.png'");
  }

  @Test
  void duplicateStimulusIds() throws IOException {
    Path table = study.resolve("stimuli/stimuli.tsv");
    List<String> lines = Files.readAllLines(table);
    lines.add(lines.get(4));
    Files.write(table, lines);
    String id = lines.get(4).split("\t")[0];
    fails(runOne(), 3, "stimuli.tsv", "lines 5 and " + lines.size(), "'" + id + "'", "unique");
  }

  @Test
  void rowWithACellTooMany() throws IOException {
    Path table = study.resolve("stimuli/stimuli.tsv");
    List<String> lines = Files.readAllLines(table);
    lines.set(6, lines.get(6) + "\tone more");
    Files.write(table, lines);
    fails(runOne(), 3, "stimuli.tsv", "line 7");
  }

  @Test
  void missingEvents() throws IOException {
    Path events = events("01");
    Files.delete(events);
    fails(runOne(), 3, "events");
  }

  @Test
  void noStudyThere() {
    study = temporary.resolve("nowhere");
    fails(runOne(), 3, "nowhere");
  }

  @Test
  void aSubjectThatIsNotThere() {
    fails(run("--participant-label=07"), 2, "'07'", "01");
  }

  @Test
  void aLeakyStudyIsBlockedBeforeAnythingIsTrained() {
    Path leaky = temporary.resolve("leaky");
    Studies.write(Studies.tiny(Leak.DUPLICATE_PIXELS), 1, leaky);
    study = leaky;
    fails(run(), 4, "LEAK-STIMULUS", "--allow");
    Outcome check =
        CommandLines.noesis("check", "simulated", "--root=" + study, "--participant-label=01");
    assertEquals(4, check.code(), check::toString);
    assertTrue(check.out().contains("BLOCK"), check::toString);
  }

  @Test
  void oneOfTwoSubjectsFailsAndTheReportMarksIt() throws IOException {
    Path bold = bold("02");
    byte[] bytes = Files.readAllBytes(bold);
    Files.write(bold, Arrays.copyOf(bytes, bytes.length / 2));
    Outcome outcome = run();
    assertEquals(5, outcome.code(), outcome::toString);
    assertTrue(outcome.err().contains("1 of 2 subjects failed (02)"), outcome::toString);
    assertTrue(outcome.err().contains(bold.getFileName().toString()), outcome::toString);
    JsonNode report = new ObjectMapper().readTree(out.resolve("report.json").toFile());
    JsonNode failed = report.path("subjects").path(1);
    assertEquals("02", failed.path("id").asText());
    assertTrue(failed.path("failure").asText().contains(bold.getFileName().toString()));
    assertFalse(report.path("subjects").path(0).has("failure"), "the other one is whole");
    String page = Files.readString(out.resolve("report.html"));
    assertTrue(page.contains("1 of 2"), "the page says that a subject is missing");

    Files.write(bold, bytes);
    Outcome repaired = run();
    assertEquals(2, repaired.code(), repaired::toString);
    assertTrue(repaired.err().contains("--force"), "other data is another run");
    Outcome anew = run("--force");
    assertEquals(0, anew.code(), anew::toString);
  }

  @Test
  void anOutputThatIsBelowAFile() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "precious");
    out = file.resolve("run");
    Outcome outcome = runOne();
    assertEquals(7, outcome.code(), outcome::toString);
    assertTrue(outcome.err().contains(file.toString()), outcome::toString);
    assertEquals("precious", Files.readString(file));
    Outcome simulated = CommandLines.noesis("simulate", file.resolve("s").toString());
    assertEquals(7, simulated.code(), simulated::toString);
    assertEquals("precious", Files.readString(file));
  }

  @Test
  void anOutputWhereNobodyMayWrite() {
    out = Path.of("/proc/noesis-run");
    Outcome outcome = runOne();
    assertEquals(7, outcome.code(), outcome::toString);
    assertTrue(outcome.err().contains("/proc/noesis-run"), outcome::toString);
  }

  @Test
  void anOutputFolderOfSomeoneElseIsNotTouched() throws IOException {
    Files.createDirectories(out.resolve("thesis"));
    Files.writeString(out.resolve("thesis/chapter1.txt"), "In the beginning");
    for (String option : List.of("--nprocs=2", "--force")) {
      Outcome outcome = run(option);
      assertEquals(2, outcome.code(), outcome::toString);
      assertTrue(outcome.err().contains("not made by Noesis"), outcome::toString);
    }
    assertArrayEquals(
        new String[] {"thesis/chapter1.txt"},
        RunFiles.bytes(out, f -> true).keySet().toArray(String[]::new));
    Outcome simulated = CommandLines.noesis("simulate", out.toString(), "--force");
    assertEquals(7, simulated.code(), simulated::toString);
    assertEquals("In the beginning", Files.readString(out.resolve("thesis/chapter1.txt")));
  }

  private Outcome run(String... more) {
    return CommandLines.noesis(
        Stream.concat(
                Stream.of(
                    "run",
                    "simulated",
                    out.toString(),
                    "--root=" + study,
                    "--set=evaluation.permutations=99",
                    "--set=evaluation.bootstraps=99"),
                Arrays.stream(more))
            .toArray(String[]::new));
  }

  /** Of one subject only, so that its failure is the run's failure. */
  private Outcome runOne() {
    return run("--participant-label=01");
  }

  private void fails(Outcome outcome, int code, String... words) {
    Stream<Executable> checks =
        Stream.concat(
            Stream.of(
                () -> assertEquals(code, outcome.code()),
                () -> assertFalse(outcome.err().contains("\tat "), "a stack trace"),
                () -> assertFalse(Files.exists(out.resolve("report.json")), "a report"),
                () -> assertFalse(Files.exists(out.resolve("sub-01/training.done.json")), "done"),
                this::nothingIsLeftHalfWritten),
            Arrays.stream(words)
                .map(word -> () -> assertTrue(outcome.err().contains(word), "says " + word)));
    assertAll(outcome.toString(), checks);
  }

  private void nothingIsLeftHalfWritten() throws IOException {
    try (Stream<Path> all = Files.walk(temporary)) {
      List<Path> torn = all.filter(f -> f.toString().endsWith(".noesis-tmp")).toList();
      assertEquals(List.of(), torn);
    }
  }

  private Path mask(String subject) {
    return study.resolve(
        "derivatives/simulation/sub-%1$s/func/sub-%1$s_task-pictures_desc-brain_mask.nii.gz"
            .formatted(subject));
  }

  private Path bold(String subject) throws IOException {
    return first(subject, "_bold.nii.gz");
  }

  private Path events(String subject) throws IOException {
    return first(subject, "_events.tsv");
  }

  private Path first(String subject, String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(study.resolve("sub-" + subject))) {
      return all.filter(f -> f.toString().endsWith(suffix)).sorted().findFirst().orElseThrow();
    }
  }

  private static void unzipped(Path file, UnaryOperator<byte[]> change) throws IOException {
    byte[] bytes;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      bytes = in.readAllBytes();
    }
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(change.apply(bytes));
    }
    Files.write(file, zipped.toByteArray());
  }
}
