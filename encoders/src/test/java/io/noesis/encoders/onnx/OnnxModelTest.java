package io.noesis.encoders.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Parallel;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {
  private static final Tensor X = Tensor.wrap(new float[] {1, 0, 0, 1, 2, 3}, 2, 3);
  private static final long[] SUBJECTS = {0, 1};
  private static final Map<String, OnnxInput> INPUTS =
      Map.of("x", OnnxInput.of(X), "subject", OnnxInput.of(SUBJECTS, 2));

  @TempDir private Path folder;

  @Test
  void runsAGraphWithFloatAndWholeNumberInputs() {
    try (OnnxModel model = open("mixed.onnx")) {
      Tensor out = model.run(INPUTS, List.of("embedding")).get("embedding");
      // [1 0 0] W = [1 2]; [1 2 3] W = [22 28]
      assertEquals(Tensor.wrap(new float[] {1.5f, 1.5f, 122, 228}, 2, 2), out);
    }
  }

  @Test
  void tellsNamesTypesAndShapes() {
    try (OnnxModel model = open("mixed.onnx")) {
      assertEquals(
          List.of("x FLOAT32 [batch, 3]", "subject INT64 [batch]"),
          model.inputs().stream().map(OnnxPort::toString).toList());
      assertEquals(
          List.of("embedding FLOAT32 [batch, 2]", "index INT64 [batch]"),
          model.outputs().stream().map(OnnxPort::toString).toList());
      assertEquals(-1, model.inputs().get(0).axes().get(0).size());
      assertEquals(2, model.output("embedding").rank());
    }
  }

  @Test
  void widensHalfPrecisionOutputs() {
    try (OnnxModel model = open("half.onnx")) {
      Tensor x = Tensor.wrap(new float[] {-2, 0, 0.5f, 1024}, 4);
      assertEquals(x, model.run(Map.of("x", OnnxInput.of(x))).get("y"));
    }
  }

  @Test
  void opensFilesAndBytesAlike() throws IOException {
    Path file = folder.resolve("modèle 1.onnx");
    Files.write(file, bytes("mixed.onnx"));
    try (OnnxModel model = OnnxModel.open(file, OnnxOptions.SINGLE_THREADED);
        OnnxModel same = open("mixed.onnx")) {
      assertEquals(same.run(INPUTS, List.of("embedding")), model.run(INPUTS, List.of("embedding")));
      assertEquals(Fingerprint.ofFile(file), model.fingerprint());
      assertEquals(same.fingerprint(), model.fingerprint());
      assertEquals(file.toString(), model.source());
    }
  }

  @Test
  void refusesWhatDoesNotFitTheGraph() {
    try (OnnxModel model = open("mixed.onnx")) {
      OnnxInput x = OnnxInput.of(X);
      OnnxInput subject = OnnxInput.of(SUBJECTS, 2);
      refused(model, Map.of("x", x, "subjct", subject), "Did you mean 'subject'?");
      refused(model, Map.of("x", x), "subject INT64 [batch]' was not given");
      refused(model, Map.of("x", x, "subject", x), "was given float32 values");
      refused(model, Map.of("x", subject, "subject", subject), "was given whole numbers");
      refused(
          model, Map.of("x", OnnxInput.of(X.reshape(3, 2)), "subject", subject), "shape [3, 2]");
      refused(model, Map.of("x", OnnxInput.of(X.reshape(6)), "subject", subject), "shape [6]");
      assertTrue(
          assertThrows(ModelException.class, () -> model.run(INPUTS, List.of("embeding")))
              .getMessage()
              .contains("Did you mean 'embedding'?"));
      assertTrue(
          assertThrows(ModelException.class, () -> model.run(INPUTS))
              .getMessage()
              .contains("index INT64 [batch]' is not of floating point"));
    }
  }

  @Test
  void failuresInsideTheGraphNameTheModelAndTheShapes() {
    try (OnnxModel model = open("mixed.onnx")) {
      // Subject 7 is outside the table: only the run itself can tell.
      Map<String, OnnxInput> outside =
          Map.of("x", OnnxInput.of(X), "subject", OnnxInput.of(new long[] {0, 7}, 2));
      String message =
          assertThrows(ModelException.class, () -> model.run(outside, List.of("embedding")))
              .getMessage();
      assertTrue(message.contains("mixed.onnx"), message);
      assertTrue(message.contains("x [2, 3]"), message);
      assertEquals(1, message.lines().count(), message);
      // The session survives a failed run.
      assertEquals(4, model.run(INPUTS, List.of("embedding")).get("embedding").size());
    }
  }

  @Test
  void refusesFilesThatAreNoModels() throws IOException {
    byte[] whole = bytes("mixed.onnx");
    Path torn = folder.resolve("torn.onnx");
    Files.write(torn, Arrays.copyOf(whole, whole.length / 2));
    Path text = folder.resolve("text.onnx");
    Files.writeString(text, "this is no model");
    Path empty = folder.resolve("empty.onnx");
    Files.write(empty, new byte[0]);
    for (Path file : List.of(torn, text, empty, folder.resolve("absent.onnx"), folder)) {
      String message =
          assertThrows(
                  ModelException.class, () -> OnnxModel.open(file, OnnxOptions.SINGLE_THREADED))
              .getMessage();
      assertTrue(message.startsWith("loading the model " + file), message);
      assertEquals(1, message.lines().count(), message);
    }
    String future = assertThrows(ModelException.class, () -> open("future.onnx")).getMessage();
    assertTrue(future.contains("99"), future);
  }

  @Test
  void everyTruncationAndManyMutationsEndInAModelExceptionOrAModel() throws IOException {
    byte[] whole = bytes("mixed.onnx");
    int refused = 0;
    for (int length = 0; length < whole.length; length++) {
      refused += opensOrRefuses(Arrays.copyOf(whole, length));
    }
    assertTrue(refused > whole.length / 2, refused + " of " + whole.length);
    var random = io.noesis.run.Seed.of(1).child("mutate").random();
    for (int i = 0; i < 500; i++) {
      byte[] changed = whole.clone();
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      opensOrRefuses(changed);
    }
  }

  private static int opensOrRefuses(byte[] model) {
    try (OnnxModel opened = OnnxModel.open("changed", model, OnnxOptions.SINGLE_THREADED)) {
      assertTrue(opened.inputs().size() <= 16);
      return 0;
    } catch (ModelException e) {
      assertTrue(e.getMessage().startsWith("loading the model changed"), e.getMessage());
      return 1;
    }
  }

  @Test
  void closingTwiceIsHarmlessAndRunningAfterwardsIsRefused() {
    OnnxModel model = open("mixed.onnx");
    model.close();
    assertDoesNotThrow(model::close);
    assertThrows(IllegalStateException.class, () -> model.run(INPUTS, List.of("embedding")));
  }

  @Test
  void givesTheSameBitsFromManyThreads() {
    try (OnnxModel model = open("mixed.onnx")) {
      Tensor expected = model.run(INPUTS, List.of("embedding")).get("embedding");
      Tensor[] found = new Tensor[2000];
      Parallel.with(
          4,
          () -> {
            Parallel.forBlocks(
                found.length,
                10,
                (from, to) -> {
                  for (int i = from; i < to; i++) {
                    found[i] = model.run(INPUTS, List.of("embedding")).get("embedding");
                  }
                });
            return found;
          });
      for (Tensor tensor : found) {
        assertEquals(expected, tensor);
      }
    }
  }

  @Test
  void tenThousandRunsDoNotGrowTheProcess() throws IOException {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.isReadable(status), "resident memory is read from /proc");
    try (OnnxModel model = open("mixed.onnx")) {
      int rows = 5_000;
      Map<String, OnnxInput> big =
          Map.of(
              "x",
              OnnxInput.of(Tensor.zeros(rows, 3)),
              "subject",
              OnnxInput.of(new long[rows], rows));
      // First the heap takes the size that it likes, and direct buffers await their collection.
      repeat(model, big, 10_000);
      System.gc();
      long before = residentKilobytes(status);
      repeat(model, big, 10_000);
      System.gc();
      long grown = residentKilobytes(status) - before;
      // A leak of one run's inputs and outputs (140 KB) would be 1,400,000 KB here.
      assertTrue(grown < 400_000, "grew by " + grown + " KB in 10,000 runs");
    }
  }

  private static void repeat(OnnxModel model, Map<String, OnnxInput> inputs, int times) {
    for (int i = 0; i < times; i++) {
      model.run(inputs, List.of("embedding"));
    }
  }

  private static long residentKilobytes(Path status) throws IOException {
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theNumberOfThreadsDoesNotChangeAnInt8Network() throws IOException {
    Path file =
        Path.of(System.getProperty("noesis.root"))
            .resolve("../shared/data/onnx-models/mobilenetv2-int8/mobilenet_v2_int8_features.onnx");
    assumeTrue(Files.exists(file), "skipped: " + file + " is not here");
    float[] pixels = new float[3 * 224 * 224];
    var random = io.noesis.run.Seed.of(3).child("pixels").random();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    Map<String, OnnxInput> input =
        Map.of("input", OnnxInput.of(Tensor.wrap(pixels, 1, 3, 224, 224)));
    try (OnnxModel one = OnnxModel.open(file, new OnnxOptions(1));
        OnnxModel two = OnnxModel.open(file, new OnnxOptions(2))) {
      Map<String, Tensor> first = one.run(input);
      assertEquals(first, two.run(input));
      assertEquals(List.of("output", "view"), List.copyOf(first.keySet()));
      assertArrayEquals(new int[] {1, 1280}, first.get("view").shape().toArray());
    }
  }

  private static void refused(OnnxModel model, Map<String, OnnxInput> inputs, String because) {
    String message =
        assertThrows(ModelException.class, () -> model.run(inputs, List.of("embedding")))
            .getMessage();
    assertTrue(message.contains(because), message);
  }

  private static OnnxModel open(String name) {
    try {
      return OnnxModel.open(name, bytes(name), OnnxOptions.SINGLE_THREADED);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = OnnxModelTest.class.getResourceAsStream("/onnx/" + name)) {
      return in.readAllBytes();
    }
  }
}
