package io.noesis.alignment.embedding;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.noesis.run.Check;
import io.noesis.run.Failure;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A published tokenizer ({@code tokenizer.json}): text to token ids, special tokens added, cut to a
 * largest length, a batch padded to its longest. Works offline. The caller closes it; not to be
 * used by two threads at once.
 */
public final class TextTokenizer implements AutoCloseable {
  private final String source;
  private final HuggingFaceTokenizer tokenizer;
  private final String fingerprint;

  private TextTokenizer(String source, HuggingFaceTokenizer tokenizer, String fingerprint) {
    this.source = source;
    this.tokenizer = tokenizer;
    this.fingerprint = fingerprint;
  }

  /**
   * Loads a {@code tokenizer.json}.
   *
   * @param file the file
   * @param maxTokens longer texts are cut to that many tokens, special tokens included
   * @return the tokenizer, to be closed by the caller
   * @throws ModelException when the file is missing or no tokenizer, or the native library cannot
   *     be loaded
   */
  public static TextTokenizer open(Path file, int maxTokens) {
    try {
      return open(file.toString(), Files.readAllBytes(file), maxTokens);
    } catch (IOException e) {
      throw new ModelException(
          "loading the tokenizer "
              + file
              + ": "
              + Failure.reason(e)
              + ". Give the path of a tokenizer.json.",
          e);
    }
  }

  /**
   * Loads a tokenizer that is already in memory, for example a resource of a jar.
   *
   * @param name what to call it in messages
   * @param json the bytes of a {@code tokenizer.json}; not kept
   * @param maxTokens longer texts are cut to that many tokens, special tokens included
   * @return the tokenizer, to be closed by the caller
   * @throws ModelException as for a file
   */
  public static TextTokenizer open(String name, byte[] json, int maxTokens) {
    Check.argument(
        maxTokens > 2, "the largest number of tokens must exceed 2, found %d", maxTokens);
    NativeCache.prepare();
    // Said in full: the library otherwise ignores the padding that the file prescribes.
    Map<String, String> options =
        Map.of(
            "addSpecialTokens", "true",
            "truncation", "true",
            "maxLength", Integer.toString(maxTokens),
            "padding", "true");
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
      String digest = HexFormat.of().formatHex(Fingerprint.sha256().digest(json));
      return new TextTokenizer(name, tokenizer, digest);
    } catch (EngineException | LinkageError e) {
      throw new ModelException(
          "loading the tokenizer "
              + name
              + ": its native library cannot be loaded ("
              + rootMessage(e)
              + "). It is unpacked into "
              + NativeCache.folder()
              + "; set the environment variable DJL_CACHE_DIR to a folder that you may write to"
              + " and run code from.",
          e);
    } catch (IOException | RuntimeException e) {
      throw new ModelException(
          "loading the tokenizer "
              + name
              + ": it is no tokenizer.json ("
              + rootMessage(e)
              + "). Expected the file that comes with the model; fetch it again.",
          e);
    }
  }

  /**
   * The folder into which the tokenizer library unpacks its native code.
   *
   * @return the folder; it may not exist before a tokenizer was opened
   * @throws ModelException when no folder can be written to
   */
  public static Path libraryFolder() {
    NativeCache.prepare();
    return Path.of(NativeCache.folder());
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("no reason given");
  }

  /** SHA-256 of the {@code tokenizer.json}. */
  public String fingerprint() {
    return fingerprint;
  }

  /**
   * Turns texts into token ids.
   *
   * @param texts at least one
   * @return the ids, padded to the longest text
   */
  public TokenBatch encode(List<String> texts) {
    Check.argument(!texts.isEmpty(), "no texts to turn into tokens");
    Encoding[] encodings = tokenizer.batchEncode(texts);
    int length = encodings[0].getIds().length;
    long[] ids = new long[Math.multiplyExact(texts.size(), length)];
    long[] attention = new long[ids.length];
    long[] types = new long[ids.length];
    for (int i = 0; i < encodings.length; i++) {
      Check.size("tokens of text " + i + " by " + source, length, encodings[i].getIds().length);
      System.arraycopy(encodings[i].getIds(), 0, ids, i * length, length);
      System.arraycopy(encodings[i].getAttentionMask(), 0, attention, i * length, length);
      System.arraycopy(encodings[i].getTypeIds(), 0, types, i * length, length);
    }
    return new TokenBatch(texts.size(), length, ids, attention, types);
  }

  /**
   * The text of token ids, without special tokens.
   *
   * @param ids the ids
   * @return the text
   */
  public String decode(long[] ids) {
    return tokenizer.decode(ids, true);
  }

  /** Releases the native tokenizer; later calls do nothing. */
  @Override
  public void close() {
    tokenizer.close();
  }
}
