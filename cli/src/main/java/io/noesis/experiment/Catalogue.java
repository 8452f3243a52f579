package io.noesis.experiment;

import io.noesis.alignment.audit.Audits;
import io.noesis.alignment.diffusion.PriorPrograms;
import io.noesis.alignment.embedding.Targets;
import io.noesis.alignment.loss.Losses;
import io.noesis.alignment.score.Condition;
import io.noesis.alignment.score.Metrics;
import io.noesis.alignment.train.Augmentations;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.alignment.triple.TriplePriors;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.encoders.architecture.ForeignWeights;
import io.noesis.encoders.layer.Layers;
import io.noesis.experiment.geometry.ModelKinds;
import io.noesis.ingest.format.Formats;
import io.noesis.ingest.glm.Hrfs;
import io.noesis.ingest.manifest.DatasetManifest;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.study.SplitRules;
import io.noesis.ingest.study.layout.StudyLayouts;
import io.noesis.reconstruction.diffusion.Families;
import io.noesis.reconstruction.diffusion.Priors;
import io.noesis.reconstruction.diffusion.Profiles;
import io.noesis.reconstruction.diffusion.schedule.Schedulers;
import io.noesis.reconstruction.score.CaptionMetrics;
import io.noesis.reconstruction.score.PictureMetrics;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Registry;
import io.noesis.run.Suggest;
import io.noesis.run.YamlTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Everything that a recipe or a command can name, read from the registries themselves. */
public final class Catalogue {
  /** A kind of thing: its names with a sentence each, and more about one name. */
  private record Kind(
      String words, Supplier<Map<String, String>> names, Function<String, String> more) {}

  private static final Map<String, Kind> KINDS = kindsByName();

  private Catalogue() {}

