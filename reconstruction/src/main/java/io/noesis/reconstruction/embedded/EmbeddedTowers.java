package io.noesis.reconstruction.embedded;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.ImageEncoder;
import io.noesis.alignment.embedding.ImagePreprocess;
import io.noesis.alignment.embedding.ImageTower;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.embedding.ResizeFilter;
import io.noesis.alignment.embedding.TextTokenizer;
import io.noesis.alignment.embedding.TokenBatch;
import io.noesis.encoders.onnx.GraphFiles;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import io.noesis.ingest.manifest.PixelConstants;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.Check;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * The embedded towers at work: pictures and sentences become vectors of length 1 in one space, and
 * vectors of that space are read as the attributes of a drawn scene. May be used from several
 * threads, the texts from one at a time; the caller closes it.
 */
public final class EmbeddedTowers implements AutoCloseable {
  private static final String EMBEDS = "image_embeds";
  private static final String TOKENIZER = "tokenizer/tokenizer.json";

  private final ModelManifest manifest;
  private final ImageTower tower;
  private final ImageEncoder images;
  private final OnnxModel text;
  private final OnnxModel attributes;
  private final TextTokenizer tokenizer;
  private final Deque<Runnable> closing;

  private EmbeddedTowers(ModelPack pack, OnnxOptions options, Deque<Runnable> closing) {
    this.manifest = pack.manifest().orElseThrow();
    this.closing = closing;
    this.tower = imageTower(pack);
    this.images = ImageEncoder.open(tower, options);
    closing.push(images::close);
    this.text = OnnxModel.deferred(pack.graph("text").file(), options, loaded -> {});
    closing.push(text::close);
    this.attributes = OnnxModel.deferred(pack.graph("attributes").file(), options, loaded -> {});
    closing.push(attributes::close);
    this.tokenizer = TextTokenizer.open(pack.file(TOKENIZER), Integer.parseInt(fact("max-tokens")));
    closing.push(tokenizer::close);
  }

  private static ImageTower imageTower(ModelPack pack) {
    ModelManifest manifest = pack.manifest().orElseThrow();
    PixelConstants pixels = manifest.preprocessing().orElseThrow();
    return new ImageTower(
        manifest.space().orElseThrow().model(),
        pack.graph("vision").file(),
        EMBEDS,
        new ImagePreprocess(
            ImagePreprocess.Fit.CENTRE_CROP,
            ResizeFilter.BICUBIC,
            pixels.resize(),
            pixels.size(),
            pixels.mean(),
            pixels.std(),
            ImagePreprocess.ChannelOrder.RGB),
        EmbeddingSpace.Scaling.UNIT);
  }

  /**
   * The space of the towers, from their manifest; nothing is loaded.
   *
   * @return what {@link #space()} says once they are
   */
  public static EmbeddingSpace declaredSpace() {
    ModelSpace space = EmbeddedModels.manifest(EmbeddedModel.TOWERS).space().orElseThrow();
    return new EmbeddingSpace(
        space.model(), EMBEDS, space.dimension(), EmbeddingSpace.Scaling.UNIT);
  }

  /**
   * The fingerprint of the towers, which are not loaded for it.
   *
   * @param models where they are unpacked
   * @return what {@link #fingerprint()} says once they are
   */
  public static String fingerprint(EmbeddedModels models) {
    ModelPack pack = models.open(EmbeddedModel.TOWERS);
    return ImageEncoder.fingerprint(imageTower(pack))
        + GraphFiles.fingerprint(pack.graph("text").file())
        + Fingerprint.ofFile(pack.file(TOKENIZER));
  }

  /**
   * Loads the towers.
   *
   * @param models where they are unpacked
   * @return the towers, to be closed by the caller
   */
  public static EmbeddedTowers open(EmbeddedModels models) {
    return open(models, OnnxOptions.SINGLE_THREADED);
  }

