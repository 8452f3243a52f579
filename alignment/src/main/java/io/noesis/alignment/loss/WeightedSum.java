package io.noesis.alignment.loss;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Several losses, each with a weight, a part of the training, a head and a target: for MindEye a
 * contrastive loss of one head, mean squares of another, and a low-level latent of a third.
 *
 * @param parts what is added
 */
public record WeightedSum(List<Part> parts) implements Loss {
  /**
   * One of the losses.
   *
   * @param loss its name in {@link Losses}
   * @param settings of it; missing ones take its defaults
   * @param weight at the beginning of its part of the training; 1 when missing
   * @param lastWeight at the end of it, reached along half a cosine; as at the beginning when
   *     missing
   * @param from when it begins to count, as a part of the training; 0 when missing
   * @param to when it ends to count; 1 when missing. Its own schedules (a moving temperature) run
   *     from one to the other
   * @param head which output of the network; the embedding when missing
   * @param target which target; that of the embedding when missing
   * @param token the number of the token of an output of tokens that is looked at, from 0, and of a
   *     target that has tokens, too; all of them when missing
   * @param share a name: in each step of the training the names draw shares of 1, the softmax of
   *     normal numbers, by which the parts of each are multiplied besides their weights, as STTM
   *     does with its contrast and its prior (arXiv:2403.06361); 1 when missing
   */
  public record Part(
      String loss,
      Optional<JsonNode> settings,
      OptionalDouble weight,
      OptionalDouble lastWeight,
      OptionalDouble from,
      OptionalDouble to,
      Optional<String> head,
      Optional<String> target,
      OptionalInt token,
      Optional<String> share) {
    /** Checks that the loss can be made. */
    public Part {
      Check.argument(
          !loss.equals(Losses.SUM), "a part of a sum of losses: it cannot be a sum itself");
      double start = from.orElse(0);
      double end = to.orElse(1);
      Check.argument(
          start >= 0 && start < end && end <= 1,
          "a part of a sum of losses: expected from and to with 0 ≤ from < to ≤ 1, found %s and"
              + " %s",
          start,
          end);
      Check.argument(
          token.orElse(0) >= 0,
          "a part of a sum of losses: expected a token from 0, found %s",
          token.orElse(0));
      make(loss, settings);
    }

    /**
     * A loss that counts all the time.
     *
     * @param name in {@link Losses}
     * @param loss of that kind
     * @param weight times it
     * @return the part
     */
    public static Part of(String name, Record loss, double weight) {
      return new Part(
          name,
          Optional.of(RecordBinder.tree(loss)),
          OptionalDouble.of(weight),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty());
    }

    /** The same of one token. */
    public Part ofToken(int number) {
      return new Part(
          loss,
          settings,
          weight,
          lastWeight,
          from,
          to,
          head,
          target,
          OptionalInt.of(number),
          share);
    }

    /** The same with a share that is drawn. */
    public Part sharing(String name) {
      return new Part(
          loss, settings, weight, lastWeight, from, to, head, target, token, Optional.of(name));
    }

    /** The same of another output and target of the network; empty names the embedding. */
    public Part between(Optional<String> output, Optional<String> goal) {
      return new Part(loss, settings, weight, lastWeight, from, to, output, goal, token, share);
    }

    /** The same in one part of the training only. */
    public Part during(double start, double end) {
      return new Part(
          loss,
          settings,
          weight,
          lastWeight,
          OptionalDouble.of(start),
          OptionalDouble.of(end),
          head,
          target,
          token,
          share);
    }

    /** The same with a weight that moves. */
    public Part towards(double last) {
      return new Part(
          loss, settings, weight, OptionalDouble.of(last), from, to, head, target, token, share);
    }

    private static Loss make(String loss, Optional<JsonNode> settings) {
      return Losses.registry()
          .get(loss)
          .make(
              settings.orElseGet(JsonNodeFactory.instance::objectNode),
              "training.loss.settings.parts: " + loss);
    }

    Loss make() {
      return make(loss, settings);
    }

    private LossSizes sizes(LossSizes all) {
      LossSizes own = all.between(head, target);
      return token.isPresent() ? own.ofToken() : own;
    }

    private LossBatch seen(LossBatch batch) {
      LossBatch own = batch.between(head, target);
      return token.isPresent() ? own.ofToken(token.getAsInt()) : own;
    }

    /** The end of the training belongs to those that count until then. */
    boolean counts(double progress) {
      double end = to.orElse(1);
      return progress >= from.orElse(0) && (progress < end || end == 1);
    }

    double within(double progress) {
      double start = from.orElse(0);
      return (progress - start) / (to.orElse(1) - start);
    }

    double weightAt(double progress) {
      double first = weight.orElse(1);
      double last = lastWeight.orElse(first);
      double turn = StrictMath.cos(StrictMath.PI * within(progress));
      return last + (first - last) / 2 * (1 + turn);
    }

    String describe() {
      return weight.orElse(1)
          + (lastWeight.isPresent() ? " to " + lastWeight.getAsDouble() : "")
          + " × "
          + make().describe()
          + head.map(name -> " of " + name).orElse("")
          + target.map(name -> " with " + name).orElse("")
          + (token.isPresent() ? ", token " + token.getAsInt() : "")
          + share.map(name -> ", in the share '" + name + "'").orElse("")
          + (from.isPresent() || to.isPresent()
              ? " from " + from.orElse(0) + " to " + to.orElse(1) + " of the training"
              : "");
    }
  }

