package io.noesis.experiment;

import io.noesis.alignment.embedding.ArrayTargets;
import io.noesis.alignment.embedding.CaptionChoice;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.ImageTower;
import io.noesis.alignment.embedding.LatentTower;
import io.noesis.alignment.embedding.Prompts;
import io.noesis.alignment.embedding.TargetAttribute;
import io.noesis.alignment.embedding.TargetSpec;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.alignment.embedding.TargetWords;
import io.noesis.alignment.embedding.Targets;
import io.noesis.alignment.embedding.TextTower;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxProvider;
import io.noesis.ingest.study.Study;
import io.noesis.reconstruction.diffusion.LatentPictures;
import io.noesis.reconstruction.embedded.EmbeddedModel;
import io.noesis.reconstruction.embedded.EmbeddedModels;
import io.noesis.reconstruction.pack.ModelFolder;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.Towers;
import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The embeddings that brain responses are aligned with.
 *
 * @param of a name of {@code noesis describe targets}: array, attribute, caption, category, flow,
 *     image, latent, text, words; or {@value #GIVEN} for the embeddings that the study brings along
 * @param templates for categories: sentences with {@code {}} for the name, their embeddings
 *     averaged
 * @param names the words that stand for a category's label in those sentences
 * @param image for pictures: the ONNX model and what it expects
 * @param pack for pictures, texts and latents: a model pack of {@code noesis models}, by name or
 *     folder, in the place of {@code image}; {@value #EMBEDDED} for the towers that ship with
 *     Noesis: pictures and captions in the one space that the captioner and generator on board
 *     take, and the generator's autoencoder
 * @param output the output of the pack's graph, for example its tokens; without it the pooled one
 * @param pixels for latents: side of the pictures that the autoencoder is shown, a multiple of a
 *     latent's; the pack's own where absent
 * @param scaling what is done to the length of the pack's vectors: raw, unit (length 1), or of
 *     tokens pooled (divided by the length of the pooled vector, as Versatile Diffusion wants
 *     them); what the pack says where absent
 * @param device where the image or text model runs: cpu, cuda, tensorrt, coreml, directml, with
 *     {@code :n} for another card than the first
 * @param attribute for targets of that kind, which only heads have: a {@code column} of the
 *     stimulus table and its words, the {@code concepts}
 * @param file for targets of 'array' and 'flow': {@code NAME.npy}, {@code [stimuli, ...]} or {@code
 *     [stimuli, places, 2]}, with {@code NAME.tsv} beside it that has the ids; relative to the
 *     study's folder
 * @param words for targets of that kind, which only heads have: how many words of the pack's
 *     tokenizer a target has at most, its end included
 * @param captions for caption, text and words of stimuli with several captions: first, mean (of
 *     their embeddings; brought back to length 1 in a space of unit vectors), or each (networks
 *     meet one, drawn anew for each trial at every step; everywhere else the mean stands for them,
 *     of words the first); the first where absent
 */
public record TargetsSpec(
    String of,
    List<String> templates,
    Map<String, String> names,
    Optional<ImageTower> image,
    Optional<String> pack,
    Optional<String> output,
    OptionalInt pixels,
    Optional<EmbeddingSpace.Scaling> scaling,
    String device,
    Optional<TargetAttribute> attribute,
    Optional<Path> file,
    OptionalInt words,
    Optional<CaptionChoice> captions) {
  /** Targets that the study brings along. */
  public static final String GIVEN = "given";

  /** The pack that ships with Noesis. */
  public static final String EMBEDDED = "embedded";

  /** Latents of pictures. */
  static final String LATENT = "latent";

  /** What the stimulus table says, one-hot. */
  static final String ATTRIBUTE = "attribute";

  /** Numbers of words. */
  static final String WORDS = "words";

  private static final List<String> OF_FILES = List.of("array", "flow");

  private static final List<String> OF_CAPTIONS = List.of("caption", "text", WORDS);

  private static final List<String> OF_PACKS = List.of("image", "text", LATENT, WORDS);

  /** Copies the collections and checks that they belong together. */
  public TargetsSpec {
    Check.argument(
        pack.isEmpty() || image.isEmpty(),
        "both 'targets.image' and 'targets.pack' are given. Leave one out.");
    Check.argument(
        !pack.equals(Optional.of(EMBEDDED)) || List.of("image", "caption", LATENT).contains(of),
        "pack: the embedded models embed images and captions and have latents, not '%s'",
        of);
    Check.argument(
        pack.isEmpty() || pack.get().equals(EMBEDDED) || OF_PACKS.contains(of),
        "pack: a pack's models embed 'image' or 'text' or give 'latent', found of: '%s'; leave pack"
            + " out, or name one of these",
        of);
    Check.argument(
        output.isEmpty() || (pack.isPresent() && !pack.get().equals(EMBEDDED)),
        "output: it names an output of a pack's graph, and no pack is given");
    Check.argument(
        output.isEmpty() || !of.equals(LATENT),
        "output: an autoencoder has one; leave it out for targets of 'latent'");
    Check.argument(
        !of.equals(LATENT) || pack.isPresent(),
        "pack: targets of 'latent' are of a pack's autoencoder; name the pack, for example embedded");
    Check.argument(
        pixels.isEmpty() || (of.equals(LATENT) && pixels.getAsInt() > 0),
        "pixels: it is the size, above 0, of pictures whose 'latent' is taken, found %s and targets"
            + " of '%s'",
        pixels.isPresent() ? pixels.getAsInt() : "none",
        of);
    Check.argument(
        scaling.isEmpty()
            || (!of.equals(LATENT) && pack.isPresent() && !pack.get().equals(EMBEDDED)),
        "scaling: it says what is done to the vectors of a pack's towers, and none is given");
    Check.argument(
        new OnnxOptions(1).on(device).provider() == OnnxProvider.CPU
            || pack.isPresent()
            || image.isPresent(),
        "device: found '%s', and targets of '%s' need no image or text model that could run there;"
            + " leave device out",
        device,
        of);
    Check.argument(
        attribute.isPresent() == of.equals(ATTRIBUTE),
        "attribute: targets of 'attribute' name a column of the stimulus table, others none; found"
            + " %s and targets of '%s'",
        attribute.map(TargetAttribute::column).orElse("none"),
        of);
    Check.argument(
        file.isPresent() == OF_FILES.contains(of),
        "file: targets of 'array' and 'flow' name one, others none; found %s and targets of '%s'",
        file.map(Path::toString).orElse("none"),
        of);
    Check.argument(
        of.equals(WORDS) == words.isPresent() && (!of.equals(WORDS) || pack.isPresent()),
        "words: targets of 'words' say how many, and name the pack whose tokenizer counts them,"
            + " others do not; found %s and targets of '%s'",
        words.isPresent() ? words.getAsInt() : "none",
        of);
    Check.argument(
        captions.isEmpty() || OF_CAPTIONS.contains(of),
        "captions: they are chosen for targets of 'caption', 'text' and 'words', found '%s'; leave"
            + " captions out",
        of);
    Check.argument(
        !captions.equals(Optional.of(CaptionChoice.MEAN)) || !of.equals(WORDS),
        "captions: numbers of words have no mean; take 'first' or 'each'");
    templates = List.copyOf(templates);
    names = Map.copyOf(names);
  }

  /** Captions. */
  public static TargetsSpec defaults() {
    return new TargetsSpec(
        "caption",
        Prompts.TEMPLATES,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        "cpu",
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty());
  }

  /**
   * Refuses captions drawn at every step where nothing is trained by steps, and on top of ridge.
   */
  void requireDrawable(EncoderSpec encoder) {
    Check.argument(
        !draws() || Architectures.registry().get(encoder.architecture()).trainedByGradients(),
        "targets.captions: 'each' draws one at every step of a network's training, and %s is no"
            + " network; take 'mean' or 'first'",
        encoder.architecture());
    Check.argument(
        !draws() || encoder.start() == Fitting.Start.RANDOM,
        "targets.captions: ridge is fitted to one target of each trial, and a network on top of it"
            + " is trained about that one's mean; take 'mean' or 'first', or set encoder.start to"
            + " random");
  }

  /** Whether a network meets another caption of a stimulus at every step. */
  boolean draws() {
    return choice() == CaptionChoice.EACH;
  }

  /** Which of several captions stand for a stimulus where none is drawn, in words. */
  String captionWords() {
    return draws() && of.equals(WORDS)
        ? "one caption of each stimulus, drawn at every step, in training; elsewhere the first"
        : choice().words();
  }

  /** Whether the targets are made of captions. */
  boolean ofCaptions() {
    return OF_CAPTIONS.contains(of);
  }

  /** Which of several captions count. */
  CaptionChoice choice() {
    return captions.orElse(CaptionChoice.FIRST);
  }

  /** Whether the targets are of the towers that ship with Noesis. */
  boolean embedded() {
    return pack.equals(Optional.of(EMBEDDED)) && !latent();
  }

  /** Whether the targets are latents of an autoencoder. */
  boolean latent() {
    return of.equals(LATENT);
  }

  /** How image and text models are run. */
  OnnxOptions graphs() {
    return new OnnxOptions(1).on(device);
  }

  /** Whether the study brings its embeddings along. */
  boolean given() {
    return of.equals(GIVEN);
  }

  /** Whether the study brings numbers of its own stimuli along: another study's are others. */
  boolean broughtAlong() {
    return given() || file.isPresent();
  }

  /** What has a target of its own. */
  TargetUnit unit() {
    return given() ? TargetUnit.STIMULUS : Targets.registry().get(of).unit();
  }

  /**
   * What the extractors are told; a pack is looked up in the folder of the packs.
   *
   * @param places where packs and caches are
   * @param study the study's folder; files are relative to it
   */
  TargetSpec forExtractors(ModelPlaces places, Optional<Path> study) {
    return extractors(places, study).with(choice());
  }

  private TargetSpec extractors(ModelPlaces places, Optional<Path> study) {
    if (attribute.isPresent()) {
      return TargetSpec.DEFAULT.with(attribute.get());
    }
    if (file.isPresent()) {
      return TargetSpec.DEFAULT.with(fileIn(study).orElseThrow());
    }
    if (words.isPresent()) {
      return TargetSpec.DEFAULT.with(
          new TargetWords(
              places.packs().open(pack.orElseThrow()).file("tokenizer"), words.getAsInt()));
    }
    if (pack.isEmpty() || embedded()) {
      return new TargetSpec(templates, names, image, Optional.empty(), places.cache(), graphs());
    }
    if (latent()) {
      LatentTower latents = LatentPictures.tower(autoencoder(places.packs()), pixels);
      return new TargetSpec(
          templates,
          names,
          Optional.empty(),
          Optional.empty(),
          Optional.of(latents),
          places.cache(),
          graphs());
    }
    ModelPack found = places.packs().open(pack.get());
    Optional<ImageTower> pictures =
        of.equals("image") ? Optional.of(Towers.image(found, output, scaling)) : Optional.empty();
    Optional<TextTower> texts =
        of.equals("text") ? Optional.of(Towers.text(found, output, scaling)) : Optional.empty();
    return new TargetSpec(templates, names, pictures, texts, places.cache(), graphs());
  }

  /** The file of numbers that it names, if it does; relative to the study's folder. */
  Optional<Path> fileIn(Optional<Path> study) {
    return file.map(name -> study.map(folder -> folder.resolve(name)).orElse(name));
  }

  /** What of the identity of a run the files are that its targets name; empty where none do. */
  static String files(Collection<TargetsSpec> specs, Study study) {
    return specs.stream()
        .flatMap(spec -> spec.fileIn(study.folder()).stream())
        .map(file -> "file " + ArrayTargets.fingerprint(file) + "\n")
        .collect(Collectors.joining());
  }

  /** The pack whose autoencoder gives the latents. */
  ModelPack autoencoder(ModelFolder packs) {
    String name = pack.orElseThrow();
    return name.equals(EMBEDDED)
        ? EmbeddedModels.usual().open(EmbeddedModel.GENERATOR)
        : packs.open(name);
  }

  /**
   * The image model that sees pictures as the targets were made: of a pack of texts its image
   * model, where it has one.
   *
   * @param packs where packs are looked up
   * @return the model; empty where targets come from no image model
   */
  Optional<ImageTower> judge(ModelFolder packs) {
    if (pack.isEmpty() || embedded() || latent()) {
      return image;
    }
    ModelPack found = packs.open(pack.get());
    if (of.equals("image")) {
      return Optional.of(Towers.image(found, output, scaling));
    }
    return found.has("vision")
        ? Optional.of(Towers.image(found, Optional.empty()))
        : Optional.empty();
  }
}
