package io.noesis.alignment.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.onnx.GraphBuilder;
import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Registry;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What every kind of target must do, and what each does alone. */
class TargetsTest {
  @TempDir private Path folder;
  private StimulusSet stimuli;
  private TargetSpec spec;

  @BeforeEach
  void makeStimuli() throws IOException {
    stimuli =
        StimulusSet.of(
            List.of(
                stimulus("s1", "cat", "a red cat", Color.RED),
                stimulus("s2", "house", "a green house", Color.GREEN),
                stimulus("s3", "cat", "a blue cat", Color.BLUE)));
    Path model = folder.resolve("pool.onnx");
    try (InputStream in = getClass().getResourceAsStream("/pictures/pool.onnx")) {
      Files.write(model, in.readAllBytes());
    }
    ImagePreprocess plain =
        new ImagePreprocess(
            ImagePreprocess.Fit.STRETCH,
            ResizeFilter.BILINEAR,
            4,
            4,
            List.of(0.0, 0.0, 0.0),
            List.of(1.0, 1.0, 1.0),
            ImagePreprocess.ChannelOrder.RGB);
    ImageTower tower = new ImageTower("pool", model, "view", plain, EmbeddingSpace.Scaling.RAW);
    spec =
        new TargetSpec(
            Prompts.TEMPLATES,
            Map.of(),
            Optional.of(tower),
            Optional.of(textTower()),
            Optional.of(latentTower()),
            Optional.empty(),
            OnnxOptions.SINGLE_THREADED,
            Optional.of(new TargetAttribute("category", List.of("house", "dog", "cat"))),
            Optional.of(array("flow", Tensor.wrap(new float[24], 4, 3, 2).map(zero -> 0.5))),
            Optional.of(new TargetWords(textTower().tokens().folder(), 8)),
            CaptionChoice.FIRST);
  }

  /** Numbers of the stimuli and of another one. */
  private Path array(String name, Tensor values) throws IOException {
    Path file = folder.resolve(name + ".npy");
    Npy.write(file, values);
    Files.writeString(folder.resolve(name + ".tsv"), "id\ns2\nother\ns3\ns1\n");
    return file;
  }

  private Embeddings extracted(String kind, Path file) {
    TargetSpec of = TargetSpec.DEFAULT.with(file);
    try (TargetExtractor extractor = Targets.registry().get(kind).open(of)) {
      return extractor.extract(stimuli, Progress.NONE);
    }
  }

  @Test
  void numbersComeFromFilesByTheirIds() throws IOException {
    float[] numbers = new float[24];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    Path file = array("motion", Tensor.wrap(numbers, 4, 3, 2));
    Embeddings flow = extracted("flow", file);
    assertEquals(List.of("s1", "s2", "s3"), flow.ids());
    assertEquals(Tensor.wrap(numbers, 4, 6).rows(new int[] {3, 0, 2}), flow.values());
    assertEquals("optical-flow", flow.space().model());
    assertEquals("[3, 2]", flow.space().layer());
    assertEquals("motion.npy [3, 2]", extracted("array", file).space().layer());
    refused("flow", array("deep", Tensor.zeros(4, 2, 3)), "expected [stimuli, places, 2]");
    refused("array", array("few", Tensor.zeros(3, 2)), "one id for each row");
    refused("array", folder.resolve("none.npy"), "there is no file");
    refused("array", array("broken", Tensor.wrap(new float[] {0, 0, Float.NaN, 0}, 4, 1)), "'s3'");
    Files.writeString(folder.resolve("few.tsv"), "id\ns2\ns3\ns2\n");
    refused("array", folder.resolve("few.npy"), "twice");
    Files.writeString(folder.resolve("few.tsv"), "id\ns2\ns3\ns4\n");
    refused("array", folder.resolve("few.npy"), "'s1'");
  }

  private void refused(String kind, Path file, String part) {
    DataException e = assertThrows(DataException.class, () -> extracted(kind, file));
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertEquals(3, e.exitCode().code());
  }

