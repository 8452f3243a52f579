package io.noesis.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.alignment.triple.Combinations;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.ingest.study.SplitRules;
import io.noesis.ingest.study.SplitSpec;
import io.noesis.run.Check;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything that may change a result of a decoding experiment.
 *
 * @param name short name; also the name of the run in reports
 * @param title one line for the report
 * @param seed root of all randomness
 * @param study which study
 * @param targets the embeddings that responses are aligned with
 * @param responses how responses are prepared
 * @param split which trials train and which test
 * @param encoder what turns responses into embeddings
 * @param also further targets of the same responses, by name: each is decoded in a run of its own
 *     below {@code also}, and pictures are made of all of them. {@code low-level} is what pictures
 *     start from or are blended with; other names are conditions of the generator, {@code text} for
 *     one, see {@code noesis describe generators}
 * @param control what is spoilt on purpose, to see that nothing is then decoded
 * @param evaluation how decoded embeddings are scored
 * @param adaptation of which run the networks are adapted; empty to train them from the beginning
 * @param captions the captions to make from what is decoded; empty for none
 * @param pictures the pictures to make from what is decoded; empty for none
 */
public record DecodingRecipe(
    String name,
    String title,
    long seed,
    StudySpec study,
    TargetsSpec targets,
    ResponseSpec responses,
    SplitSpec split,
    EncoderSpec encoder,
    Map<String, AlsoSpec> also,
    Control control,
    EvaluationSpec evaluation,
    Optional<AdaptationSpec> adaptation,
    Optional<CaptionsSpec> captions,
    Optional<PicturesSpec> pictures)
    implements Recipe {
  /** Checks the names that point into registries. */
  public DecodingRecipe {
    Check.argument(!name.isBlank(), "a recipe needs a name");
    SplitRules.registry().get(split.rule());
    Check.argument(
        !targets.of().equals(TargetsSpec.ATTRIBUTE),
        "targets.of: '%s' are the concepts of slots, which only heads have; name them in"
            + " encoder.heads and take another target here",
        TargetsSpec.ATTRIBUTE);
    Check.argument(
        !targets.of().equals(TargetsSpec.WORDS),
        "targets.of: '%s' are what a text decoder tells in training, which only heads have; name"
            + " them in encoder.heads and take another target here",
        TargetsSpec.WORDS);
    RecordBinder.bind(
        encoder.settings(),
        Architectures.registry().get(encoder.architecture()).settings(),
        "encoder.settings");
    Check.argument(
        encoder.start() == Fitting.Start.RANDOM
            || Architectures.registry().get(encoder.architecture()).trainedByGradients(),
        "encoder.start: %s is not a network, so it starts from nowhere; leave start out",
        encoder.architecture());
    Check.argument(
        encoder.start() == Fitting.Start.RANDOM
            || encoder.training().map(spec -> spec.validation().part() > 0).orElse(true),
        "encoder.start: ridge keeps of a network what held-out rows approve of, and"
            + " encoder.training.validation.part is 0; set it to 0.15, for example, or start to"
            + " random");
    Check.argument(
        responses.alignment().isEmpty() || encoder.subjects() != EncoderSpec.Subjects.EACH,
        "responses.alignment: subjects that are trained alone need none; set encoder.subjects to"
            + " together or others");
    Check.argument(
        encoder.pretraining().isEmpty() || encoder.start() == Fitting.Start.RANDOM,
        "encoder.pretraining: a network cannot set out from ridge and from what it was pretrained"
            + " on; set encoder.start to random");
    Check.argument(
        encoder.subjects() == EncoderSpec.Subjects.EACH
            || encoder.pretraining().isEmpty()
            || encoder.pretraining().get().rows() != PretrainingSpec.Rows.OTHER_SUBJECTS,
        "encoder.pretraining.rows: other-subjects pretrains the network of each subject alone; set"
            + " encoder.subjects to each, or rows to training");
    Check.argument(
        responses.voxels().isEmpty()
            || encoder.pretraining().isEmpty()
            || encoder.pretraining().get().rows() != PretrainingSpec.Rows.OTHER_STUDY,
        "responses.voxels: another study has ROIs of its own, so a network that is pretrained there"
            + " has none to begin with; leave voxels out, or pretrain on other-subjects");
    evaluation.triples().ifPresent(triples -> requireTriples(triples, encoder));
    Check.argument(
        responses.alignment().isEmpty() || evaluation.ablation().isEmpty(),
        "evaluation.ablation: subjects that are brought into one space have no regions there; leave"
            + " responses.alignment or evaluation.ablation out");
    Check.argument(
        encoder.prior().isEmpty() || adaptation.isEmpty(),
        "encoder.prior: it was trained behind other subjects' encoder; adapt without it");
    Check.argument(
        encoder.rescale() == Rescale.NONE || adaptation.isEmpty(),
        "encoder.rescale: the points of an adaptation's curve are of trials that are decoded alone;"
            + " set it to none");
    Check.argument(
        adaptation.isEmpty() || encoder.subjects() == EncoderSpec.Subjects.EACH,
        "adaptation: each new subject is adapted alone; set encoder.subjects to each");
    Check.argument(
        encoder.inputs().isEmpty() || evaluation.pool() != EvaluationSpec.Pool.LEFT_OUT,
        "evaluation.pool: left-out categories have no null for networks that are told something of"
            + " the stimulus (encoder.inputs); set it to test");
    Check.argument(
        adaptation.isEmpty() || also.isEmpty(),
        "adaptation: networks of one target are adapted, and 'also' has %s; give --set also={}, and"
            + " adapt the run in also/NAME by itself",
        also.keySet());
    captions.ifPresent(spec -> requireHead(spec, encoder));
    targets.requireDrawable(encoder);
    also = Collections.unmodifiableMap(new TreeMap<>(also));
    also.forEach(DecodingRecipe::requireFit);
    if (pictures.isPresent()) {
      pictures.get().requireLowLevel(also.containsKey(AlsoSpec.LOW_LEVEL));
      pictures.get().requireCaptions(captions, seed);
    }
  }

  private static void requireTriples(TriplesSpec triples, EncoderSpec encoder) {
    Check.argument(
        encoder.slots().containsAll(triples.slots()),
        "evaluation.triples.slots: found %s, and the heads whose targets are attributes are %s;"
            + " name three of these",
        triples.slots(),
        encoder.slots());
    Combinations.of(
        triples.slots().stream()
            .map(slot -> Objects.requireNonNull(encoder.heads().get(slot)))
            .map(head -> head.attribute().orElseThrow().concepts())
            .toList());
  }

  private static void requireHead(CaptionsSpec captions, EncoderSpec encoder) {
    captions
        .head()
        .ifPresent(
            head ->
                Check.argument(
                    encoder.trains(head),
                    "captions.head: no part of the loss trains the output '%s', so it says nothing;"
                        + " add one with head: %s to encoder.training.loss (name: sum)",
                    head,
                    head));
    captions
        .truth()
        .ifPresent(
            truth ->
                Check.argument(
                    encoder.heads().containsKey(truth) && !encoder.slots().contains(truth),
                    "captions.truth: found '%s', and encoder.heads has %s; name one of these with as"
                        + " many numbers as the output captions.head",
                    truth,
                    encoder.heads().keySet()));
  }

  private static void requireFit(String name, AlsoSpec spec) {
    Check.argument(
        name.matches("[a-z][a-z0-9_-]*"),
        "also: '%s' is no name; expected lower-case letters, digits, - and _, for example %s",
        name,
        AlsoSpec.LOW_LEVEL);
    Check.argument(
        !name.equals(AlsoSpec.LOW_LEVEL) || spec.targets().latent(),
        "also.%s.targets: low-level targets are latents of an autoencoder, found of: '%s'; set of:"
            + " latent and pack: embedded, or another pack",
        name,
        spec.targets().of());
    Check.argument(
        spec.targets().unit() == TargetUnit.STIMULUS,
        "also.%s.targets: a further target stands for a stimulus, those of '%s' for categories",
        name,
        spec.targets().of());
  }

  /**
   * The recipe by which a further target is decoded: all the same but for target, encoder and
   * voxels.
   */
  DecodingRecipe also(String key) {
    AlsoSpec spec = Objects.requireNonNull(also.get(key), key);
    try {
      return new DecodingRecipe(
          name + "-" + key,
          title + ": " + key,
          seed,
          study,
          spec.targets(),
          spec.voxels().map(responses::with).orElse(responses),
          split,
          spec.encoder().orElseThrow(),
          Map.of(),
          control,
          evaluation,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    } catch (IllegalArgumentException | RecipeException e) {
      throw new RecipeException("reading also." + key + ": " + e.getMessage(), e);
    }
  }

  /** Ridge to captions of a study that must be named. */
  public static DecodingRecipe defaults() {
    return new DecodingRecipe(
        "decoding",
        "Decoding of embeddings",
        0,
        StudySpec.defaults(),
        TargetsSpec.defaults(),
        ResponseSpec.defaults(),
        SplitSpec.defaults(),
        EncoderSpec.defaults(),
        Map.of(),
        Control.NONE,
        EvaluationSpec.defaults(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Binds a tree; every problem is reported at once.
   *
   * @param tree as read from YAML, with overrides applied
   * @return the recipe
   * @throws io.noesis.run.RecipeException when anything in it is unknown or out of range, or it is
   *     of another kind
   */
  public static DecodingRecipe of(ObjectNode tree) {
    DecodingRecipe recipe = RecipeTree.bind(tree, Kind.DECODING, DecodingRecipe.class);
    recipe.also().keySet().forEach(recipe::also);
    return recipe;
  }

  @Override
  public Kind kind() {
    return Kind.DECODING;
  }
}
