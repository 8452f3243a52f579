package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.onnx.GraphBuilder;
import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks that overflow are reported with the likely cause, and no picture is made of it. */
class NotFiniteTest {
  private static final Path PACK =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion/tiny-stable-diffusion");

  private static final PictureRequest CAT =
      PictureRequest.of(List.of("cat"), List.of(1L), SamplingPlan.of(4, 2));

  @TempDir Path folder;

  /** The tiny pack with another graph in the place of one of its own. */
  private ModelPack with(String role, GraphBuilder graph) throws IOException {
    Path pack = folder.resolve("pack");
    try (Stream<Path> files = Files.walk(PACK)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = pack.resolve(PACK.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    Path file = pack.resolve(role + "/model.onnx");
    Files.delete(file);
    graph.write(file);
    return ModelPack.open(pack);
  }

  /** Logarithms of numbers below 0; or the sample, divided by 0 once the time is below 700. */
  private static GraphBuilder denoiser(boolean later) {
    GraphBuilder graph = new GraphBuilder("denoiser");
    List<String> picture = List.of("rows", "4", "height", "width");
    String sample = graph.input("sample", OnnxType.FLOAT32, picture);
    String time = graph.input("timestep", OnnxType.FLOAT32, List.of("1"));
    graph.input("encoder_hidden_states", OnnxType.FLOAT32, List.of("rows", "words", "states"));
    String divisor =
        graph.node(
            "Relu",
            "divisor",
            List.of(
                graph.node(
                    "Sub",
                    "over",
                    List.of(time, graph.weight("bound", Tensor.zeros(1).map(v -> 700))))));
    String below = graph.node("Neg", "below", List.of(graph.node("Abs", "size", List.of(sample))));
    graph.output(
        "out_sample",
        later
            ? graph.node("Div", "divided", List.of(sample, divisor))
            : graph.node("Log", "logarithm", List.of(below)),
        picture);
    return graph;
  }

  /** Decodes to three of the four channels, or to infinity. */
  private static GraphBuilder decoder(double factor) {
    GraphBuilder graph = new GraphBuilder("decoder");
    String latents =
        graph.input("latent_sample", OnnxType.FLOAT32, List.of("rows", "4", "height", "width"));
    float[] mix = new float[12];
    Arrays.fill(mix, (float) factor);
    String mixed =
        graph.node(
            "Conv", "mix", List.of(latents, graph.weight("w", Tensor.wrap(mix, 3, 4, 1, 1))));
    graph.output("sample", mixed, List.of("rows", "3", "height", "width"));
    return graph;
  }

  private static String refusal(ModelPack pack) {
    try (DiffusionPipeline pipeline = DiffusionPipeline.open(pack, OnnxOptions.SINGLE_THREADED)) {
      ModelException refused =
          assertThrows(ModelException.class, () -> pipeline.generate(CAT, Progress.NONE));
      assertEquals(6, refused.exitCode().code());
      return refused.getMessage();
    }
  }

  @Test
  void aNetworkThatGivesNanAtOnceIsInFloat16() throws IOException {
    String said = refusal(with("unet", denoiser(false)));
    assertTrue(said.contains("at call 1 the network gives NaN"), said);
    assertTrue(said.contains("float16") && said.contains("float32"), said);
  }

  @Test
  void aNetworkThatBreaksLaterWasLedTooFar() throws IOException {
    String said = refusal(with("unet", denoiser(true)));
    assertTrue(said.matches("(?s).*at call [2-5] the network gives .*"), said);
    assertTrue(said.contains("Lower the guidance"), said);
  }

  @Test
  void anAutoencoderThatOverflowsMakesNoBlackPicture() throws IOException {
    String said = refusal(with("vae_decoder", decoder(3e38)));
    assertTrue(said.contains("decoding latents with ") && said.contains("vae_decoder"), said);
    assertTrue(said.contains("NaN or infinite") && said.contains("export it in float32"), said);
  }

  @Test
  void theSameAutoencoderWithoutOverflowMakesOne() throws IOException {
    ModelPack pack = with("vae_decoder", decoder(0.3));
    try (DiffusionPipeline pipeline = DiffusionPipeline.open(pack, OnnxOptions.SINGLE_THREADED)) {
      assertEquals(1, pipeline.generate(CAT, Progress.NONE).images().size());
    }
  }

  @Test
  void aPictureThatTheEncoderBreaksIsNotStartedFrom() throws IOException {
    GraphBuilder graph = new GraphBuilder("encoder");
    String sample =
        graph.input("sample", OnnxType.FLOAT32, List.of("rows", "3", "height", "width"));
    String mixed =
        graph.node(
            "Conv",
            "mix",
            List.of(
                graph.node("Log", "log", List.of(sample)),
                graph.weight("w", Tensor.zeros(8, 3, 2, 2))),
            OnnxAttribute.numbers("strides", 2, 2));
    graph.output("latent_parameters", mixed, List.of("rows", "8", "latents", "places"));
    ModelPack pack = with("vae_encoder", graph);
    PictureRequest from =
        new PictureRequest(
            List.of("cat"),
            "",
            List.of(1L),
            new SamplingPlan(4, 2, 0, 0.5),
            Optional.of(Tensor.zeros(1, 3, 32, 32)));
    try (DiffusionPipeline pipeline = DiffusionPipeline.open(pack, OnnxOptions.SINGLE_THREADED)) {
      String said =
          assertThrows(ModelException.class, () -> pipeline.generate(from, Progress.NONE))
              .getMessage();
      assertTrue(said.contains("encoding a picture with ") && said.contains("float32"), said);
    }
  }
}
