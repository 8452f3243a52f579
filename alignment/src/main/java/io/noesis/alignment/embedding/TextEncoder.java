package io.noesis.alignment.embedding;

import io.noesis.encoders.onnx.GraphFiles;
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
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Any ONNX text model as an encoder, CLIP's for example: one vector per text, or the vectors of its
 * tokens side by side. Each text runs alone, several at once, so that no text changes another's
 * vector. The caller closes it.
 */
public final class TextEncoder implements AutoCloseable {
  private final TextTower tower;
  private final TextTokenizer tokenizer;
  private final OnnxModel model;
  private final EmbeddingSpace space;

  private TextEncoder(TextTower tower, TextTokenizer tokenizer, OnnxModel model) {
    this.tower = tower;
    this.tokenizer = tokenizer;
    this.model = model;
    this.space = space(tower, width(tower, model));
  }

  /**
   * Loads a text model.
   *
   * @param tower what to load
   * @return the encoder, to be closed by the caller
   * @throws ModelException when a file is missing or damaged, or the model is not of texts
   */
  public static TextEncoder open(TextTower tower) {
    return open(tower, OnnxOptions.SINGLE_THREADED);
  }

  /**
   * Loads a text model.
   *
   * @param tower what to load
   * @param options how and where it runs
   * @return the encoder, to be closed by the caller
   * @throws ModelException when a file is missing or damaged, the model is not of texts, or the
   *     device cannot be had
   */
  public static TextEncoder open(TextTower tower, OnnxOptions options) {
    OnnxModel model = OnnxModel.open(tower.model(), options);
    TextTokenizer tokenizer = null;
    try {
      tokenizer =
          TextTokenizer.open(
              tower.tokens().folder().toString(),
              TokenizerJson.ofFolder(tower.tokens().folder()),
              tower.tokens().max());
      return new TextEncoder(tower, tokenizer, model);
    } catch (RuntimeException e) {
      model.close();
      if (tokenizer != null) {
        tokenizer.close();
      }
      throw e;
    }
  }

  /** How many numbers a text has; the axis of tokens counts where texts are filled up. */
  private static int width(TextTower tower, OnnxModel model) {
    OnnxPort output = model.output(tower.output());
    long width = output.rank() < 2 ? -1 : output.axes().get(output.rank() - 1).size();
    if (output.rank() == 3) {
      width = tower.tokens().padding().isPresent() ? width * tower.tokens().max() : -1;
    }
    if (output.rank() > 3 || width <= 0) {
      throw new ModelException(
          "loading the text model "
              + tower.model()
              + ": it gives "
              + output
              + ", expected [batch, width], or [batch, tokens, width] of texts that are filled up"
              + " to one length. Name another output, or the id to fill up with.");
    }
    return Math.toIntExact(width);
  }

  /** Where its vectors live. */
  public EmbeddingSpace space() {
    return space;
  }

  /** SHA-256 over model, tokenizer and settings. */
  public String fingerprint() {
    return fingerprint(tower, model.fingerprint(), tokenizer.fingerprint());
  }

  /**
   * The fingerprint of a model that is not loaded for it.
   *
   * @param tower what would be loaded
   * @return what {@link #fingerprint()} says once it is
   * @throws ModelException when a file of the model is missing or damaged
   */
  static String fingerprint(TextTower tower) {
    byte[] tokenizer = TokenizerJson.ofFolder(tower.tokens().folder());
    return fingerprint(
        tower,
        GraphFiles.fingerprint(tower.model()),
        HexFormat.of().formatHex(Fingerprint.sha256().digest(tokenizer)));
  }

  private static String fingerprint(TextTower tower, String model, String tokenizer) {
    return Fingerprint.ofText(
        model
            + tokenizer
            + tower.output()
            + tower.scaling()
            + tower.tokens().max()
            + tower.tokens().padding()
            + tower.pooled().orElse(""));
  }

  static EmbeddingSpace space(TextTower tower, int dim) {
    return new EmbeddingSpace(tower.name(), tower.layer(), dim, tower.scaling());
  }

  /**
   * Encodes texts.
   *
   * @param ids one id per text; unique
   * @param texts the texts
   * @param progress hears of every text
   * @return one vector per id
   */
  public Embeddings encode(List<String> ids, List<String> texts, Progress progress) {
    Check.size("texts for " + ids.size() + " ids", ids.size(), texts.size());
    float[] out = new float[Embeddings.numbers(texts.size(), space)];
    progress.begin("encoding texts with " + space.model(), texts.size());
    TokenBatch tokens = tokenizer.encode(texts);
    Parallel.forBlocks(
        texts.size(),
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            vector(tokens.row(i))
                .write(
                    space.scaling(),
                    out,
                    i * space.dim(),
                    model.source(),
                    "A model in float16 may overflow; export it in float32.");
            progress.step(1);
          }
        });
    progress.done(texts.size() + " texts");
    return new Embeddings(space, ids, Tensor.wrap(out, texts.size(), space.dim()));
  }

  private TowerVector vector(TokenBatch one) {
    TokenBatch fed =
        tower.tokens().padding().isPresent()
            ? one.padded(tower.tokens().max(), tower.tokens().padding().getAsInt())
            : one;
    Map<String, OnnxInput> inputs = new LinkedHashMap<>();
    for (OnnxPort port : model.inputs()) {
      long[] values =
          switch (port.name()) {
            case "input_ids" -> fed.ids();
            case "attention_mask" -> fed.attention();
            default ->
                throw new ModelException(
                    "running the text model "
                        + model.source()
                        + ": its graph asks for "
                        + port
                        + ", expected input_ids and attention_mask only.");
          };
      inputs.put(port.name(), OnnxInput.of(values, 1, fed.length()));
    }
    Map<String, Tensor> found =
        model.run(inputs, TowerVector.outputs(tower.output(), tower.pooled()));
    TowerVector vector = TowerVector.of(found, tower.output(), tower.pooled());
    Check.size("numbers of one text's embedding", space.dim(), vector.size());
    return vector;
  }

  /** Releases model and tokenizer; later calls do nothing. */
  @Override
  public void close() {
    model.close();
    tokenizer.close();
  }
}
