package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Versatile Diffusion, guided by image and text (Xu et al. 2023, arXiv:2211.08332): 77 text tokens,
 * then 257 image tokens, and the scalar {@code mix_ratio}, the share of the text. The request's
 * embeddings are the image tokens, {@code text} may come beside them; without it the empty text's
 * tokens fill its place and the share is 0. Unconditional: the empty text, and the picture that
 * diffusers' pipeline takes, or with the setting {@code black} 1 a black one, as Brain-Diffuser
 * does. With {@code class-token} 1 the image tokens are divided by the length of the first of them
 * plus 1e-6, as MindEye 1 does with what its prior drew (Scotti et al. 2023, arXiv:2305.18274;
 * src/utils.py of its authors): a class token's length is 1 in the space that the network knows.
 */
final class VersatileFamily implements Family {
  private static final String RATIO = "mix_ratio";
  private static final String SETTING = "mix";
  private static final String CLASS_TOKEN = "class-token";
  private static final String TEXT = "text";
  private static final String BLACK = "black";
  private static final int TEXT_TOKENS = 77;
  private static final int IMAGE_TOKENS = 257;

  private final EmbeddingSpace space;
  private final Tensor withoutText;
  private final Tensor withoutImage;
  private final Supplier<Tensor> black;

  VersatileFamily(PackParts parts) {
    parts.network().require(RATIO);
    this.space = parts.space(TextFamily.INPUT);
    this.withoutText = parts.unconditional(TEXT, TEXT_TOKENS, space.dim());
    this.withoutImage = parts.unconditional("image", IMAGE_TOKENS, space.dim());
    this.black = () -> parts.unconditional(BLACK, IMAGE_TOKENS, space.dim());
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public Map<String, List<Integer>> also() {
    return Map.of(TEXT, List.of(TEXT_TOKENS, space.dim()));
  }

  @Override
  public Set<String> needs(SamplingPlan plan) {
    return plan.setting(SETTING, 0) > 0 ? Set.of(TEXT) : Set.of();
  }

  @Override
  public int tokens() {
    return IMAGE_TOKENS;
  }

  @Override
  public Set<String> settings() {
    return Set.of(SETTING, BLACK, CLASS_TOKEN);
  }

  private Tensor unseen(SamplingPlan plan) {
    double setting = plan.setting(BLACK, 0);
    if (setting != 0 && setting != 1) {
      throw new RecipeException(
          "generating pictures: black is "
              + setting
              + ", expected 0 (the unconditional picture of diffusers) or 1 (a black one).");
    }
    return setting == 1 ? black.get() : withoutImage;
  }

  @Override
  public Conditioning condition(Ask ask, List<NoiseSource> noise) {
    Tensor image = image(ask);
    boolean texts = ask.also().containsKey(TEXT);
    double mix = ask.plan().setting(SETTING, texts ? 0.5 : 0);
    if (mix < 0 || mix > 1 || (mix > 0 && !texts)) {
      throw new RecipeException(
          "generating pictures: a mix of "
              + mix
              + (texts
                  ? ", expected 0 (image alone) to 1 (text alone)."
                  : " without text tokens. Give the condition 'text', or set mix to 0."));
    }
    Tensor empty = Wanted.repeated(withoutText, ask.rows());
    Tensor text = texts ? Wanted.also(ask, TEXT) : empty;
    if (!text.shape().equals(empty.shape()) || image.dim(1) != IMAGE_TOKENS) {
      throw new RecipeException(
          "generating pictures from image tokens "
              + image.shape()
              + " and text tokens "
              + text.shape()
              + ": expected [n, 257, "
              + space.dim()
              + "] and [n, 77, "
              + space.dim()
              + "].");
    }
    return new Conditioning(
        Map.of(TextFamily.INPUT, joined(text, image)),
        Map.of(TextFamily.INPUT, joined(empty, Wanted.repeated(unseen(ask.plan()), ask.rows()))),
        Map.of(RATIO, Tensor.wrap(new float[] {(float) mix}, new int[0])));
  }

  private Tensor image(Ask ask) {
    Tensor image = Wanted.embeddings(ask, space, 3);
    double divided = ask.plan().setting(CLASS_TOKEN, 0);
    if (divided != 0 && divided != 1) {
      throw new RecipeException(
          "generating pictures: class-token "
              + divided
              + ", expected 1 to divide image tokens by the length of the first, or 0.");
    }
    return divided == 1 ? FirstToken.divided(image) : image;
  }

  /** {@code [n, a, width]} and {@code [n, b, width]} to {@code [n, a + b, width]}. */
  private static Tensor joined(Tensor a, Tensor b) {
    int rows = a.dim(0);
    int wa = a.size() / rows;
    int wb = b.size() / rows;
    float[] out = new float[rows * (wa + wb)];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(a.array(), i * wa, out, i * (wa + wb), wa);
      System.arraycopy(b.array(), i * wb, out, i * (wa + wb) + wa, wb);
    }
    return Tensor.wrap(out, rows, a.dim(1) + b.dim(1), a.dim(2));
  }
}