  /** Checks that there are parts, at every moment. */
  public WeightedSum {
    parts = List.copyOf(parts);
    requireShares(parts);
    List<Part> all = parts;
    for (int percent = 0; percent <= 100; percent++) {
      double progress = percent / 100.0;
      Check.argument(
          all.stream().anyMatch(part -> part.counts(progress)),
          "a sum of losses: none counts after %s of the training; expected one at every moment",
          progress);
    }
  }

  private static void requireShares(List<Part> parts) {
    Set<String> names = new TreeSet<>();
    parts.forEach(part -> part.share().ifPresent(names::add));
    Check.argument(
        names.size() != 1,
        "a sum of losses: the only share is '%s', which is always 1; name another part's, or leave"
            + " it out",
        names.stream().findFirst().orElse(""));
  }

  /** Three quarters InfoNCE, one quarter mean squares: Benchetrit's (arXiv:2310.19812). */
  public static WeightedSum defaults() {
    return new WeightedSum(
        List.of(
            Part.of("info-nce", InfoNce.defaults(), 0.75),
            Part.of("mse", MeanSquared.defaults(), 0.25)));
  }

  private Ready ready() {
    return new Ready(parts, parts.stream().map(Part::make).toList());
  }

  @Override
  public Loss of(LossSizes sizes) {
    return new Ready(parts, parts.stream().map(part -> part.make().of(part.sizes(sizes))).toList());
  }

  @Override
  public void declare(Declaration parameters) {
    ready().declare(parameters);
  }

  @Override
  public Value compute(Pass pass, LossBatch batch) {
    return ready().compute(pass, batch);
  }

  @Override
  public Value ofEmbedding(Pass pass, LossBatch batch) {
    return ready().ofEmbedding(pass, batch);
  }

  @Override
  public List<Link> links() {
    return ready().links();
  }

  @Override
  public List<Path> files() {
    return parts.stream().flatMap(part -> part.make().files().stream()).distinct().toList();
  }

  @Override
  public Optional<RowMixing> mixing(double progress) {
    return ready().mixing(progress);
  }

  @Override
  public String describe() {
    return parts.stream().map(Part::describe).collect(Collectors.joining(" + "));
  }

  /**
   * Which output is trained to be each further target; those that losses only look at, classes,
   * words and what a prior learns to draw are not among them.
   *
   * @param loss of a training
   * @return the head by the name of the target, empty for the embedding; of several that of its
   *     name, else the first
   */
  public static Map<String, Optional<String>> met(Loss loss) {
    return targets(loss, own -> own.links().contains(Link.EMBEDDING));
  }

  /** Which output tells the class that each further target is, by its largest number. */
  public static Map<String, Optional<String>> classes(Loss loss) {
    return targets(loss, CrossEntropy.class::isInstance);
  }

  private static Map<String, Optional<String>> targets(Loss loss, Predicate<Loss> which) {
    Map<String, Optional<String>> heads = new LinkedHashMap<>();
    if (loss instanceof WeightedSum sum) {
      for (Part part : sum.parts) {
        if (part.target().isPresent() && part.token().isEmpty() && which.test(part.make())) {
          heads.merge(
              part.target().get(),
              part.head(),
              (first, next) -> next.equals(part.target()) ? next : first);
        }
      }
    }
    return heads;
  }

