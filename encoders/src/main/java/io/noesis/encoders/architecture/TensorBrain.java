package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.DecoderOptions;
import io.noesis.encoders.layer.Flatten;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.NamedOutputs;
import io.noesis.encoders.layer.SemanticDecoder;
import io.noesis.encoders.layer.SemanticDecoder.Group;
import io.noesis.encoders.layer.SemanticDecoder.Step;
import io.noesis.encoders.layer.SemanticDecoder.Window;
import io.noesis.encoders.layer.Sequence;
import java.util.List;

/**
 * The semantic decoder of the Tensor Brain (Tresp et al. 2021, arXiv:2109.13392; 2020,
 * arXiv:2001.11027) on the embedding that a backbone predicts, in the place of its features of an
 * image: a concept is read out for each slot in turn, and what was read out tells the state before
 * the next. {@code [trials, voxels]} → {@code [trials, dim]} or {@code [trials, tokens, dim]}, and
 * for each slot an output of its name, the logits of its group's concepts, which a part {@code
 * cross-entropy} of the loss {@code sum} learns. A target of the slot's name is its teacher in
 * training.
 *
 * @param backbone from voxels to the embedding
 * @param width of the state (representation layer)
 * @param hidden width of the context layer
 * @param groups of concepts; together the rows of the index
 * @param windows the schedule
 * @param options what is computed
 */
public record TensorBrain(
    ResidualMlp backbone,
    int width,
    int hidden,
    List<Group> groups,
    List<Window> windows,
    DecoderOptions options)
    implements NetworkSpec {
  static final String NAME = "tensor-brain";

  /** Copies, and checks the schedule. */
  public TensorBrain {
    groups = List.copyOf(groups);
    windows = List.copyOf(windows);
    new SemanticDecoder.Vocabulary(groups, windows);
  }

  /**
   * A state of 4096 and the order of subject, object and predicate of the paper's Algorithm 1 over
   * the classes of the Visual Relationship Detection data (Lu et al. 2016,
   * doi:10.1007/978-3-319-46448-0_51): 100 kinds of things, 70 predicates. The context layer is
   * taken as wide as the state; its published width is not known to us. Brain responses come
   * through MindEye2's backbone.
   */
  public static TensorBrain defaults() {
    String things = "entities";
    return new TensorBrain(
        ResidualMlp.mindEye2(),
        4096,
        4096,
        List.of(new Group(things, 100), new Group("predicates", 70)),
        List.of(
            Window.of(Step.INPUT),
            Window.of(Step.EVOLVE),
            Window.of(Step.INPUT),
            Window.measure("subject", things),
            Window.attend("subject"),
            Window.of(Step.EVOLVE),
            Window.of(Step.INPUT),
            Window.measure("object", things),
            Window.attend("object"),
            Window.of(Step.EVOLVE),
            Window.of(Step.INPUT),
            Window.measure("predicate", "predicates")),
        DecoderOptions.defaults());
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    SemanticDecoder.Vocabulary vocabulary = new SemanticDecoder.Vocabulary(groups, windows);
    Layer decoder =
        Sequence.builder()
            .add("flat", new Flatten())
            .add("decoder", new SemanticDecoder(sizes.dim(), width, hidden, vocabulary, options))
            .build();
    return Sequence.builder()
        .add("backbone", backbone.network(sizes))
        .add("slots", new NamedOutputs(decoder, vocabulary.sizes()))
        .build();
  }
}
