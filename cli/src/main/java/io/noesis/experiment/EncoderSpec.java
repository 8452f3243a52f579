package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.alignment.diffusion.PriorSpec;
import io.noesis.alignment.loss.LossBatch;
import io.noesis.alignment.loss.PriorLoss;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.run.Check;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What turns responses into embeddings.
 *
 * @param architecture a name of {@code noesis describe architectures}
 * @param settings its settings; missing ones take the architecture's defaults
 * @param subjects on whose trials an encoder is trained
 * @param start from where its network sets out, where it has one
 * @param training how its network is trained, where it has one; empty for the defaults
 * @param pretraining how its network first learns from responses alone; empty for not at all
 * @param prior draws embeddings given those that were decoded; empty for without
 * @param tokens into how many tokens of equal width an embedding falls, for networks and priors of
 *     tokens; 1 for a vector
 * @param heads further targets by name, to which further outputs of the network are trained; parts
 *     of the loss {@code sum} ask for them
 */
public record EncoderSpec(
    String architecture,
    JsonNode settings,
    Subjects subjects,
    Fitting.Start start,
    Optional<TrainingSpec> training,
    Optional<PretrainingSpec> pretraining,
    Optional<EncoderPriorSpec> prior,
    int tokens,
    Map<String, TargetsSpec> heads) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");

  /** Taken by what a network that starts from ridge is trained beside. */
  private static final String RESERVED = "ridge";

  /** On whose trials an encoder is trained; always on training trials of its fold. */
  public enum Subjects {
    /** Each subject's is trained on their own. */
    EACH("each subject's own trials"),
    /** One for all, trained on those of all. */
    TOGETHER("the trials of all subjects together"),
    /** Each subject's is trained on those of all others, and has never seen the subject. */
    OTHERS("the trials of all other subjects");

    private final String words;

    Subjects(String words) {
      this.words = words;
    }

    /** On whose trials, in words. */
    String words() {
      return words;
    }
  }

  /** Copies, and checks that the loss asks for the further targets that there are. */
  public EncoderSpec {
    heads = Collections.unmodifiableMap(new LinkedHashMap<>(heads));
    Check.argument(tokens >= 1, "tokens: expected at least 1, found %d", tokens);
    prior.ifPresent(spec -> requireFit(spec, tokens, training));
    Check.argument(
        heads.isEmpty() || Architectures.registry().get(architecture).trainedByGradients(),
        "heads: %s is not a network, so it has none; leave them out",
        architecture);
    requireUsed(heads, training);
  }

  private static void requireFit(
      EncoderPriorSpec spec, int tokens, Optional<TrainingSpec> training) {
    if (spec.trained() == EncoderPriorSpec.Trained.TOGETHER) {
      PriorLoss.Found<PriorLoss> found =
          inLoss(training)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "prior.trained: together with the encoder, but no part of its loss is a"
                              + " prior. Add {loss: prior, weight: 30} to the parts of"
                              + " training.loss (name: sum), or set prior.trained to apart"));
      Check.argument(
          found.target().isEmpty(),
          "prior.trained: the loss prior learns the target '%s', and what is drawn replaces the"
              + " embedding; leave its target out",
          found.target().orElse(""));
      return;
    }
    Check.argument(
        spec.form().ofTokens() == (tokens > 1),
        "prior.form: %s with tokens: %d; embeddings that fall into several tokens (encoder.tokens)"
            + " have a prior of tokens, vectors one of vectors",
        spec.form().name().toLowerCase(Locale.ROOT),
        tokens);
  }

  private static Optional<PriorLoss.Found<PriorLoss>> inLoss(Optional<TrainingSpec> training) {
    return PriorLoss.in(training.orElseGet(TrainingSpec::defaults).loss().make());
  }

  /** The settings of the prior that draws, wherever they stand. */
  Optional<PriorSpec> priorSettings() {
    return prior.map(
        spec ->
            spec.trained() == EncoderPriorSpec.Trained.APART
                ? spec.prior()
                : inLoss(training).orElseThrow().loss().prior());
  }

  /** The output of the network that the prior draws from; empty for the embedding. */
  Optional<String> priorHead() {
    return prior
        .filter(spec -> spec.trained() == EncoderPriorSpec.Trained.TOGETHER)
        .flatMap(spec -> inLoss(training).orElseThrow().head());
  }

  private static void requireUsed(Map<String, TargetsSpec> heads, Optional<TrainingSpec> training) {
    for (String name : heads.keySet()) {
      Check.argument(
          NAME.matcher(name).matches() && !name.equals(RESERVED),
          "heads: expected a name of letters, digits, '-' and '_' other than '%s', found '%s'",
          RESERVED,
          name);
    }
    List<String> asked =
        training.orElseGet(TrainingSpec::defaults).loss().make().links().stream()
            .flatMap(link -> link.target().stream())
            .toList();
    asked.forEach(name -> LossBatch.requireKnown("target", name, heads.keySet()));
    for (String name : heads.keySet()) {
      Check.argument(
          asked.contains(name),
          "heads.%s: no part of the loss has the target '%s'. Add one to training.loss (name: sum)"
              + " with head and target, or leave it out",
          name,
          name);
    }
  }

  /** Ridge with its own defaults. */
  public static EncoderSpec defaults() {
    return new EncoderSpec(
        "ridge",
        JsonNodeFactory.instance.objectNode(),
        Subjects.EACH,
        Fitting.Start.RANDOM,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1,
        Map.of());
  }

  /**
   * Embeddings as networks and priors of tokens have them.
   *
   * @param embeddings {@code [rows, dim]}, or shaped already
   * @return {@code [rows, tokens, dim / tokens]}; the same where they are vectors
   */
  Tensor shaped(Tensor embeddings) {
    if (tokens == 1) {
      return embeddings;
    }
    int rows = embeddings.dim(0);
    int dim = embeddings.size() / rows;
    if (dim % tokens != 0) {
      throw new RecipeException(
          "encoder.tokens: embeddings of "
              + dim
              + " numbers do not fall into "
              + tokens
              + " tokens of equal width. Give the number of tokens that the targets have.");
    }
    return embeddings.reshape(rows, tokens, dim / tokens);
  }

  /** Embeddings as scores and files have them, {@code [rows, dim]}. */
  static Tensor flat(Tensor embeddings) {
    int rows = embeddings.dim(0);
    return embeddings.shape().rank() == 2
        ? embeddings
        : embeddings.reshape(rows, embeddings.size() / Math.max(1, rows));
  }
}
