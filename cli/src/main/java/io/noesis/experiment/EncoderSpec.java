package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.alignment.diffusion.PriorSpec;
import io.noesis.alignment.loss.LanguageModel;
import io.noesis.alignment.loss.Loss;
import io.noesis.alignment.loss.LossBatch;
import io.noesis.alignment.loss.PriorLoss;
import io.noesis.alignment.loss.Projected;
import io.noesis.alignment.loss.WeightedSum;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.encoders.architecture.ForeignWeights;
import io.noesis.run.Check;
import io.noesis.run.Fingerprint;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
 * @param heads further targets by name, to which further outputs of the network, or its embedding
 *     besides its own, are trained; parts of the loss {@code sum} ask for them
 * @param inputs features of the stimulus by name that the network is told beside the response, in
 *     training and when it decodes, as its architecture asks for them ({@code first-frame}); they
 *     are made as targets are, and are not decoded. Chance and null of scores then keep them and
 *     exchange responses
 * @param rescale what is done to decoded embeddings of test rows; not to further outputs. Scores of
 *     each trial alone stand beside
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
    Map<String, TargetsSpec> heads,
    Map<String, TargetsSpec> inputs,
    Rescale rescale) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");

  /** Taken by what a network that starts from ridge is trained beside. */
  private static final String RESERVED = "ridge";

  /** Taken by other inputs and by the output of the graph. */
  private static final Set<String> OF_GRAPHS = Set.of("response", "subject", "embedding");

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
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    Check.argument(tokens >= 1, "tokens: expected at least 1, found %d", tokens);
    if (!Architectures.registry().get(architecture).trainedByGradients()) {
      requireNoTraining(architecture, training, pretraining, prior);
    }
    prior.ifPresent(spec -> requireFit(spec, tokens, training));
    Check.argument(
        heads.isEmpty() || Architectures.registry().get(architecture).trainedByGradients(),
        "heads: %s is not a network, so it has none; leave them out",
        architecture);
    pretraining
        .flatMap(PretrainingSpec::weights)
        .ifPresent(weights -> requireProgram(weights, architecture));
    requireUsed(heads, architecture, settings, training);
    requireWords(heads, training);
    requireOneMean(start, training);
    Architectures.requireStart(architecture, settings, start);
    requireTold(inputs, architecture, settings);
    Check.argument(
        rescale == Rescale.NONE || (prior.isEmpty() && inputs.isEmpty()),
        "rescale: %s; set it to none",
        prior.isPresent()
            ? "a prior draws from embeddings as they are decoded"
            : "what a network is told of the stimuli has a null that rows keep to themselves");
    Check.argument(
        inputs.isEmpty()
            || (prior.isEmpty()
                && heads.values().stream().allMatch(head -> head.attribute().isEmpty())),
        "inputs: what a network is told of the stimulus may be all that a prior or heads of"
            + " attributes go by, and no null would show it; leave these out");
  }

  /** What is fitted in one step has no use for settings of what learns in many. */
  private static void requireNoTraining(
      String architecture,
      Optional<TrainingSpec> training,
      Optional<PretrainingSpec> pretraining,
      Optional<EncoderPriorSpec> prior) {
    String why = architecture + " is not trained by gradients, so that they would change nothing";
    Check.argument(
        training.isEmpty(),
        "training: found settings, and %s; leave them out (training: null where they come with"
            + " encoder.as), or name a network",
        why);
    Check.argument(
        pretraining.isEmpty(),
        "pretraining: found settings, and %s; leave them out (pretraining: null where they come with"
            + " encoder.as), or name a network",
        why);
    Check.argument(
        prior.filter(spec -> spec.trained() == EncoderPriorSpec.Trained.TOGETHER).isEmpty(),
        "prior.trained: together with the encoder, and %s is not trained by gradients; set it to"
            + " apart, or name a network",
        architecture);
  }

  private static void requireProgram(
      PretrainingSpec.PublishedWeights weights, String architecture) {
    String theirs = ForeignWeights.registry().get(weights.program()).architecture();
    Check.argument(
        theirs.equals(architecture),
        "pretraining.weights: %s has weights of %s, and the architecture is %s; name another program"
            + " (noesis describe programs)",
        weights.program(),
        theirs,
        architecture);
  }

  private static void requireTold(
      Map<String, TargetsSpec> inputs, String architecture, JsonNode settings) {
    for (Map.Entry<String, TargetsSpec> input : inputs.entrySet()) {
      Check.argument(
          NAME.matcher(input.getKey()).matches() && !OF_GRAPHS.contains(input.getKey()),
          "inputs: expected a name of letters, digits, '-' and '_' other than %s, found '%s'",
          OF_GRAPHS.stream().sorted().toList(),
          input.getKey());
      Check.argument(
          !input.getValue().of().equals(TargetsSpec.ATTRIBUTE),
          "inputs.%s: '%s' are concepts of slots; name other features",
          input.getKey(),
          TargetsSpec.ATTRIBUTE);
      Check.argument(
          !input.getValue().draws(),
          "inputs.%s: captions: 'each' draws targets, and inputs are told as they are; take 'mean'"
              + " or 'first'",
          input.getKey());
    }
    Set<String> asked = Architectures.inputs(architecture, settings);
    Check.argument(
        asked.equals(inputs.keySet()),
        "inputs: %s must be told %s of the stimulus, found %s; name %s under encoder.inputs",
        architecture,
        asked.isEmpty() ? "nothing" : String.join(", ", asked),
        inputs.isEmpty() ? "nothing" : String.join(", ", inputs.keySet()),
        asked.isEmpty() ? "none" : "that");
  }

  /** A text decoder tells words: other numbers are none. */
  private static void requireWords(
      Map<String, TargetsSpec> heads, Optional<TrainingSpec> training) {
    for (Optional<String> told : LanguageModel.targets(loss(training))) {
      Optional<TargetsSpec> target = told.map(heads::get);
      Check.argument(
          target.filter(spec -> spec.of().equals(TargetsSpec.WORDS)).isPresent(),
          "training.loss: language-model tells words, and its target is %s; name a target of"
              + " '%s' of encoder.heads",
          told.map(name -> "'" + name + "' of '" + target.map(TargetsSpec::of).orElse("none") + "'")
              .orElse("that of the embedding"),
          TargetsSpec.WORDS);
    }
  }

  /** Ridge's embedding is trained about the mean of its own target, which others do not have. */
  private static void requireOneMean(Fitting.Start start, Optional<TrainingSpec> training) {
    List<String> others =
        loss(training).links().stream()
            .filter(link -> link.head().isEmpty())
            .flatMap(link -> link.target().stream())
            .toList();
    Check.argument(
        start == Fitting.Start.RANDOM || others.isEmpty(),
        "start: ridge decodes one target, and the loss also holds the embedding against %s; set"
            + " start to random, or give these a head (head in the parts of training.loss)",
        others);
  }

  private static Loss loss(Optional<TrainingSpec> training) {
    return training.orElseGet(TrainingSpec::defaults).loss().make();
  }

  /**
   * Which output of the network is trained to be each further target, or to tell its class.
   *
   * @return the head by the name of the target, empty for the embedding; of what a prior draws or a
   *     text decoder tells there is none
   */
  Map<String, Optional<String>> met() {
    Map<String, Optional<String>> met = new LinkedHashMap<>(WeightedSum.classes(loss(training)));
    met.putAll(WeightedSum.met(loss(training)));
    met.putAll(projected());
    return met;
  }

  /** The same of those that the loss compares behind layers of its own. */
  Map<String, Optional<String>> projected() {
    return Projected.targets(loss(training));
  }

  private static void requireFit(
      EncoderPriorSpec spec, int tokens, Optional<TrainingSpec> training) {
    if (spec.trained() == EncoderPriorSpec.Trained.TOGETHER) {
      spec.requireOnlySampling();
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
    return PriorLoss.in(loss(training));
  }

  /** SHA-256 of the files that its loss reads; empty where it reads none. */
  String lossFiles() {
    requireFiles();
    return loss(training).files().stream()
        .map(file -> "loss " + Fingerprint.ofFile(file) + "\n")
        .collect(Collectors.joining());
  }

  /**
   * Refuses files of weights that are not there, or whose first bytes say that they are others.
   *
   * @throws RecipeException when one is missing
   * @throws io.noesis.run.ModelException when a text decoder is none
   */
  void requireFiles() {
    pretraining
        .flatMap(PretrainingSpec::weights)
        .ifPresent(PretrainingSpec.PublishedWeights::requireFile);
    for (Path file : loss(training).files()) {
      if (!Files.isRegularFile(file)) {
        throw new RecipeException(
            "encoder.training.loss: there is no file "
                + file
                + ", from which the loss reads its weights. Give the path of one.");
      }
    }
    LanguageModel.requireDecoders(loss(training));
  }

  /** The heads whose targets are attributes of stimuli, by name: recipes are kept in that order. */
  List<String> slots() {
    return heads.entrySet().stream()
        .filter(head -> head.getValue().attribute().isPresent())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Whether a part of the loss trains an output of the network. */
  boolean trains(String head) {
    return loss(training).links().stream().anyMatch(link -> link.head().equals(Optional.of(head)));
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

  private static void requireUsed(
      Map<String, TargetsSpec> heads,
      String architecture,
      JsonNode settings,
      Optional<TrainingSpec> training) {
    for (String name : heads.keySet()) {
      Check.argument(
          NAME.matcher(name).matches() && !name.equals(RESERVED),
          "heads: expected a name of letters, digits, '-' and '_' other than '%s', found '%s'",
          RESERVED,
          name);
    }
    List<String> asked =
        loss(training).links().stream().flatMap(link -> link.target().stream()).toList();
    Set<String> known = new LinkedHashSet<>(heads.keySet());
    known.addAll(Architectures.targets(architecture, settings));
    asked.forEach(name -> LossBatch.requireKnown("target", name, known));
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
        Map.of(),
        Map.of(),
        Rescale.NONE);
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