  private static Map<String, Kind> kindsByName() {
    Map<String, Kind> kinds = new LinkedHashMap<>();
    kinds.put(
        "recipes", new Kind("experiments that ship with Noesis", Recipes::shipped, Recipes::text));
    kinds.put(
        "systems",
        new Kind(
            "published systems, what expresses each, and what of them is not here",
            PublishedSystem::titles,
            PublishedSystem::describe));
    kinds.put(
        "manifests",
        new Kind("studies that Noesis knows", Catalogue::manifests, Catalogue::manifest));
    kinds.put("formats", new Kind("files that are read", Catalogue::formats, name -> ""));
    kinds.put(
        "layouts",
        of(
            "how a study may lie in a folder",
            StudyLayouts.registry(),
            name -> settings(StudyLayouts.registry().get(name).settings())));
    kinds.put(
        "splits", of("rules that part training from test trials", SplitRules.registry(), n -> ""));
    kinds.put("hrfs", of("haemodynamic response functions", Hrfs.registry(), n -> ""));
    kinds.put(
        "targets", of("embeddings that responses are aligned with", Targets.registry(), n -> ""));
    kinds.put(
        "architectures",
        of(
            "encoders from responses to embeddings",
            Architectures.registry(),
            name -> settings(Architectures.registry().get(name).settings())));
    kinds.put(
        "models",
        of(
            "geometries that are compared with measured ones",
            ModelKinds.registry(),
            name -> settings(ModelKinds.registry().get(name).settings())));
    kinds.put(
        "losses",
        of(
            "what the training of a network makes small",
            Losses.registry(),
            name -> settings(Losses.registry().get(name).settings())));
    kinds.put(
        "augmentations",
        of(
            "what training does to responses (training.batches.augment)",
            Augmentations.registry(),
            name -> settings(Augmentations.registry().get(name))));
    kinds.put(
        "training",
        new Kind(
            "how networks are trained, every key with its default",
            () -> Map.of("keys", "all keys of encoder.training and their defaults"),
            name -> settings(TrainingSpec.class)));
    kinds.put(
        "programs",
        new Kind(
            "programs whose weights are taken over, and how their names become ours",
            Catalogue::programs,
            Catalogue::program));
    kinds.put("layers", of("what networks are composed of", Layers.registry(), Catalogue::samples));
    kinds.put(
        "triple-priors",
        of(
            "what is known of triples before they are decoded (evaluation.triples.prior)",
            TriplePriors.registry(),
            name -> settings(TriplePriors.registry().get(name).settings())));
    kinds.put("metrics", of("scores of decoded embeddings", Metrics.registry(), n -> ""));
    kinds.put(
        "picture-metrics",
        of("scores of pictures made from the brain", PictureMetrics.registry(), n -> ""));
    kinds.put(
        "caption-metrics",
        of("scores of captions made from the brain", CaptionMetrics.registry(), n -> ""));
    kinds.put(
        "conditions",
        new Kind(
            "what captions and pictures are made from, so that they can be judged",
            Catalogue::conditions,
            name -> ""));
    kinds.put(
        "captions",
        new Kind(
            "how captions are made, every key with its default",
            () -> Map.of("keys", "all keys of captions and their defaults"),
            name -> settings(CaptionsSpec.class)));
    kinds.put(
        "pictures",
        new Kind(
            "how pictures are made, every key with its default",
            () -> Map.of("keys", "all keys of pictures and their defaults"),
            name -> settings(PicturesSpec.class)));
    kinds.put(
        "samplers",
        of(
            "ways through the steps of a diffusion model",
            Schedulers.registry(),
            name -> "class " + Schedulers.registry().get(name).className() + " of diffusers"));
    kinds.put(
        "generators",
        of(
            "kinds of diffusion models that make pictures from packs",
            Families.registry(),
            Catalogue::pipeline));
    kinds.put(
        "priors",
        of(
            "kinds of diffusion priors that run from packs before a generator",
            Priors.registry(),
            name -> "kind '" + name + "' of a noesis-model.yaml"));
    kinds.put(
        "profiles",
        of(
            "how published systems run their generators, each value with its source",
            Profiles.registry(),
            name -> String.join("\n", Profiles.registry().get(name).describe())));
    kinds.put(
        "audits",
        of("checks that decide whether a result can be trusted", Audits.registry(), n -> ""));
    kinds.put(
        "recipe",
        new Kind(
            "every key of each kind of recipe with its default",
            Catalogue::recipeKinds,
            Catalogue::recipeDefaults));
    kinds.put(
        "pretraining",
        new Kind(
            "how networks learn without targets first, every key with its default",
            () -> Map.of("keys", "all keys of encoder.pretraining and their defaults"),
            name -> settings(PretrainingSpec.class)));
    kinds.put(
        "prior",
        new Kind(
            "how embeddings are drawn given decoded ones, every key with its default",
            () -> Map.of("keys", "all keys of encoder.prior and their defaults"),
            name -> settings(EncoderPriorSpec.class)));
    return kinds;
  }

  private static Map<String, String> programs() {
    Map<String, String> names = new LinkedHashMap<>();
    ForeignWeights.registry().entries().forEach(e -> names.put(e.name(), e.description()));
    PriorPrograms.registry().entries().forEach(e -> names.put(e.name(), e.description()));
    return names;
  }

  private static String program(String name) {
    List<String> lines =
        ForeignWeights.registry().names().contains(name)
            ? ForeignWeights.registry().get(name).describe()
            : PriorPrograms.registry().get(name).describe();
    return String.join("\n", lines);
  }

  private static String recipeDefaults(String kind) {
    return switch (kind) {
      case "geometry" -> recipe(GeometryRecipe.defaults(), GeometryRecipe.class);
      case "encoding" -> recipe(EncodingRecipe.defaults(), EncodingRecipe.class);
      default -> recipe(DecodingRecipe.defaults(), DecodingRecipe.class);
    };
  }

  private static String recipe(Recipe defaults, Class<? extends Record> type) {
    return defaults.resolved() + "\n" + choices(RecordBinder.choices(type));
  }

  private static String pipeline(String name) {
    String known = Families.registry().get(name).className();
    return known.isEmpty()
        ? "kind '" + name + "' of a noesis-model.yaml"
        : "class " + known + " of diffusers, or kind '" + name + "' of a noesis-model.yaml";
  }

  /** All kinds with a few words each. */
  public static Map<String, String> kinds() {
    Map<String, String> words = new LinkedHashMap<>();
    KINDS.forEach((name, kind) -> words.put(name, kind.words()));
    return words;
  }

