package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * SDXL and SDXL-Turbo (Podell et al. 2023, arXiv:2307.01952): the last but one layers of two text
 * encoders side by side, the pooled embedding of the second as {@code text_embeds}, and the
 * picture's size and crop as {@code time_ids}. From prompts, or from tokens {@code [n, 77, width]}
 * with {@code pooled} {@code [n, dim]} beside them.
 */
final class XlFamily implements Family {
  private static final String POOLED = "text_embeds";
  private static final String ALSO_POOLED = "pooled";

  private final EmbeddingSpace space;
  private final PromptEncoder first;
  private final PromptEncoder second;
  private final String firstLayer;
  private final String secondLayer;
  private final boolean zerosForEmpty;
  private final int pixels;
  private final List<Integer> pooled;

  private XlFamily(PackParts parts, EmbeddingSpace space) {
    this.pooled = Wanted.row(parts.network().require(POOLED), 0);
    this.space = space;
    this.zerosForEmpty = parts.zerosForEmptyPrompt();
    this.pixels = parts.pixels();
    OnnxModel one = parts.model("text_encoder");
    OnnxModel two = parts.model("text_encoder_2");
    this.firstLayer = lastButOne(one);
    this.secondLayer = lastButOne(two);
    this.first = PromptEncoder.open(parts.pack().file("tokenizer"), one);
    try {
      this.second = PromptEncoder.open(parts.pack().file("tokenizer_2"), two);
    } catch (RuntimeException e) {
      first.close();
      throw e;
    }
  }

  /** What the pack's embeddings are tokens of: the manifest's space is theirs. */
  static XlFamily alone(PackParts parts) {
    int width = UnetConfig.read(parts.pack()).width(parts.network());
    return new XlFamily(parts, parts.space(TextFamily.INPUT, width));
  }

  /** What reads text beside the embeddings, whose space the manifest declares. */
  static XlFamily beside(PackParts parts) {
    return new XlFamily(parts, UnetConfig.read(parts.pack()).tokens(parts));
  }

  /** Optimum exports the states of all layers, our script the one that counts. */
  private static String lastButOne(OnnxModel text) {
    List<String> layers =
        text.outputs().stream()
            .map(OnnxPort::name)
            .filter(name -> name.matches("hidden_states\\.\\d+"))
            .sorted(java.util.Comparator.comparingInt(XlFamily::layer))
            .toList();
    if (layers.isEmpty()) {
      throw new ModelException(
          "opening the text encoder "
              + text.source()
              + ": it gives "
              + text.outputs()
              + ", expected hidden_states.K of its last layer but one, which SDXL reads. Export it"
              + " with optimum or stable_diffusion_xl.py.");
    }
    return layers.size() == 1 ? layers.get(0) : layers.get(layers.size() - 2);
  }

  private static int layer(String name) {
    return Integer.parseInt(name.substring(name.indexOf('.') + 1));
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public Map<String, List<Integer>> also() {
    return Map.of(ALSO_POOLED, pooled);
  }

  @Override
  public Set<String> needs(SamplingPlan plan) {
    return Set.of(ALSO_POOLED);
  }

  @Override
  public int tokens() {
    return PromptEncoder.TOKENS;
  }

  @Override
  public Text text() {
    return Text.INSTEAD;
  }

  @Override
  public Set<String> ofEmbeddings() {
    return Set.of(ALSO_POOLED);
  }

  @Override
  public Conditioning condition(Ask ask, List<NoiseSource> noise) {
    Map<String, Tensor> given = ask.embeddings().isPresent() ? given(ask) : texts(ask.captions());
    Map<String, Tensor> without = ask.isGuided() ? without(ask, given) : given;
    return Conditioning.of(given, without).and(sizes(ask.rows()));
  }

  private Map<String, Tensor> given(Ask ask) {
    Tensor tokens = Wanted.embeddings(ask, space, 3);
    return Map.of(TextFamily.INPUT, tokens, POOLED, Wanted.also(ask, ALSO_POOLED));
  }

  private Map<String, Tensor> without(Ask ask, Map<String, Tensor> given) {
    if (!ask.negative().isEmpty() || !zerosForEmpty) {
      return texts(Collections.nCopies(ask.rows(), ask.negative()));
    }
    Map<String, Tensor> zeros = new LinkedHashMap<>();
    given.forEach((name, value) -> zeros.put(name, Tensor.zeros(value.shape().toArray())));
    return zeros;
  }

  private Map<String, Tensor> texts(List<String> prompts) {
    Tensor one = Network.only(first.encode(prompts, List.of(firstLayer)), firstLayer);
    Map<String, Tensor> two = second.encode(prompts, List.of(secondLayer, POOLED));
    return Map.of(
        TextFamily.INPUT,
        sideBySide(one, Network.only(two, secondLayer)),
        POOLED,
        Objects.requireNonNull(two.get(POOLED)));
  }

  /** {@code [n, tokens, a]} and {@code [n, tokens, b]} to {@code [n, tokens, a + b]}. */
  private static Tensor sideBySide(Tensor a, Tensor b) {
    int rows = a.dim(0) * a.dim(1);
    int wa = a.dim(2);
    int wb = b.dim(2);
    float[] out = new float[rows * (wa + wb)];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(a.array(), i * wa, out, i * (wa + wb), wa);
      System.arraycopy(b.array(), i * wb, out, i * (wa + wb) + wa, wb);
    }
    return Tensor.wrap(out, a.dim(0), a.dim(1), wa + wb);
  }

  /** Original height and width, crop from the top and left, height and width asked for. */
  private Conditioning sizes(int rows) {
    float[] ids = new float[rows * 6];
    for (int i = 0; i < rows; i++) {
      for (int place : new int[] {0, 1, 4, 5}) {
        ids[i * 6 + place] = pixels;
      }
    }
    Map<String, Tensor> all = Map.of("time_ids", Tensor.wrap(ids, rows, 6));
    return Conditioning.of(all, all);
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
