package io.noesis.encoders.architecture;

import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Heads;
import io.noesis.encoders.layer.Identity;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.Silu;
import io.noesis.run.Check;
import java.util.List;
import java.util.Optional;

/**
 * A further output of a network, made from the last vector that its backbone gives: layer norm, a
 * hidden layer, SiLU, dropout and a linear map; without a hidden layer the linear map alone; or a
 * latent through the decoder of an autoencoder.
 *
 * @param name of the output, for losses, targets and the graph
 * @param hidden width between; 0 for a linear map alone
 * @param dropout rate behind the hidden layer
 * @param sizes of the output's axes but the batch: those of its target
 * @param upsampled the decoder behind it; then there is no hidden layer, and the rate is that
 *     before the decoder
 */
public record HeadSpec(
    String name, int hidden, double dropout, List<Integer> sizes, Optional<Upsampling> upsampled) {
  /** Copies and checks. */
  public HeadSpec {
    sizes = List.copyOf(sizes);
    Check.argument(
        !name.isBlank()
            && hidden >= 0
            && !sizes.isEmpty()
            && sizes.stream().allMatch(size -> size > 0),
        "a head of a network: expected a name, a hidden width of at least 0 and sizes of at least 1,"
            + " found '%s', %d, %s",
        name,
        hidden,
        sizes);
    Check.argument(
        hidden == 0 || upsampled.isEmpty(),
        "the head '%s': a latent that is upsampled has no hidden layer; set hidden to 0",
        name);
  }

  /**
   * One that ends in a linear map.
   *
   * @param name of the output
   * @param hidden width between; 0 for a linear map alone
   * @param dropout rate behind the hidden layer
   * @param sizes of the output's axes but the batch
   */
  public HeadSpec(String name, int hidden, double dropout, List<Integer> sizes) {
    this(name, hidden, dropout, sizes, Optional.empty());
  }

  private Layer layer(int width) {
    if (upsampled.isPresent()) {
      return upsampled.get().layer(name, width, Bias.WITH, dropout, sizes);
    }
    int size = sizes.stream().reduce(1, Math::multiplyExact);
    Sequence.Builder layers = Sequence.builder();
    if (hidden > 0) {
      layers
          .add("norm", LayerNorm.of(width))
          .add("linear", Linear.of(width, hidden))
          .add("activation", new Silu())
          .add("dropout", new Dropout(dropout));
    }
    return layers
        .add("out", Linear.of(hidden > 0 ? hidden : width, size))
        .add("sizes", new Reshape(sizes))
        .build();
  }

  /** The head on a vector of that width. */
  Heads.Head on(int width) {
    return new Heads.Head(name, layer(width), sizes);
  }

  /** Puts heads behind a network of vectors, which it gives on; nothing where there are none. */
  static void behind(Sequence.Builder network, int width, List<HeadSpec> heads) {
    if (!heads.isEmpty()) {
      network.add(
          "heads", new Heads(new Identity(), heads.stream().map(head -> head.on(width)).toList()));
    }
  }
}