  /** Its means are the picture itself. */
  private LatentTower latentTower() {
    GraphBuilder graph = new GraphBuilder("latents");
    String sample = graph.input("sample", OnnxType.FLOAT32, List.of("batch", "3", "4", "4"));
    String both =
        graph.node("Concat", "both", List.of(sample, sample), OnnxAttribute.number("axis", 1));
    graph.output("latent_parameters", both, List.of("batch", "6", "4", "4"));
    Path model = folder.resolve("latents.onnx");
    graph.write(model);
    return new LatentTower("itself", model, 4, List.of(3, 4, 4), 0.5);
  }

  /** The mean of five numbers per word. */
  private TextTower textTower() throws IOException {
    List<String> words =
        List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "red", "blue", "cat");
    Files.write(folder.resolve("vocab.txt"), words);
    GraphBuilder graph = new GraphBuilder("words");
    String ids = graph.input("input_ids", OnnxType.INT64, List.of("batch", "tokens"));
    float[] numbers = new float[words.size() * 5];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (i * 7) % 11;
    }
    String table = graph.weight("table", Tensor.wrap(numbers, words.size(), 5));
    String each = graph.node("Gather", "each", List.of(table, ids));
    String axis = graph.numbers("axis", 1);
    String mean =
        graph.node("ReduceMean", "mean", List.of(each, axis), OnnxAttribute.number("keepdims", 0));
    graph.output("text_embeds", mean, List.of("batch", "5"));
    Path model = folder.resolve("words.onnx");
    graph.write(model);
    return new TextTower(
        "words",
        "mean",
        model,
        "text_embeds",
        new TextTower.Tokens(folder, 8, OptionalInt.empty()),
        EmbeddingSpace.Scaling.UNIT);
  }

  private Stimulus stimulus(String id, String category, String caption, Color colour)
      throws IOException {
    BufferedImage image = new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(colour);
    g.fillRect(0, 0, 9, 7);
    g.dispose();
    Path file = folder.resolve(id + ".png");
    ImageIO.write(image, "png", file.toFile());
    return new Stimulus(id, category, Optional.of(caption), Optional.of(file), Map.of());
  }

  @TestFactory
  Stream<DynamicTest> everyKindKeepsTheContract() {
    return Targets.registry().entries().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.name(), () -> keepsTheContract(entry)));
  }

  private void keepsTheContract(Registry.Entry<TargetKind> entry) {
    assertFalse(entry.description().isBlank());
    try (TargetExtractor extractor = entry.value().open(spec)) {
      assertEquals(entry.value().unit(), extractor.unit());
      Embeddings all = extractor.extract(stimuli, Progress.NONE);
      assertEquals(extractor.space(), all.space());
      List<String> keys = stimuli.all().stream().map(extractor.unit()::key).distinct().toList();
      assertEquals(keys, all.ids());
      // Neither the other stimuli nor their order matter.
      Embeddings part = extractor.extract(stimuli.select(List.of("s3", "s2")), Progress.NONE);
      assertEquals(all.select(part.ids()), part);
      assertEquals(64, extractor.fingerprint().length());
      // The same embeddings with a cache, written and then read.
      TargetSpec cached =
          new TargetSpec(
              spec.templates(),
              Map.of(),
              spec.image(),
              spec.text(),
              spec.latents(),
              Optional.of(folder.resolve("cache")),
              OnnxOptions.SINGLE_THREADED,
              spec.attribute(),
              spec.array(),
              spec.words(),
              spec.captions());
      for (int i = 0; i < 2; i++) {
        try (TargetExtractor again = entry.value().open(cached)) {
          assertEquals(all, again.extract(stimuli, Progress.NONE));
          assertEquals(extractor.fingerprint(), again.fingerprint());
        }
      }
    }
  }

  @Test
  void latentsAreTheMeansTimesTheFactor() {
    try (TargetExtractor extractor = Targets.registry().get("latent").open(spec)) {
      Embeddings latents = extractor.extract(stimuli, Progress.NONE);
      assertEquals("latents 3x4x4", latents.space().layer());
      float[] red = latents.values().row(0);
      for (int i = 0; i < red.length; i++) {
        assertEquals(i < 16 ? 0.5f : -0.5f, red[i], 1e-6f, "red at " + i);
      }
    }
  }

  @Test
  void captionsAreTheSentencesThemselves() {
    try (TargetExtractor extractor = Targets.registry().get("caption").open(spec);
        SentenceEncoder encoder = SentenceEncoder.miniLm()) {
      assertEquals(
          encoder.encode(
              List.of("s1", "s2", "s3"), List.of("a red cat", "a green house", "a blue cat")),
          extractor.extract(stimuli, Progress.NONE));
    }
  }

  @Test
  void picturesAreWhatTheModelGives() {
    try (TargetExtractor extractor = Targets.registry().get("image").open(spec)) {
      Embeddings found = extractor.extract(stimuli, Progress.NONE);
      assertEquals(List.of(1f, 0f, 0f), floats(found.values().row(0)));
      assertEquals(List.of(0f, 1f, 0f), floats(found.values().row(1)));
      assertEquals(List.of(0f, 0f, 1f), floats(found.values().row(2)));
    }
  }

  private static List<Float> floats(float[] values) {
    List<Float> out = new ArrayList<>();
    for (float value : values) {
      out.add(value);
    }
    return out;
  }

  @Test
  void theCacheIsReadAndNotTrustedBlindly() throws IOException {
    Path cache = folder.resolve("cache");
    TargetSpec cached =
        new TargetSpec(
            spec.templates(), Map.of(), spec.image(), Optional.empty(), Optional.of(cache));
    try (TargetExtractor extractor = Targets.registry().get("image").open(cached)) {
      Embeddings first = extractor.extract(stimuli, Progress.NONE);
      Path file;
      try (Stream<Path> files = Files.list(cache)) {
        file = files.findFirst().orElseThrow();
      }
      byte[] whole = Files.readAllBytes(file);
      for (int at = 0; at < whole.length; at += 3) {
        byte[] changed = whole.clone();
        changed[at] ^= 1;
        assertComputedAnew(extractor, first, file, changed);
        assertComputedAnew(extractor, first, file, java.util.Arrays.copyOf(whole, at));
      }
      List<String> warnings = new ArrayList<>();
      assertEquals(first, extractor.extract(stimuli, warningsTo(warnings)));
      assertEquals(List.of(), warnings);
      // Another picture under the same id is not confused with the old one.
      stimulus("s1", "cat", "a red cat", Color.WHITE);
      assertNotEquals(first, extractor.extract(stimuli, Progress.NONE));
    }
  }

  private void assertComputedAnew(
      TargetExtractor extractor, Embeddings expected, Path file, byte[] damaged)
      throws IOException {
    Files.write(file, damaged);
    List<String> warnings = new ArrayList<>();
    assertEquals(expected, extractor.extract(stimuli, warningsTo(warnings)));
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).contains("damaged"), warnings.get(0));
  }

  private static Progress warningsTo(List<String> warnings) {
    return new Progress() {
      @Override
      public void warn(String message) {
        warnings.add(message);
      }
    };
  }

  @Test
  void attributesAreOneHotOverTheirConcepts() {
    try (TargetExtractor extractor = Targets.registry().get("attribute").open(spec)) {
      Embeddings found = extractor.extract(stimuli, Progress.NONE);
      assertEquals(Tensor.wrap(new float[] {0, 0, 1, 1, 0, 0, 0, 0, 1}, 3, 3), found.values());
    }
    Embeddings both =
        AttributeTargets.combinations(
            List.of(
                AttributeTargets.concepts(new TargetAttribute("a", List.of("x", "y"))),
                AttributeTargets.concepts(new TargetAttribute("b", List.of("u", "v")))));
    assertEquals(List.of("x, u", "x, v", "y, u", "y, v"), both.ids());
    assertEquals(
        Tensor.wrap(new float[] {1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1}, 4, 4),
        both.values());
    String message =
        assertThrows(
                DataException.class,
                () -> new TargetAttribute("category", List.of("cats", "dog")).of(stimuli.get("s1")))
            .getMessage();
    assertTrue(message.contains("'cat'") && message.contains("'cats'"), message);
  }

  @Test
  void saysWhatAStimulusLacks() {
    StimulusSet bare =
        StimulusSet.of(
            List.of(new Stimulus("s9", "", Optional.empty(), Optional.empty(), Map.of())));
    for (String kind : Targets.registry().names()) {
      try (TargetExtractor extractor = Targets.registry().get(kind).open(spec)) {
        String message =
            assertThrows(DataException.class, () -> extractor.extract(bare, Progress.NONE))
                .getMessage();
        assertTrue(message.contains("'s9'"), message);
      }
    }
  }

  @Test
  void refusesSettingsThatCannotWork() {
    TargetKind image = Targets.registry().get("image");
    assertThrows(RecipeException.class, () -> image.open(TargetSpec.DEFAULT));
    ImageTower tower = spec.image().orElseThrow();
    for (ImageTower wrong :
        List.of(
            new ImageTower("pool", tower.model(), "veiw", tower.preprocess(), tower.scaling()),
            new ImageTower(
                "pool", folder.resolve("no.onnx"), "view", tower.preprocess(), tower.scaling()))) {
      TargetSpec bad =
          new TargetSpec(
              spec.templates(), Map.of(), Optional.of(wrong), Optional.empty(), Optional.empty());
      try (TargetExtractor extractor = image.open(bad)) {
        assertThrows(ModelException.class, () -> extractor.extract(stimuli, Progress.NONE));
      }
    }
    ImageTower bigger =
        new ImageTower("pool", tower.model(), "view", ImagePreprocess.clip(8), tower.scaling());
    TargetSpec bad =
        new TargetSpec(
            spec.templates(), Map.of(), Optional.of(bigger), Optional.empty(), Optional.empty());
    try (TargetExtractor extractor = image.open(bad)) {
      assertTrue(
          assertThrows(ModelException.class, () -> extractor.extract(stimuli, Progress.NONE))
              .getMessage()
              .contains("[1, 3, 8, 8]"));
    }
    TargetKind category = Targets.registry().get("category");
    for (List<String> templates : List.of(List.<String>of(), List.of("a photo"))) {
      assertThrows(
          RecipeException.class,
          () ->
              category.open(
                  new TargetSpec(
                      templates, Map.of(), Optional.empty(), Optional.empty(), Optional.empty())));
    }
  }

  @Test
  void promptsFindTheCategoryOfASentence() {
    List<String> categories =
        List.of("bottle", "cat", "chair", "face", "house", "scissors", "shoe", "scrambledpix");
    try (SentenceEncoder encoder = SentenceEncoder.miniLm()) {
      Embeddings prompts =
          Prompts.categories(
              encoder,
              Prompts.words(categories, Map.of("scrambledpix", "scrambled pixels")),
              Prompts.TEMPLATES,
              Progress.NONE);
      for (int i = 0; i < prompts.size(); i++) {
        float[] v = prompts.values().row(i);
        assertEquals(1.0, Vectors.dot(v, 0, v, 0, v.length), 1e-6);
      }
      Embeddings sentences =
          encoder.encode(
              List.of("1", "2", "3", "4"),
              List.of(
                  "two kittens play on the floor",
                  "a villa with a garden",
                  "a boot and a sandal",
                  "a smiling woman looks at you, eyes, nose and mouth"));
      assertEquals(List.of("cat", "house", "shoe", "face"), Prompts.nearest(sentences, prompts));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              Prompts.nearest(
                  sentences,
                  new Embeddings(
                      new EmbeddingSpace("x", "y", 384, EmbeddingSpace.Scaling.UNIT),
                      prompts.ids(),
                      prompts.values())));
    }
  }

  @Test
  void wordsStandForLabels() {
    assertEquals(
        Map.of("cat", "cat", "fire_truck", "fire truck", "scr", "noise"),
        Prompts.words(List.of("cat", "fire_truck", "scr"), Map.of("scr", "noise")));
    assertTrue(
        assertThrows(
                RecipeException.class,
                () -> Prompts.words(List.of("bottle"), Map.of("botle", "flask")))
            .getMessage()
            .contains("Did you mean 'bottle'?"));
  }

  @Test
  void tiesGoToTheFirstNameAndLengthsDoNotMatter() {
    EmbeddingSpace space = new EmbeddingSpace("m", "l", 2, EmbeddingSpace.Scaling.RAW);
    Embeddings categories =
        new Embeddings(
            space,
            List.of("b", "a", "long"),
            io.noesis.tensor.Tensor.wrap(new float[] {1, 0, 1, 0, 0, 100}, 3, 2));
    Embeddings decoded =
        new Embeddings(
            space,
            List.of("1", "2", "3"),
            io.noesis.tensor.Tensor.wrap(new float[] {3, 1, 0, 0, 1, 2}, 3, 2));
    assertEquals(List.of("a", "a", "long"), Prompts.nearest(decoded, categories));
  }
}