  /**
   * The names of one kind.
   *
   * @param kind a key of {@link #kinds}
   * @return name to sentence
   * @throws RecipeException when there is no such kind
   */
  public static Map<String, String> names(String kind) {
    return kind(kind).names().get();
  }

  /**
   * One name with its settings and their defaults.
   *
   * @param kind a key of {@link #kinds}
   * @param name a key of {@link #names}
   * @return several lines
   * @throws RecipeException when there is no such kind or name
   */
  public static String detail(String kind, String name) {
    String sentence = names(kind).get(name);
    if (sentence == null) {
      throw new RecipeException(
          "describing "
              + kind
              + ": there is no '"
              + name
              + "'. "
              + Suggest.sentence(name, names(kind).keySet()));
    }
    String more = kind(kind).more().apply(name);
    return name + ": " + sentence + (more.isEmpty() ? "" : "\n\n" + more.stripTrailing());
  }

  private static Kind kind(String name) {
    Kind kind = KINDS.get(name);
    if (kind == null) {
      throw new RecipeException(
          "describing '"
              + name
              + "': there is no such kind. "
              + Suggest.sentence(name, KINDS.keySet()));
    }
    return kind;
  }

  private static <T> Kind of(String words, Registry<T> registry, Function<String, String> more) {
    return new Kind(
        words,
        () -> {
          Map<String, String> names = new LinkedHashMap<>();
          registry.entries().forEach(e -> names.put(e.name(), e.description()));
          return names;
        },
        more);
  }

  private static String samples(String layer) {
    return Layers.registry().get(layer).stream()
        .map(sample -> "for example " + sample.layer().describe() + "\n")
        .collect(Collectors.joining());
  }

  private static Map<String, String> formats() {
    Map<String, String> names = new LinkedHashMap<>();
    Formats.names().forEach(name -> names.put(name, Formats.description(name)));
    return names;
  }

  private static Map<String, String> conditions() {
    Map<String, String> names = new LinkedHashMap<>();
    for (Condition condition : Condition.values()) {
      names.put(condition.key(), condition.words());
    }
    return names;
  }

  private static Map<String, String> recipeKinds() {
    Map<String, String> names = new LinkedHashMap<>();
    for (Recipe.Kind kind : Recipe.Kind.values()) {
      names.put(kind.name().toLowerCase(Locale.ROOT), kind.words());
    }
    return names;
  }

  private static Map<String, String> manifests() {
    Map<String, String> names = new LinkedHashMap<>();
    Manifests.datasetNames().forEach(n -> names.put(n, Manifests.dataset(n).title()));
    return names;
  }

  private static String manifest(String name) {
    DatasetManifest m = Manifests.dataset(name);
    StringBuilder text = new StringBuilder(m.description());
    text.append("\nlicence: ").append(m.licence()).append("\ncite: ").append(m.citation());
    m.baselines()
        .forEach(
            b ->
                text.append("\nbaseline: ")
                    .append(b.measure())
                    .append(' ')
                    .append(b.value())
                    .append(" (chance ")
                    .append(b.chance())
                    .append("), ")
                    .append(b.method()));
    m.traps().forEach(t -> text.append("\nmind: ").append(t));
    return text.toString();
  }

  private static String settings(Class<? extends Record> type) {
    StringBuilder out = new StringBuilder("settings and defaults:\n");
    out.append(YamlTree.write(RecordBinder.defaults(type)));
    Map<String, String> absent = RecordBinder.absent(type);
    if (!absent.isEmpty()) {
      out.append("absent unless given:\n");
      absent.forEach((key, takes) -> out.append(key).append(": ").append(takes).append('\n'));
    }
    Map<String, String> choices = RecordBinder.choices(type);
    choices.keySet().removeAll(absent.keySet());
    return out + choices(choices);
  }

  private static String choices(Map<String, String> choices) {
    StringBuilder out = new StringBuilder(choices.isEmpty() ? "" : "choices:\n");
    choices.forEach((key, names) -> out.append(key).append(": ").append(names).append('\n'));
    return out.toString();
  }
}
