package io.noesis.alignment.embedding;

import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.run.AtomicFile;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps embeddings between runs in a folder, one file per set of inputs, named by the SHA-256 of
 * the model and the inputs. A file that is damaged is computed anew, with a warning. File: the
 * ASCII line {@code NOESIS-EMBEDDINGS-1}, rows and columns as little-endian int32, the float32
 * values, and the SHA-256 of all bytes before it.
 */
public final class EmbeddingCache {
  private static final byte[] MAGIC = "NOESIS-EMBEDDINGS-1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGEST = 32;

  private final Optional<Path> folder;

  private EmbeddingCache(Optional<Path> folder) {
    this.folder = folder;
  }

  /**
   * A cache in a folder, or none.
   *
   * @param folder made when first written to
   * @return the cache; without a folder it computes every time
   */
  public static EmbeddingCache of(Optional<Path> folder) {
    return new EmbeddingCache(folder);
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
    for (String content : contents) {
      text.append('\n').append(Fingerprint.ofText(content));
    }
    return Fingerprint.ofText(text.toString());
  }

  /**
   * The embeddings of that key, from the folder or computed and then kept.
   *
   * @param key see {@link #key}
   * @param space where they live
   * @param ids one id per row
   * @param progress hears of a damaged file
   * @param compute computes them
   * @return the embeddings
   * @throws io.noesis.run.OutputException when the folder cannot be written to
   */
  public Embeddings get(
      String key,
      EmbeddingSpace space,
      List<String> ids,
      Progress progress,
      Supplier<Embeddings> compute) {
    if (folder.isEmpty()) {
      return compute.get();
    }
    Path file = folder.get().resolve(key + ".embeddings");
    Optional<Tensor> kept = read(file, ids.size(), space.dim(), progress);
    if (kept.isPresent()) {
      return new Embeddings(space, ids, kept.get());
    }
    Embeddings computed = compute.get();
    byte[] content = content(computed.values());
    AtomicFile.write(file, out -> out.write(content));
    return computed;
  }

  private static Optional<Tensor> read(Path file, int rows, int columns, Progress progress) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    long expected = MAGIC.length + 8L + 4L * rows * columns + DIGEST;
    try {
      if (Files.size(file) == expected) {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length - DIGEST;
        float[] values = new float[rows * columns];
        ByteBuffer.wrap(bytes, MAGIC.length + 8, end - MAGIC.length - 8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .get(values);
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