  /** The first part of a kind, or the loss itself. */
  static <L extends Loss> Optional<PriorLoss.Found<L>> first(Loss loss, Class<L> kind) {
    return all(loss, kind).stream().findFirst();
  }

  /** All parts of a kind, or the loss itself. */
  static <L extends Loss> List<PriorLoss.Found<L>> all(Loss loss, Class<L> kind) {
    if (kind.isInstance(loss)) {
      return List.of(
          new PriorLoss.Found<>(kind.cast(loss), Optional.empty(), Optional.empty(), ""));
    }
    Ready ready =
        loss instanceof WeightedSum sum ? sum.ready() : loss instanceof Ready made ? made : null;
    if (ready == null) {
      return List.of();
    }
    return IntStream.range(0, ready.parts.size())
        .filter(i -> kind.isInstance(ready.losses.get(i)))
        .mapToObj(
            i ->
                new PriorLoss.Found<>(
                    kind.cast(ready.losses.get(i)),
                    ready.parts.get(i).head(),
                    ready.parts.get(i).target(),
                    name(i) + "."))
        .toList();
  }

  private static String name(int i) {
    return "part" + i;
  }

  /** The parts with their losses, which are made once. */
  private record Ready(List<Part> parts, List<Loss> losses) implements Loss {
    @Override
    public void declare(Declaration parameters) {
      for (int i = 0; i < parts.size(); i++) {
        losses.get(i).declare(parameters.in(name(i)));
      }
    }

    @Override
    public Value compute(Pass pass, LossBatch batch) {
      return sum(pass, batch, part -> true);
    }

    /** The parts without a head; all of them where none of these counts any more. */
    @Override
    public Value ofEmbedding(Pass pass, LossBatch batch) {
      boolean some =
          parts.stream().anyMatch(part -> part.head().isEmpty() && part.counts(batch.progress()));
      return sum(pass, batch, part -> !some || part.head().isEmpty());
    }

    @Override
    public List<Link> links() {
      return IntStream.range(0, parts.size())
          .boxed()
          .flatMap(i -> losses.get(i).links().stream().map(link -> link.of(parts.get(i))))
          .toList();
    }

    private Value sum(Pass pass, LossBatch batch, Predicate<Part> which) {
      List<Value> values = new ArrayList<>();
      Map<String, Value> shares = shares(pass);
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        if (part.counts(batch.progress()) && which.test(part)) {
          LossBatch seen = part.seen(batch).at(part.within(batch.progress()));
          Value value = losses.get(i).compute(pass.in(name(i)), seen);
          Value weighted = Ops.multiply(value, part.weightAt(batch.progress()));
          values.add(
              part.share()
                  .map(name -> Ops.multiply(weighted, Objects.requireNonNull(shares.get(name))))
                  .orElse(weighted));
        }
      }
      return values.stream().reduce(Ops::add).orElseThrow();
    }

    /** Drawn anew in training; alike elsewhere. */
    private Map<String, Value> shares(Pass pass) {
      List<String> names =
          parts.stream().flatMap(part -> part.share().stream()).distinct().sorted().toList();
      if (names.isEmpty()) {
        return Map.of();
      }
      Value drawn =
          pass.mode() == Mode.TRAINING
              ? Ops.normal(pass.random(), 0, 1, 1, names.size())
              : Value.of(Tensor.zeros(1, names.size()));
      Value all = Ops.softmax(drawn, 1);
      Map<String, Value> shares = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        shares.put(names.get(i), Ops.sum(Ops.narrow(all, 1, i, 1)));
      }
      return shares;
    }

    @Override
    public Optional<RowMixing> mixing(double progress) {
      List<RowMixing> wanted =
          IntStream.range(0, parts.size())
              .filter(i -> parts.get(i).counts(progress))
              .boxed()
              .flatMap(i -> losses.get(i).mixing(parts.get(i).within(progress)).stream())
              .distinct()
              .toList();
      if (wanted.size() > 1) {
        throw new RecipeException(
            "training.loss: two parts of the sum want rows mixed in different ways ("
                + wanted
                + "). Give both the same settings, or let one follow the other (from, to).");
      }
      return wanted.stream().findFirst();
    }

    @Override
    public String describe() {
      return parts.stream().map(Part::describe).collect(Collectors.joining(" + "));
    }
  }
}