  /**
   * Loads the towers.
   *
   * @param models where they are unpacked
   * @param options where they run
   * @return the towers, to be closed by the caller
   */
  public static EmbeddedTowers open(EmbeddedModels models, OnnxOptions options) {
    ModelPack pack = models.open(EmbeddedModel.TOWERS);
    Deque<Runnable> closing = new ArrayDeque<>();
    try {
      return new EmbeddedTowers(pack, options, closing);
    } catch (RuntimeException e) {
      closing.forEach(Runnable::run);
      throw e;
    }
  }

  /** Where all its vectors live; the embedded captioner and generator take vectors of it. */
  public EmbeddingSpace space() {
    return images.space();
  }

  /** The picture tower, for use where any image model is. */
  public ImageTower imageTower() {
    return tower;
  }

  /** SHA-256 over graphs and settings. */
  public String fingerprint() {
    return images.fingerprint() + text.fingerprint() + tokenizer.fingerprint();
  }

  /**
   * Encodes pictures.
   *
   * @param ids one id per picture; unique
   * @param pictures gives the picture of a row, from several threads
   * @param progress hears of every picture
   * @return one vector per id
   */
  public Embeddings pictures(
      List<String> ids, IntFunction<PixelImage> pictures, Progress progress) {
    return images.encode(ids, pictures, progress);
  }

  /**
   * Encodes sentences, each alone, so that none changes another's vector. Words that captions of
   * drawn scenes do not have count as one unknown word.
   *
   * @param sentences at least one
   * @return {@code [sentences, 128]}, rows of length 1
   */
  public Tensor sentences(List<String> sentences) {
    List<Tensor> rows = new ArrayList<>();
    for (String sentence : sentences) {
      TokenBatch tokens = tokenizer.encode(List.of(sentence));
      rows.add(
          run(
              text,
              OnnxInput.of(tokens.ids(), tokens.rows(), tokens.length()),
              "input_ids",
              "text_embeds"));
    }
    return Tensor.concatenate(rows.toArray(Tensor[]::new));
  }

  /**
   * Reads vectors as attributes, each the most likely by a linear read-out that was trained with
   * the towers. There is always an answer, also for vectors of no such scene.
   *
   * @param embeddings {@code [n, 128]} of any length above 0
   * @return for each row the value of every attribute, as {@link
   *     io.noesis.ingest.simulate.stimulus.CaptionWords} names them
   */
  public List<Map<String, String>> attributes(Tensor embeddings) {
    Check.argument(
        embeddings.shape().rank() == 2 && embeddings.dim(1) == space().dim(),
        "embeddings of %s need shape [n, %d], found %s",
        space(),
        space().dim(),
        embeddings.shape());
    Tensor logits = run(attributes, OnnxInput.of(embeddings), "embeds", "logits");
    List<Map<String, String>> out = new ArrayList<>();
    for (int row = 0; row < logits.dim(0); row++) {
      Map<String, String> values = new LinkedHashMap<>();
      int offset = row * logits.dim(1);
      for (String attribute : List.of(fact("attributes").split(",", -1))) {
        List<String> known = List.of(fact("values-of-" + attribute).split(",", -1));
        values.put(attribute, known.get(largest(logits.array(), offset, known.size())));
        offset += known.size();
      }
      out.add(values);
    }
    return out;
  }

  private static int largest(float[] values, int offset, int count) {
    int best = 0;
    for (int k = 1; k < count; k++) {
      best = values[offset + k] > values[offset + best] ? k : best;
    }
    return best;
  }

  private static Tensor run(OnnxModel model, OnnxInput input, String name, String output) {
    return Objects.requireNonNull(model.run(Map.of(name, input), List.of(output)).get(output));
  }

  private String fact(String name) {
    return Objects.requireNonNull(manifest.facts().get(name), name);
  }

  /** Releases the models; later calls do nothing. */
  @Override
  public void close() {
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
  }
}
