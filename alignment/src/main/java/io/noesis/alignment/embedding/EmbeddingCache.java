package io.noesis.alignment.embedding;

import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.run.AtomicFile;
import io.noesis.run.Fingerprint;
import io.noesis.run.OutputException;
import io.noesis.run.Progress;
import io.noesis.run.Version;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps embeddings between runs in a folder, one file per set of inputs, named by the SHA-256 of
 * the model, its settings and the inputs, of ONNX Runtime's version and that of Noesis. A file that
 * is damaged is computed anew, with a warning. Where the files together exceed a limit, those that
 * were read or written longest ago are removed. File: the ASCII line {@code NOESIS-EMBEDDINGS-1},
 * rows and columns as little-endian int32, the float32 values, and the SHA-256 of all bytes before
 * it.
 */
public final class EmbeddingCache {
  /** How many bytes the files of a folder may have together: 2 GiB. */
  public static final long LIMIT = 1L << 31;

  private static final byte[] MAGIC = "NOESIS-EMBEDDINGS-1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGEST = 32;
  private static final String SUFFIX = ".embeddings";

  private final Optional<Path> folder;
  private final long limit;

  private EmbeddingCache(Optional<Path> folder, long limit) {
    this.folder = folder;
    this.limit = limit;
  }

  /**
   * A cache in a folder, or none.
   *
   * @param folder made when first written to
   * @return the cache; without a folder it computes every time
   */
  public static EmbeddingCache of(Optional<Path> folder) {
    return new EmbeddingCache(folder, LIMIT);
  }

  static EmbeddingCache of(Path folder, long limit) {
    return new EmbeddingCache(Optional.of(folder), limit);
  }

  /**
   * The folder of a user: {@code $XDG_CACHE_HOME/noesis/embeddings}, else {@code
   * ~/.cache/noesis/embeddings}.
   *
   * @param environment gives a variable's value or null
   * @param home the user's home folder
   * @return the folder; it may not exist
   */
  public static Path usualFolder(UnaryOperator<@Nullable String> environment, Path home) {
    String set = environment.apply("XDG_CACHE_HOME");
    Path base = set != null && !set.isBlank() ? Path.of(set) : home.resolve(".cache");
    return base.resolve("noesis").resolve("embeddings");
  }

  /** Whether it has a folder; without one nobody needs a key. */
  boolean keeps() {
    return folder.isPresent();
  }

  /**
   * The key of a set of inputs.
   *
   * @param model fingerprint of the encoder with its settings
   * @param contents texts, or fingerprints of files, in order
   * @return 64 hexadecimal digits
   */
  public static String key(String model, List<String> contents) {
    StringBuilder text = new StringBuilder(model).append('\n').append(OnnxModel.runtimeVersion());
    text.append('\n').append(Version.current().number());
    for (String content : contents) {
      text.append('\n').append(Fingerprint.ofText(content));
    }
    return Fingerprint.ofText(text.toString());
  }

  /**
   * The embeddings of that key, from the folder or computed and then kept. A folder that cannot be
   * written to costs a warning, not the embeddings.
   *
   * @param key see {@link #key}
   * @param space where vectors of so many numbers live
   * @param ids one id per row
   * @param progress hears of a damaged file, and of a folder that cannot be written to
   * @param compute computes them
   * @return the embeddings
   */
  public Embeddings get(
      String key,
      IntFunction<EmbeddingSpace> space,
      List<String> ids,
      Progress progress,
      Supplier<Embeddings> compute) {
    if (folder.isEmpty()) {
      return compute.get();
    }
    Path file = folder.get().resolve(key + SUFFIX);
    Optional<Tensor> kept = read(file, ids.size(), progress);
    if (kept.isPresent()) {
      touch(file);
      progress.begin("embeddings kept from an earlier run", 0);
      progress.done(ids.size() + " of " + file);
      return new Embeddings(space.apply(kept.get().dim(1)), ids, kept.get());
    }
    Embeddings computed = compute.get();
    byte[] content = content(computed.values());
    try {
      AtomicFile.write(file, out -> out.write(content));
      trim(folder.get(), file);
    } catch (OutputException | IOException e) {
      progress.warn("the embeddings are not kept for later runs: " + e.getMessage());
    }
    return computed;
  }

  /**
   * Marks a file as used, by writing its first byte again: the file system knows the time. Where
   * that is not allowed it is only removed sooner.
   */
  private static void touch(Path file) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer first = ByteBuffer.allocate(1);
      if (channel.read(first, 0) == 1) {
        channel.write(first.flip(), 0);
      }
    } catch (IOException e) {
      return;
    }
  }

  private record Kept(Path file, long bytes, FileTime used) {}

  /** Removes what was not used for longest until the rest fits; the newest stays. */
  private void trim(Path folder, Path newest) throws IOException {
    List<Kept> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
        all.add(new Kept(file, Files.size(file), Files.getLastModifiedTime(file)));
      }
    } catch (NoSuchFileException e) {
      return; // Another run removes as well.
    }
    long total = all.stream().mapToLong(Kept::bytes).sum();
    all.sort(Comparator.comparing(Kept::used));
    for (Kept one : all) {
      if (total <= limit) {
        return;
      }
      if (!one.file().equals(newest)) {
        Files.deleteIfExists(one.file());
        total -= one.bytes();
      }
    }
  }

  private static Optional<Tensor> read(Path file, int rows, Progress progress) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    int head = MAGIC.length + 8;
    try {
      byte[] bytes = Files.readAllBytes(file);
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int columns = bytes.length < head + DIGEST ? 0 : in.getInt(MAGIC.length + 4);
      if (columns > 0 && bytes.length == head + 4L * rows * columns + DIGEST) {
        float[] values = new float[rows * columns];
        in.position(head).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        Tensor tensor = Tensor.wrap(values, rows, columns);
        if (Arrays.equals(bytes, content(tensor))) {
          return Optional.of(tensor);
        }
      }
    } catch (IOException e) {
      progress.warn("the cached embeddings " + file + " cannot be read and are computed anew");
      return Optional.empty();
    }
    progress.warn("the cached embeddings " + file + " are damaged and are computed anew");
    return Optional.empty();
  }

  private static byte[] content(Tensor values) {
    float[] array = values.array();
    ByteBuffer out =
        ByteBuffer.allocate(Math.addExact(MAGIC.length + 8 + DIGEST, 4 * array.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).putInt(values.dim(0)).putInt(values.dim(1));
    for (float value : array) {
      out.putFloat(value);
    }
    MessageDigest sha = Fingerprint.sha256();
    sha.update(out.array(), 0, out.position());
    return out.put(sha.digest()).array();
  }
}
