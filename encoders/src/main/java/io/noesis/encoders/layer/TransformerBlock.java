package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * Attention of tokens to each other, to a context, or to both in turn, then a feed-forward network,
 * each as a residual branch with its norm (Vaswani et al. 2017, arXiv:1706.03762). {@code [batch,
 * tokens, width]} → the same; parameters under {@code self}, {@code cross} and {@code mlp}.
 *
 * @param attentions at most one to the input and one to the context, in their order
 * @param feedForward at the end
 * @param style of all branches
 */
public record TransformerBlock(
    List<Attention> attentions, FeedForward feedForward, NormedResidual.Style style)
    implements Layer {
  /** Checks that the widths agree. */
  public TransformerBlock {
    attentions = List.copyOf(attentions);
    long sources = attentions.stream().map(Attention::source).distinct().count();
    Check.argument(
        !attentions.isEmpty() && sources == attentions.size(),
        "transformer block: expected attention to the input, to the context, or to each once, found"
            + " %d attentions to %d sources",
        attentions.size(),
        sources);
    for (Attention attention : attentions) {
      Check.size("width of attention in a block", feedForward.width(), attention.width());
    }
  }

  /** A block of self-attention. */
  public static TransformerBlock of(
      Attention attention, FeedForward feedForward, NormedResidual.Style style) {
    return new TransformerBlock(List.of(attention), feedForward, style);
  }

  private Layer steps() {
    int width = feedForward.width();
    Sequence.Builder steps = Sequence.builder();
    for (Attention attention : attentions) {
      String name = attention.source() == Attention.Source.INPUT ? "self" : "cross";
      steps.add(name, new NormedResidual(attention, width, style));
    }
    return steps.add("mlp", new NormedResidual(feedForward, width, style)).build();
  }

  @Override
  public void declare(Declaration parameters) {
    steps().declare(parameters);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    return steps().forward(pass, input);
  }

  @Override
  public String emit(Emission graph, String input) {
    return steps().emit(graph, input);
  }

  @Override
  public String describe() {
    return "block of " + steps().describe();
  }
}
