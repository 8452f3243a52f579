import com.sun.management.OperatingSystemMXBean;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.retrieve.Gallery;
import io.noesis.alignment.retrieve.Ranking;
import io.noesis.alignment.retrieve.StreamedGallery;
import io.noesis.run.Parallel;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** {@code RetrievalScale FOLDER THREADS memory|file ROWS}. Prints JSON. */
final class RetrievalScale {
  private RetrievalScale() {}

  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    Tensor queries = Npy.read(folder.resolve("queries.npy"));
    EmbeddingSpace space =
        new EmbeddingSpace("test", "last", queries.dim(1), EmbeddingSpace.Scaling.UNIT);
    Embeddings asked = new Embeddings(space, ids(queries.dim(0)), queries);
    List<String> ids = ids(Integer.parseInt(args[3]));
    Callable<Ranking> work;
    if (args[2].equals("memory")) {
      Gallery gallery =
          Gallery.of(new Embeddings(space, ids, Npy.read(folder.resolve("gallery.npy"))));
      work = () -> gallery.rank(asked, 10);
    } else {
      StreamedGallery gallery =
          StreamedGallery.open(folder.resolve("gallery.npy"), ids, space);
      work = () -> gallery.rank(asked, 10);
    }
    var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    List<Double> seconds = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    float[] found = new float[queries.dim(0) * 10];
    for (int run = 0; run < 20; run++) {
      long before = process.getProcessCpuTime();
      long start = System.nanoTime();
      Ranking ranking = Parallel.with(Integer.parseInt(args[1]), work);
      seconds.add((System.nanoTime() - start) / 1e9);
      cpu.add((process.getProcessCpuTime() - before) / 1e9);
      for (int i = 0; i < found.length; i++) {
        found[i] = Integer.parseInt(ranking.hits().get(i / 10).get(i % 10).id());
      }
    }
    Npy.write(folder.resolve("noesis.npy"), Tensor.wrap(found, queries.dim(0), 10));
    System.out.println("{\"seconds\": " + seconds + ", \"cpu\": " + cpu + "}");
  }

  private static List<String> ids(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }
}
