package io.noesis.reconstruction.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.alignment.embedding.EmbeddingSpace.Scaling;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.ImageEncoder;
import io.noesis.alignment.embedding.ImagePreprocess;
import io.noesis.alignment.embedding.ImageTower;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.embedding.ResizeFilter;
import io.noesis.alignment.embedding.TargetExtractor;
import io.noesis.alignment.embedding.TargetSpec;
import io.noesis.alignment.embedding.Targets;
import io.noesis.alignment.embedding.TextEncoder;
import io.noesis.alignment.embedding.TextTower;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.ingest.manifest.Dialect;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.reconstruction.diffusion.DiffusionPipeline;
import io.noesis.reconstruction.diffusion.EmbeddingRequest;
import io.noesis.reconstruction.diffusion.PictureRequest;
import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.LongArray;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against tests/fixtures/make/tiny_towers.py: what transformers and open_clip make. */
class TowersTest {
  private static final Path PACKS = Path.of("src/test/resources/io/noesis/reconstruction/pack");
  private static final Optional<String> POOLED = Optional.empty();

  private static ModelPack pack(String name) {
    return ModelPack.open(PACKS.resolve(name));
  }

  private static Safetensors cases(String name) {
    return Safetensors.open(PACKS.resolve(name + ".cases.safetensors"));
  }

