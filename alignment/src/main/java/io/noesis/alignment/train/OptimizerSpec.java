package io.noesis.alignment.train;

import io.noesis.encoders.torch.ParameterGroup;
import io.noesis.encoders.torch.UpdateRule;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.run.RecipeException;
import io.noesis.run.Suggest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How gradients become steps.
 *
 * @param rule the method
 * @param learningRate the largest of the schedule
 * @param weightDecay pull towards zero, per unit of learning rate
 * @param decayed which parameters are pulled
 * @param beta1 decay of the mean gradient; the momentum of {@link Rule#SGD}
 * @param beta2 decay of the mean squared gradient; not used by {@link Rule#SGD}
 * @param groups parts of the network with a rate and a decay of their own; a parameter belongs to
 *     the first that takes it
 */
public record OptimizerSpec(
    Rule rule,
    double learningRate,
    double weightDecay,
    Decayed decayed,
    double beta1,
    double beta2,
    List<Group> groups) {
  private static final double EPSILON = 1e-8;

  /**
   * A part of the network that learns at another pace.
   *
   * @param of which parameters
   * @param names where it goes by names: how the names of parameters begin, from the start or
   *     behind a dot ({@code blocks}, {@code heads.text})
   * @param rate times the learning rate
   * @param decay times the weight decay
   */
  public record Group(Of of, List<String> names, double rate, double decay) {
    /** Which parameters. */
    public enum Of {
      /** Those of which each subject has its own. */
      SUBJECTS,
      /** Those of certain names. */
      NAMES
    }

    /** Copies and checks. */
    public Group {
      names = List.copyOf(names);
      Check.argument(
          names.isEmpty() == (of == Of.SUBJECTS) && names.stream().noneMatch(String::isBlank),
          "a group of parameters: 'names' belongs to of: names, found %s with of: %s",
          names,
          of.name().toLowerCase(Locale.ROOT));
      Check.argument(
          rate >= 0 && decay >= 0 && Double.isFinite(rate) && Double.isFinite(decay),
          "a group of parameters: expected factors of at least 0, found rate %s and decay %s",
          rate,
          decay);
    }

    /** What each subject has its own of, as all others learn. */
    public static Group defaults() {
      return new Group(Of.SUBJECTS, List.of(), 1, 1);
    }

    private boolean takes(String name, Set<String> ofSubjects) {
      return of == Of.SUBJECTS
          ? ofSubjects.contains(name)
          : names.stream().anyMatch(start -> name.startsWith(start) || name.contains("." + start));
    }
  }

  /** The methods. */
  public enum Rule {
    /** Adam with decoupled weight decay. */
    ADAMW,
    /** Adam. */
    ADAM,
    /** Gradient descent with momentum. */
    SGD
  }

  /** Which parameters the weight decay pulls. */
  public enum Decayed {
    /** All. */
    ALL,
    /** Matrices and kernels, also each subject's; not biases and the scales of normalisations. */
    MATRICES
  }

  /** Checks the ranges. */
  public OptimizerSpec {
    Check.argument(
        learningRate > 0, "learning rate: expected a number above 0, found %s", learningRate);
    Check.argument(
        weightDecay >= 0, "weight decay: expected a number of at least 0, found %s", weightDecay);
    Check.argument(
        beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1,
        "betas of the optimizer: expected numbers from 0 to below 1, found %s and %s",
        beta1,
        beta2);
    groups = List.copyOf(groups);
  }

  /** All parameters at one rate. */
  public OptimizerSpec(
      Rule rule,
      double learningRate,
      double weightDecay,
      Decayed decayed,
      double beta1,
      double beta2) {
    this(rule, learningRate, weightDecay, decayed, beta1, beta2, List.of());
  }

  /** AdamW at 3e-4 with decay 0.01 of matrices: MindEye's. */
  public static OptimizerSpec defaults() {
    return new OptimizerSpec(Rule.ADAMW, 3e-4, 1e-2, Decayed.MATRICES, 0.9, 0.999);
  }

  UpdateRule updateRule() {
    return switch (rule) {
      case ADAMW -> new UpdateRule.AdamW(beta1, beta2, EPSILON);
      case ADAM -> new UpdateRule.Adam(beta1, beta2, EPSILON);
      case SGD -> new UpdateRule.Sgd(beta1);
    };
  }

  /**
   * The groups of an optimiser.
   *
   * @param parameters that learn
   * @param names of all parameters, also of those that do not learn
   * @param ofSubjects the names of those of which each subject has its own
   * @throws RecipeException when a group takes none
   */
  List<ParameterGroup> groups(
      Map<String, Value> parameters, Set<String> names, Set<String> ofSubjects) {
    for (Group group : groups) {
      if (names.stream().noneMatch(name -> group.takes(name, ofSubjects))) {
        throw new RecipeException(
            "training.optimizer.groups: "
                + (group.of() == Group.Of.SUBJECTS
                    ? "the network has no parameters of which each subject has its own. Leave the"
                        + " group out."
                    : "no parameter has a name that begins with one of "
                        + group.names()
                        + ". "
                        + Suggest.sentence(group.names().get(0), names)));
      }
    }
    Map<String, Value> left = new LinkedHashMap<>(parameters);
    List<ParameterGroup> made = new ArrayList<>();
    for (Group group : groups) {
      Map<String, Value> own = new LinkedHashMap<>(left);
      own.keySet().removeIf(name -> !group.takes(name, ofSubjects));
      left.keySet().removeAll(own.keySet());
      split(made, own, group, ofSubjects);
    }
    split(made, left, Group.defaults(), ofSubjects);
    return made;
  }

  private void split(
      List<ParameterGroup> made,
      Map<String, Value> parameters,
      Group factors,
      Set<String> ofSubjects) {
    Map<String, Value> pulled = new LinkedHashMap<>();
    Map<String, Value> free = new LinkedHashMap<>();
    parameters.forEach(
        (name, value) ->
            (pulls(value, ofSubjects.contains(name)) ? pulled : free).put(name, value));
    made.add(new ParameterGroup(pulled, factors.rate(), weightDecay * factors.decay()));
    made.add(new ParameterGroup(free, factors.rate(), 0));
  }

  /** The first axis of what each subject has its own of counts subjects: it makes no matrix. */
  private boolean pulls(Value value, boolean ofSubjects) {
    return decayed == Decayed.ALL || value.rank() > (ofSubjects ? 2 : 1);
  }
}
