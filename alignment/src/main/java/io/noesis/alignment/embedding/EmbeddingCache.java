package io.noesis.alignment.embedding;

import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.run.AtomicFile;
import io.noesis.run.Fingerprint;
import io.noesis.run.OutputException;
import io.noesis.run.Progress;
import io.noesis.run.Version;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
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
  private static final int HEAD = MAGIC.length + 8;
  private static final int DIGEST = 32;

  /**
   * Numbers that are read or written at a time: all of them may be more bytes than an array has.
   */
  private static final int CHUNK = 1 << 18;

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
    try {
      AtomicFile.write(file, out -> write(out, computed.values()));
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
    try {
      Optional<Tensor> whole = whole(file, rows);
      if (whole.isPresent()) {
        return whole;
      }
    } catch (IOException e) {
      progress.warn("the cached embeddings " + file + " cannot be read and are computed anew");
      return Optional.empty();
    }
    progress.warn("the cached embeddings " + file + " are damaged and are computed anew");
    return Optional.empty();
  }

  private static Optional<Tensor> whole(Path file, int rows) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(Files.newInputStream(file), Fingerprint.sha256())) {
      byte[] start = in.readNBytes(HEAD);
      int columns = start.length < HEAD ? 0 : littleEndian(start).getInt(MAGIC.length + 4);
      if (columns <= 0
          || !Arrays.equals(start, head(rows, columns))
          || Files.size(file) != HEAD + (long) Float.BYTES * rows * columns + DIGEST) {
        return Optional.empty();
      }
      float[] values = new float[Math.multiplyExact(rows, columns)];
      for (int from = 0; from < values.length; from += CHUNK) {
        int count = Math.min(CHUNK, values.length - from);
        littleEndian(in.readNBytes(Float.BYTES * count)).asFloatBuffer().get(values, from, count);
      }
      byte[] found = in.getMessageDigest().digest();
      return Arrays.equals(found, in.readNBytes(DIGEST))
          ? Optional.of(Tensor.wrap(values, rows, columns))
          : Optional.empty();
    }
  }

  private static void write(OutputStream file, Tensor values) throws IOException {
    DigestOutputStream out = new DigestOutputStream(file, Fingerprint.sha256());
    out.write(head(values.dim(0), values.dim(1)));
    float[] array = values.array();
    for (int from = 0; from < array.length; from += CHUNK) {
      int count = Math.min(CHUNK, array.length - from);
      byte[] chunk = new byte[Float.BYTES * count];
      littleEndian(chunk).asFloatBuffer().put(array, from, count);
      out.write(chunk);
    }
    file.write(out.getMessageDigest().digest());
  }

  private static byte[] head(int rows, int columns) {
    return littleEndian(new byte[HEAD]).put(MAGIC).putInt(rows).putInt(columns).array();
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