  private static PixelImage picture(LongArray values) {
    byte[] rgb = new byte[values.array().length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) values.array()[i];
    }
    return PixelImage.wrap(values.shape().dim(1), values.shape().dim(0), rgb);
  }

  private static List<PixelImage> pictures(Safetensors file) {
    return IntStream.range(0, 6).mapToObj(i -> picture(file.readLongs("picture/" + i))).toList();
  }

  private static List<String> texts(Safetensors file) throws IOException {
    return List.of(new ObjectMapper().readValue(file.metadata().get("texts"), String[].class));
  }

  private static List<String> ids(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  private static double close(Tensor expected, Embeddings found) {
    assertEquals(expected.size(), found.values().size());
    double worst = 0;
    for (int i = 0; i < expected.size(); i++) {
      double value = expected.array()[i];
      double error = Math.abs(value - found.values().array()[i]) / Math.max(1, Math.abs(value));
      assertTrue(error <= 1e-5, "number " + i + " differs by " + error);
      worst = Math.max(worst, error);
    }
    return worst;
  }

  private static Embeddings encode(ImageTower tower, List<PixelImage> pictures) {
    try (ImageEncoder encoder = ImageEncoder.open(tower)) {
      return encoder.encode(ids(pictures.size()), pictures::get, Progress.NONE);
    }
  }

  private static Embeddings encode(TextTower tower, List<String> texts) {
    try (TextEncoder encoder = TextEncoder.open(tower)) {
      return encoder.encode(ids(texts.size()), texts, Progress.NONE);
    }
  }

  @Test
  void picturesAndTextsOfClipAreThoseOfTransformersPooledAndByToken() throws IOException {
    try (Safetensors file = cases("tiny-clip")) {
      ModelPack pack = pack("tiny-clip");
      Optional<String> patches = Optional.of("image_tokens");
      Optional<String> words = Optional.of("text_tokens");
      Embeddings images = encode(Towers.image(pack, POOLED), pictures(file));
      close(file.read("image_embeds"), images);
      Embeddings tokens = encode(Towers.image(pack, patches), pictures(file));
      close(file.read("image_tokens"), tokens);
      assertEquals(17 * 10, tokens.space().dim());
      Embeddings texts = encode(Towers.text(pack, POOLED), texts(file));
      close(file.read("text_embeds"), texts);
      assertEquals(images.space(), texts.space(), "one space for both");
      Embeddings perWord = encode(Towers.text(pack, words), texts(file));
      close(file.read("text_tokens"), perWord);
      assertEquals(77 * 16, perWord.space().dim());
      assertNotEquals(perWord.space(), texts.space());
    }
  }

  @Test
  void picturesAndTextsOfOpenClipAreItsOwnAtLengthOneAndPaddedWithZero() throws IOException {
    try (Safetensors file = cases("tiny-open-clip")) {
      ModelPack pack = pack("tiny-open-clip");
      ImageTower image = Towers.image(pack, POOLED);
      assertEquals(Scaling.UNIT, image.scaling());
      close(file.read("image_unit"), encode(image, pictures(file)));
      TextTower text = Towers.text(pack, POOLED);
      assertEquals(0, text.tokens().padding().orElseThrow());
      close(file.read("text_unit"), encode(text, texts(file)));
      ImageTower tokens = Towers.image(pack, Optional.of("image_tokens"));
      assertEquals(Scaling.RAW, tokens.scaling());
      close(file.read("image_tokens"), encode(tokens, pictures(file)));
    }
  }

  @Test
  void picturesOfDinoAreThoseOfTransformers() {
    try (Safetensors file = cases("tiny-dinov2")) {
      ModelPack pack = pack("tiny-dinov2");
      close(file.read("image_embeds"), encode(Towers.image(pack, POOLED), pictures(file)));
      ImageTower tokens = Towers.image(pack, Optional.of("image_tokens"));
      close(file.read("image_tokens"), encode(tokens, pictures(file)));
      assertThrows(ModelException.class, () -> Towers.text(pack, POOLED));
    }
  }

  @Test
  void tokensOverThePooledLengthAreThoseOfVersatileDiffusion() throws IOException {
    try (Safetensors file = cases("tiny-clip-257")) {
      ModelPack pack = pack("tiny-clip-257");
      Optional<String> patches = Optional.of("image_tokens");
      Optional<String> words = Optional.of("text_tokens");
      Optional<Scaling> scaled = Optional.of(Scaling.POOLED);
      ImageTower tower = Towers.image(pack, patches, scaled);
      Embeddings images = encode(tower, pictures(file));
      close(file.read("image_tokens"), images);
      assertEquals(257 * 8, images.space().dim());
      assertEquals(Scaling.POOLED, images.space().scaling());
      close(file.read("text_tokens"), encode(Towers.text(pack, words, scaled), texts(file)));
      Embeddings raw = encode(Towers.image(pack, patches), pictures(file));
      assertNotEquals(images.space(), raw.space());
      assertNotEquals(images.values(), raw.values());
      assertNotEquals(
          ImageEncoder.fingerprint(tower), ImageEncoder.fingerprint(Towers.image(pack, patches)));
      Embeddings unit =
          encode(Towers.image(pack, POOLED, Optional.of(Scaling.UNIT)), pictures(file));
      for (int i = 0; i < 8; i++) {
        // The class token comes first, and is the pooled vector.
        assertEquals(unit.values().row(0)[i], images.values().row(0)[i], 1e-6f);
      }
      assertThrows(RecipeException.class, () -> Towers.image(pack, POOLED, scaled));
      Optional<Scaling> one = Optional.of(Scaling.UNIT);
      assertThrows(RecipeException.class, () -> Towers.image(pack, patches, one));
    }
  }

  @Test
  void theTextEncoderOfAGeneratorGivesWhatItReads() {
    ModelPack pack = ModelPack.open(PACKS.resolveSibling("diffusion/tiny-stable-diffusion"));
    TextTower tower = Towers.text(pack, POOLED);
    List<String> prompts = List.of("the cat", "a dog of the cat");
    Embeddings read = encode(tower, prompts);
    SamplingPlan plan = SamplingPlan.of(3, 4);
    try (DiffusionPipeline pipeline = DiffusionPipeline.open(pack, OnnxOptions.SINGLE_THREADED)) {
      assertEquals(pipeline.space().model(), read.space().model());
      assertEquals(pipeline.space().layer(), read.space().layer());
      EmbeddingRequest byEmbedding =
          EmbeddingRequest.of(read.values().reshape(2, 77, 16), List.of(1L, 2L), plan);
      PictureRequest byPrompt =
          new PictureRequest(prompts, "", List.of(1L, 2L), plan, Optional.empty());
      assertEquals(
          pipeline.generate(byPrompt, Progress.NONE).latents(),
          pipeline.generate(byEmbedding, Progress.NONE).latents());
    }
    ModelPack two = ModelPack.open(PACKS.resolveSibling("diffusion/tiny-stable-diffusion-xl"));
    String refused =
        assertThrows(ModelException.class, () -> Towers.text(two, POOLED)).getMessage();
    assertTrue(refused.contains("two text encoders"), refused);
  }

  @Test
  void pixelsResizedAsTensorsAreThoseOfTorch() {
    try (Safetensors file = cases("tiny-clip")) {
      ImagePreprocess clip = ImagePreprocess.clip(32);
      ImagePreprocess torch =
          new ImagePreprocess(
              clip.fit(),
              ResizeFilter.TORCH_BILINEAR,
              32,
              32,
              clip.mean(),
              clip.std(),
              clip.order());
      for (int i = 0; i < 3; i++) {
        PixelImage picture = picture(file.readLongs("odd/" + i));
        float[] expected = file.read("torch/" + i).array();
        float[] found = torch.apply(picture).array();
        float[] pillow = clip.apply(picture).array();
        double apart = 0;
        for (int k = 0; k < expected.length; k++) {
          assertEquals(expected[k], found[k], 2e-5f, "value " + k);
          apart = Math.max(apart, Math.abs(expected[k] - pillow[k]));
        }
        assertTrue(apart > 0.5, "Pillow's way is another");
      }
      assertThrows(
          IllegalArgumentException.class, () -> torch.square(picture(file.readLongs("odd/0"))));
    }
  }

  @Test
  void textsOfStimuliAreTargetsAndAreKept(@TempDir Path cache) throws IOException {
    TextTower tower = Towers.text(pack("tiny-clip"), POOLED);
    TargetSpec spec =
        new TargetSpec(
            List.of(), Map.of(), Optional.empty(), Optional.of(tower), Optional.of(cache));
    StimulusSet stimuli =
        StimulusSet.of(
            List.of(stimulus("s1", Optional.of("the cat")), stimulus("s2", Optional.of("a dog"))));
    Embeddings first;
    try (TargetExtractor extractor = Targets.registry().get("text").open(spec)) {
      first = extractor.extract(stimuli, Progress.NONE);
      assertEquals(List.of("s1", "s2"), first.ids());
      assertEquals(encode(tower, List.of("the cat", "a dog")).values(), first.values());
      assertThrows(
          DataException.class,
          () ->
              extractor.extract(
                  StimulusSet.of(List.of(stimulus("s3", Optional.empty()))), Progress.NONE));
    }
    List<Path> kept = new ArrayList<>();
    try (var files = Files.list(cache)) {
      files.forEach(kept::add);
    }
    assertEquals(1, kept.size());
    assertThrows(
        RecipeException.class, () -> Targets.registry().get("text").open(TargetSpec.DEFAULT));
  }

  private static Stimulus stimulus(String id, Optional<String> caption) {
    return new Stimulus(id, "", caption, Optional.empty(), Map.of());
  }

  /** Whole, and in 8 bits: what ONNX Runtime's Python gives, and nearly what the model itself. */
  @ParameterizedTest
  @CsvSource({"'',5e-5", "_quantized,0.1"})
  void aPackOfTransformersJsGivesTheVectorsOfItsModel(
      String kind, double apart, @TempDir Path folder) throws IOException {
    Path source = PACKS.resolve("tiny-clip-js");
    for (String name : List.of("tokenizer.json", "config.json", "preprocessor_config.json")) {
      Files.copy(source.resolve(name), folder.resolve(name));
    }
    Files.createDirectories(folder.resolve("onnx"));
    for (String role : List.of("vision_model", "text_model")) {
      String file = "onnx/" + role + kind + ".onnx";
      Files.copy(source.resolve(file), folder.resolve(file));
    }
    ModelPack pack =
        new ModelFolder(folder.resolveSibling(folder.getFileName() + "-models"))
            .add(folder, Progress.NONE);
    assertEquals(Dialect.TRANSFORMERS_JS, pack.dialect());
    try (Safetensors given = cases("tiny-clip");
        Safetensors expected = cases("tiny-clip-js")) {
      // One by one, as the maker does: 8 bits are laid out over what is computed together.
      List<float[]> images = new ArrayList<>();
      for (PixelImage picture : pictures(given)) {
        images.add(encode(Towers.image(pack, POOLED), List.of(picture)).values().array());
      }
      List<float[]> said = new ArrayList<>();
      for (String text : texts(given)) {
        said.add(encode(Towers.text(pack, POOLED), List.of(text)).values().array());
      }
      assertVectors(expected.read("image" + kind), images, 1e-5);
      assertVectors(expected.read("text" + kind), said, 1e-5);
      assertVectors(given.read("image_embeds"), images, apart);
      assertVectors(given.read("text_embeds"), said, apart);
    }
  }

  private static void assertVectors(Tensor expected, List<float[]> found, double allowed) {
    assertEquals(expected.dim(0), found.size());
    for (int row = 0; row < found.size(); row++) {
      assertArrayEquals(expected.row(row), found.get(row), (float) allowed, "row " + row);
    }
  }

  @Test
  void transformersJsIsReadWithItsPreprocessorOrRefused(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("onnx"));
    Files.copy(PACKS.resolve("tiny-clip/vision.onnx"), folder.resolve("onnx/vision_model.onnx"));
    ModelException e =
        assertThrows(ModelException.class, () -> Towers.image(ModelPack.open(folder), POOLED));
    assertTrue(e.getMessage().contains("preprocessor_config.json"), e.getMessage());
    String json =
        "{\"size\": {\"shortest_edge\": 36}, \"crop_size\": {\"height\": 32, \"width\": 32},"
            + " \"resample\": 3, \"image_mean\": [0.5, 0.4, 0.3], \"image_std\": [0.2, 0.2, 0.1]}";
    Files.writeString(folder.resolve("preprocessor_config.json"), json);
    ImagePreprocess found = Towers.image(ModelPack.open(folder), POOLED).preprocess();
    assertEquals(36, found.resize());
    assertEquals(32, found.size());
    assertEquals(ImagePreprocess.Fit.CENTRE_CROP_DOWN, found.fit());
    assertEquals(List.of(0.5, 0.4, 0.3), found.mean());
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        json.replace("\"height\": 32", "\"height\": 40"));
    assertThrows(ModelException.class, () -> Towers.image(ModelPack.open(folder), POOLED));
  }
}
