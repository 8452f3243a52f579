package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.run.RecipeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How well a frozen text decoder tells each word of a sentence from those before it, when it looks
 * at what the network gives in the place of its encoder's states (GLIM, arXiv:2505.17099):
 * cross-entropy, the mean over words. The right words before are given, as they are when the
 * decoder itself is trained; nothing is scored so, sentences are written freely after the training.
 * The output is {@code [tokens, width]}, the target numbers of words {@code [words]}, −1 behind the
 * end.
 *
 * @param decoder the {@code .safetensors} of a T5 of transformers, release 1.1 or Flan
 * @param start number of what stands before the first word; 0, that of every published T5, when
 *     missing
 */
public record LanguageModel(Path decoder, OptionalInt start) implements Loss {
  /** Its name in {@link Losses}. */
  static final String NAME = "language-model";

  /** Checks the number. */
  public LanguageModel {
    Check.argument(
        start.orElse(0) >= 0, "language model: expected a start of at least 0, found %s", start);
  }

  /** With the start of every published T5. */
  public static LanguageModel of(Path decoder) {
    return new LanguageModel(decoder, OptionalInt.empty());
  }

  @Override
  public Loss of(LossSizes sizes) {
    TextDecoder found = read();
    List<Integer> output = sizes.output();
    if (output.size() != 2 || output.get(1) != found.width()) {
      throw new RecipeException(
          "training.loss: the decoder "
              + decoder
              + " reads tokens of "
              + found.width()
              + " numbers, and the output has the sizes "
              + output
              + ". Name an output [tokens, "
              + found.width()
              + "] as 'head', or choose another decoder.");
    }
    int words = sizes.target().stream().reduce(1, Math::multiplyExact);
    return new Sized(found, words, start.orElse(0));
  }

  /** The sizes of the decoder, which must know the start. */
  private TextDecoder read() {
    TextDecoder found = TextDecoder.of(decoder);
    if (start.orElse(0) >= found.vocabulary()) {
      throw new RecipeException(
          "training.loss: language-model starts with word "
              + start.orElse(0)
              + ", and "
              + decoder
              + " knows "
              + found.vocabulary()
              + ". Leave start out, or give a smaller number.");
    }
    return found;
  }

  /**
   * Refuses decoders that are none, before anything is trained.
   *
   * @param loss of a training
   * @throws io.noesis.run.ModelException when a file is no decoder of this kind
   */
  public static void requireDecoders(Loss loss) {
    WeightedSum.all(loss, LanguageModel.class).forEach(found -> found.loss().read());
  }

  @Override
  public List<Path> files() {
    return List.of(decoder);
  }

  /**
   * The targets whose words a loss tells.
   *
   * @param loss of a training
   * @return names; empty for the target of the embedding
   */
  public static List<Optional<String>> targets(Loss loss) {
    return WeightedSum.all(loss, LanguageModel.class).stream()
        .map(PriorLoss.Found::target)
        .toList();
  }

  @Override
  public Value compute(Pass pass, LossBatch batch) {
    throw new IllegalStateException("language model: the loss was not told its sizes");
  }

  @Override
  public List<Link> links() {
    return List.of(new Link(Optional.empty(), Optional.empty(), Link.Sizes.ANY));
  }

  @Override
  public String describe() {
    return "words told by " + decoder.getFileName();
  }

  /**
   * The loss of sentences of a known length.
   *
   * @param decoder with its sizes
   * @param words how many a sentence has at most
   * @param start number of what stands before the first word
   */
  record Sized(TextDecoder decoder, int words, int start) implements Loss {
    private static final String DECODER = "decoder";

    @Override
    public void declare(Declaration parameters) {
      decoder.declare(parameters.in(DECODER), words);
    }

    /** What stands before each word; behind the end the start, which tells of no word. */
    private long[] before(float[] target) {
      long[] before = new long[target.length];
      for (int i = 0; i < target.length; i++) {
        if (target[i] != Math.rint(target[i])
            || target[i] < -1
            || target[i] >= decoder.vocabulary()) {
          throw new RecipeException(
              "training.loss: language-model expected numbers of the "
                  + decoder.vocabulary()
                  + " words of "
                  + decoder.file()
                  + ", or -1, found "
                  + target[i]
                  + ". Name the pack that has this decoder's tokenizer (encoder.heads).");
        }
        boolean first = i % words == 0;
        before[i] = first || target[i - 1] < 0 ? start : (long) target[i - 1];
      }
      return before;
    }

    /** The logits of each word, {@code [batch, words, vocabulary]}. */
    Value logits(Pass pass, LossBatch batch) {
      float[] target = LossBatch.flat(batch.target()).toTensor().array();
      return decoder.logits(pass.in(DECODER), batch.predicted(), before(target));
    }

    @Override
    public Value compute(Pass pass, LossBatch batch) {
      return CrossEntropy.defaults()
          .compute(pass, LossBatch.of(logits(pass, batch), LossBatch.flat(batch.target())));
    }

    @Override
    public List<Link> links() {
      return List.of(new Link(Optional.empty(), Optional.empty(), Link.Sizes.ANY));
    }

    @Override
    public String describe() {
      return "words told by " + decoder.file().getFileName();
    }
  }
}
