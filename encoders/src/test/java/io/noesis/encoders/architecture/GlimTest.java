package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.torch.Scope;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What GLIM's prompts and epochs that are filled up do; parity with PyTorch is elsewhere. */
class GlimTest {
  private static final NetworkSizes SIZES =
      NetworkSizes.ofEpochs(5, 13, 4).withSubjects(List.of("01", "03"));

  private static Glim spec(String prompts) {
    return RecordBinder.bind(
        YamlTree.parse(
            "{width: 8, depth: 1, heads: 2, gathering: {queries: 3, width: 6, depth: 1},"
                + " alignerHeads: 2, prompts: "
                + prompts
                + "}",
            "test"),
        Glim.class,
        "test");
  }

  /** Vectors of prompts begin small: here they steer. */
  private static Map<String, Tensor> weights(Glim spec) {
    Map<String, Tensor> weights = ArchitectureContractTest.weights(spec.network(SIZES));
    PinnedRandom random = Seed.of(3).random();
    weights.replaceAll(
        (name, w) ->
            name.contains("modulation") || name.matches("encoder\\.(task|subject)\\..*")
                ? w.map(value -> value + 0.5 * random.nextGaussian())
                : w);
    return weights;
  }

  private static float[] decoded(Glim spec, Map<String, Tensor> weights, Tensor x, String subject) {
    BrainEncoder encoder =
        new ForeignWeights(Glim.NAME, List.of(), List.of())
            .encoder(weights, RecordBinder.tree(spec), SIZES);
    return encoder.encode(x, subject).array();
  }

  private static Tensor epochs() {
    PinnedRandom random = Seed.of(7).random();
    return Tensor.zeros(2, 5, 13).map(zero -> random.nextGaussian());
  }

  @Test
  void whatIsLeftOutOfPromptsHasDefaults() {
    assertEquals(
        List.of(new GlimPrompt("task", List.of("a", "b"), "", 0), GlimPrompt.ofSubject(0)),
        spec("[{name: task, values: [a, b]}, {name: subject}]").prompts());
    assertEquals(List.of(GlimPrompt.ofSubject(1)), Glim.defaults().prompts());
  }

  @Test
  void promptsThatMeanNothingAreRefused() {
    for (String wrong :
        List.of(
            "[]",
            "[{name: task, values: []}]",
            "[{name: task, values: [a], told: b}]",
            "[{name: subject, values: [a]}]",
            "[{name: subject, unknown: 1.5}]",
            "[{name: subject}, {name: subject}]")) {
      RecipeException refused = assertThrows(RecipeException.class, () -> spec(wrong), wrong);
      assertTrue(refused.getMessage().contains("glim"), refused.getMessage());
    }
  }

  @Test
  void whatIsToldSteersAndWhatIsUnknownDoesNot() {
    Tensor x = epochs();
    String form = "[{name: task, values: [a, b], told: '%s'}, {name: subject, unknown: %s}]";
    Glim a = spec(String.format(form, "a", 0));
    Map<String, Tensor> weights = weights(a);
    float[] told = decoded(a, weights, x, "01");
    assertFalse(Arrays.equals(told, decoded(a, weights, x, "03")), "another subject");
    assertFalse(
        Arrays.equals(told, decoded(spec(String.format(form, "b", 0)), weights, x, "01")),
        "another task");
    assertFalse(
        Arrays.equals(told, decoded(spec(String.format(form, "", 0)), weights, x, "01")),
        "an unknown task");
    Glim never = spec(String.format(form, "a", 1));
    assertArrayEquals(decoded(never, weights, x, "01"), decoded(never, weights, x, "03"));
  }

  /** Samples of zeros are not looked at: whatever the positions of samples would add to them. */
  @Test
  void epochsThatAreFilledUpAreReadUpToTheirEnd() {
    Tensor x = epochs();
    for (int line = 0; line < 10; line++) {
      Arrays.fill(x.array(), line * 13 + 9, (line + 1) * 13, 0);
    }
    Glim spec = spec("[{name: subject}]");
    Map<String, Tensor> weights = weights(spec);
    float[] before = decoded(spec, weights, x, "01");
    String place = "encoder.inner.blocks.0.time.modulation.bias";
    float[] shifted = Objects.requireNonNull(weights.get(place)).array().clone();
    Arrays.fill(shifted, 13 + 9, 26, 5);
    weights.put(place, Tensor.wrap(shifted, 26));
    assertArrayEquals(before, decoded(spec, weights, x, "01"), 1e-6f);
    x.array()[12] = 1e-3f;
    assertFalse(Arrays.equals(before, decoded(spec, weights, x, "01")), "now it is a sample");
  }

  /** Each prompt's share begins as its part of all vectors; the sum of shares is 1. */
  @Test
  void sharesBeginAsPublished() {
    Glim spec = spec("[{name: task, values: [a, b]}, {name: subject}]");
    Map<String, Tensor> first =
        Scope.get(
            () -> {
              Parameters parameters = Parameters.of(spec.network(SIZES), Seed.of(1));
              Map<String, Tensor> all = parameters.snapshot();
              parameters.free();
              return all;
            });
    for (String prompt : List.of("task", "subject")) {
      Tensor share = Objects.requireNonNull(first.get("encoder." + prompt + ".share"));
      assertEquals(0.5, share.array()[0], 1e-6);
    }
  }
}
