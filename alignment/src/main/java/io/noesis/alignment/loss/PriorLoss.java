package io.noesis.alignment.loss;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.alignment.diffusion.NoiseSchedule;
import io.noesis.alignment.diffusion.Predicts;
import io.noesis.alignment.diffusion.PriorForm;
import io.noesis.alignment.diffusion.PriorObjective;
import io.noesis.alignment.diffusion.PriorSizes;
import io.noesis.alignment.diffusion.PriorSpec;
import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The error of a diffusion prior that is trained together with the network: what the network
 * decodes is the prior's condition, and its gradient goes on into the network (Scotti et al. 2023,
 * arXiv:2305.18274, with weight 30 beside a contrastive loss). Steps, noise and rows without
 * condition are drawn for each batch; the prior's weights are the loss's own.
 *
 * @param form of embeddings, which decides the prior's network
 * @param network its settings; missing ones take the network's published values
 * @param schedule of the noise
 * @param predicts what the network finds
 * @param dropCondition part of training rows that are shown without condition
 * @param scale times which targets are; √dim of a token or vector when missing, which brings those
 *     of length 1 to a mean square of 1
 */
public record PriorLoss(
    PriorForm form,
    JsonNode network,
    NoiseSchedule schedule,
    Predicts predicts,
    double dropCondition,
    OptionalDouble scale)
    implements Loss {
  static final String NAME = "prior";

  /** Checks the settings. */
  public PriorLoss {
    new PriorSpec(schedule, predicts, form.denoiser(network, NAME), dropCondition);
    Check.argument(
        scale.isEmpty() || scale.getAsDouble() > 0,
        "the loss prior: expected a scale above 0, found %s",
        scale);
  }

  /** MindEye's course, x₀, a fifth without condition; vectors. */
  public static PriorLoss defaults() {
    PriorSpec mindEye = PriorSpec.mindEye();
    return new PriorLoss(
        PriorForm.VECTOR,
        JsonNodeFactory.instance.objectNode(),
        mindEye.schedule(),
        mindEye.predicts(),
        mindEye.dropCondition(),
        OptionalDouble.empty());
  }

  /** The settings of the prior itself. */
  public PriorSpec prior() {
    return new PriorSpec(schedule, predicts, form.denoiser(network, NAME), dropCondition);
  }

  @Override
  public Loss of(LossSizes sizes) {
    int width = sizes.target().get(sizes.target().size() - 1);
    return new Sized(
        prior(),
        new PriorSizes(axes(sizes.output()), axes(sizes.target())),
        scale.orElse(Math.sqrt(width)));
  }

  /** One for priors of vectors. */
  private List<Integer> axes(List<Integer> sizes) {
    return form.ofTokens() ? sizes : List.of(sizes.stream().reduce(1, Math::multiplyExact));
  }

  @Override
  public Value compute(Pass pass, LossBatch batch) {
    throw new IllegalStateException("the loss prior: it was not told the sizes of embeddings");
  }

  @Override
  public List<Link> links() {
    return List.of(new Link(Optional.empty(), Optional.empty(), Link.Sizes.ANY));
  }

  @Override
  public String describe() {
    return "prior " + predicts.name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * The loss of embeddings of known sizes.
   *
   * @param prior its settings
   * @param sizes of embeddings
   * @param scale times which targets are
   */
  public record Sized(PriorSpec prior, PriorSizes sizes, double scale) implements Loss {
    private static final String OBJECTIVE = "prior";

    /** How the names of the network's weights begin among those of the loss. */
    public static final String NETWORK = OBJECTIVE + ".network.";

    @Override
    public void declare(Declaration parameters) {
      parameters.inner(OBJECTIVE, new PriorObjective(prior, sizes));
    }

    @Override
    public Value compute(Pass pass, LossBatch batch) {
      Value truth = Ops.multiply(LossBatch.flat(batch.target()), scale);
      Value predicted =
          new PriorObjective(prior, sizes)
              .predicted(pass.in(OBJECTIVE), LossBatch.flat(batch.predicted()), truth);
      return Ops.mean(Ops.square(Ops.subtract(predicted, truth)));
    }

    @Override
    public List<Link> links() {
      return List.of(new Link(Optional.empty(), Optional.empty(), Link.Sizes.ANY));
    }

    @Override
    public String describe() {
      return "prior " + prior.predicts().name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * A part of a loss: a prior, a projected target.
   *
   * @param loss the part
   * @param head its output, of a prior the condition; empty for the embedding
   * @param target its target, of a prior what it learns to draw; empty for that of the embedding
   * @param names how the names of its weights begin
   * @param <L> whether its sizes are known
   */
  public record Found<L extends Loss>(
      L loss, Optional<String> head, Optional<String> target, String names) {}

  /** The prior that a loss is or has a part of; empty for none. */
  public static Optional<Found<PriorLoss>> in(Loss loss) {
    return WeightedSum.first(loss, PriorLoss.class);
  }

  /** The same of a loss that knows its sizes. */
  public static Optional<Found<Sized>> sizedIn(Loss loss) {
    return WeightedSum.first(loss, Sized.class);
  }
}
