import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.caption.Caption;
import io.noesis.reconstruction.caption.CaptionRequest;
import io.noesis.reconstruction.caption.DecodingOptions;
import io.noesis.reconstruction.caption.GraphCaptioner;
import io.noesis.reconstruction.caption.WordSearch;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** FOLDER THREADS SEARCH; prints one JSON line. */
public final class CaptionScale {
  private CaptionScale() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    byte[] bytes = Files.readAllBytes(folder.resolve("embeddings.f32"));
    float[] values = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    Tensor rows = Tensor.wrap(values, values.length / 512, 512);
    WordSearch search =
        args[2].equals("greedy") ? new WordSearch.Greedy() : new WordSearch.MeanBeam(5);
    CaptionRequest request = new CaptionRequest(search, 20, 0);
    DecodingOptions options =
        new DecodingOptions(
            new OnnxOptions(Integer.parseInt(args[1])), 16, DecodingOptions.Past.KEPT);
    try (GraphCaptioner captioner =
        GraphCaptioner.open(ModelPack.open(folder.resolve("pack")), options)) {
      Tensor few = rows.rows(IntStream.range(0, 16).toArray());
      captioner.caption(few, request, Progress.NONE);
      long work = work();
      long start = System.nanoTime();
      List<Caption> made = captioner.caption(rows, request, Progress.NONE);
      double seconds = (System.nanoTime() - start) / 1e9;
      String text =
          made.stream()
              .map(
                  one ->
                      one.tokens().stream().map(String::valueOf).collect(Collectors.joining(" ")))
              .collect(Collectors.joining("\n"));
      System.out.printf(
          Locale.ROOT,
          "{\"seconds\": %.4f, \"work\": %.4f, \"tokens\": %d, \"sha256\": \"%s\"}%n",
          seconds,
          (work() - work) / 1e9,
          made.stream().mapToInt(one -> one.tokens().size()).sum(),
          Fingerprint.ofText(text));
    }
  }

  private static long work() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
