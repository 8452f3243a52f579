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
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.IntStream;

/** {@code RetrievalScale FOLDER THREADS memory|file ROWS QUERIES,...}. Prints JSON. */
final class RetrievalScale {
  private RetrievalScale() {}

  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    Tensor queries = Npy.read(folder.resolve("queries.npy"));
    EmbeddingSpace space =
        new EmbeddingSpace("test", "last", queries.dim(1), EmbeddingSpace.Scaling.UNIT);
    List<String> ids = ids(Integer.parseInt(args[3]));
    Function<Embeddings, Ranking> search;
    if (args[2].equals("memory")) {
      Gallery gallery =
          Gallery.of(new Embeddings(space, ids, Npy.read(folder.resolve("gallery.npy"))));
      search = asked -> gallery.rank(asked, 10);
    } else {
      StreamedGallery gallery = StreamedGallery.open(folder.resolve("gallery.npy"), ids, space);
      search = asked -> gallery.rank(asked, 10);
    }
    StringJoiner lines = new StringJoiner(", ", "{", "}");
    for (String size : args[4].split(",")) {
      int count = Integer.parseInt(size);
      int[] first = IntStream.range(0, count).toArray();
      Embeddings asked = new Embeddings(space, ids(count), queries.rows(first));
      lines.add("\"" + count + "\": " + timed(folder, asked, search, Integer.parseInt(args[1])));
    }
    System.out.println(lines);
  }

  private static String timed(
      Path folder, Embeddings asked, Function<Embeddings, Ranking> search, int threads) {
    var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    List<Double> seconds = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    int count = asked.ids().size();
    float[] found = new float[count * 10];
    for (int run = 0; run < 20; run++) {
      long before = process.getProcessCpuTime();
      long start = System.nanoTime();
      Ranking ranking = Parallel.with(threads, () -> search.apply(asked));
      seconds.add((System.nanoTime() - start) / 1e9);
      cpu.add((process.getProcessCpuTime() - before) / 1e9);
      for (int i = 0; i < found.length; i++) {
        found[i] = Integer.parseInt(ranking.hits().get(i / 10).get(i % 10).id());
      }
    }
    Npy.write(folder.resolve("noesis-" + count + ".npy"), Tensor.wrap(found, count, 10));
    return "{\"seconds\": " + seconds + ", \"cpu\": " + cpu + "}";
  }

  private static List<String> ids(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }
}
