package io.noesis.alignment.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.loss.CrossEntropy.Squash;
import io.noesis.alignment.loss.InfoNce.Direction;
import io.noesis.alignment.loss.InfoNce.Over;
import io.noesis.alignment.loss.InfoNce.Scale;
import io.noesis.alignment.loss.Negatives.Repeated;
import io.noesis.alignment.loss.Negatives.Whose;
import io.noesis.alignment.loss.WeightedSum.Part;
import io.noesis.encoders.torch.Value;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.tensor.LongArray;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Losses with their settings: PyTorch's, from fixtures/make/torch_objectives.py, and forms. */
class ObjectivesTest {
  private static final InfoNce UNIT =
      new InfoNce(Length.UNIT, Length.UNIT, Scale.CONSTANT, 0.2, Direction.TWO_WAY);

  private static Safetensors python() {
    try {
      return Safetensors.open(
          Path.of(ObjectivesTest.class.getResource("objectives.safetensors").toURI()));
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void check(Safetensors python, String name, double found) {
    double expected = python.read(name).array()[0];
    assertEquals(expected, found, 1e-5 * Math.abs(expected), name);
  }

  private static RowFacts facts(Safetensors python) {
    LongArray subjects = python.readLongs("subject");
    LongArray stimuli = python.readLongs("stimulus");
    return new RowFacts(
        Arrays.stream(subjects.array()).boxed().toList(),
        Arrays.stream(stimuli.array()).mapToObj(Math::toIntExact).toList(),
        Optional.empty());
  }

  @Test
  void infoNceIsThatOfPyTorchWithEachOfItsSettings() {
    try (Safetensors python = python()) {
      Tensor p = python.read("predicted");
      Tensor t = python.read("target");
      RowFacts facts = facts(python);
      check(python, "each", LossTest.value(UNIT.over(Over.EACH), p, t, facts));
      check(python, "mean", LossTest.value(UNIT.over(Over.MEAN), p, t, facts));
      InfoNce brainMagick = new InfoNce(Length.KEPT, Length.UNIT, Scale.NONE, 1, Direction.ONE_WAY);
      check(python, "brainmagick", LossTest.value(brainMagick, p, t, facts));
      InfoNce clip =
          new InfoNce(Length.UNIT, Length.UNIT, Scale.LEARNED_EXPONENT, 0.07, Direction.TWO_WAY);
      check(python, "learned-exponent", LossTest.value(clip, p, t, facts));
      InfoNce atm =
          new InfoNce(
              Length.KEPT, Length.UNIT, Scale.LEARNED, 1 / Math.log(1 / 0.07), Direction.TWO_WAY);
      check(python, "learned", LossTest.value(atm, p, t, facts));
      Negatives all = Negatives.defaults();
      Negatives subject = new Negatives(Whose.SAME_SUBJECT, Repeated.NEGATIVE, 0);
      Negatives stimuli = new Negatives(Whose.ALL, Repeated.LEFT_OUT, 0);
      Negatives three = new Negatives(Whose.ALL, Repeated.NEGATIVE, 3);
      check(python, "same-subject", LossTest.value(UNIT.against(subject), p, t, facts));
      check(python, "other-stimuli", LossTest.value(UNIT.against(stimuli), p, t, facts));
      check(python, "three", LossTest.value(UNIT.against(three), p, t, facts));
      assertEquals(
          LossTest.value(UNIT.against(all), p, t, facts),
          LossTest.value(UNIT.against(new Negatives(Whose.ALL, Repeated.NEGATIVE, 7)), p, t, facts),
          1e-6);
    }
  }

  @Test
  void aRowWithoutNegativesCostsNothing() {
    Negatives own = new Negatives(Whose.SAME_SUBJECT, Repeated.NEGATIVE, 0);
    RowFacts alone = new RowFacts(List.of(0L, 1L, 2L), List.of(), Optional.empty());
    Tensor p = Tensor.wrap(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    assertEquals(0, LossTest.value(UNIT.against(own), p, p, alone), 1e-12);
    RowFacts same = new RowFacts(List.of(), List.of(4, 4, 4), Optional.empty());
    Negatives others = new Negatives(Whose.ALL, Repeated.LEFT_OUT, 0);
    assertEquals(0, LossTest.value(UNIT.against(others), p, p, same), 1e-12);
    assertTrue(UNIT.against(others).describe().contains("of other stimuli"));
  }

  @Test
  void crossEntropyIsThatOfPyTorch() {
    try (Safetensors python = python()) {
      Tensor logits = python.read("logits");
      Tensor labels = python.read("labels");
      CrossEntropy plain = CrossEntropy.defaults();
      CrossEntropy smooth = new CrossEntropy(0.1, Squash.NONE);
      CrossEntropy squashed = new CrossEntropy(0, Squash.SIGMOID);
      check(python, "class", LossTest.value(plain, logits, labels, RowFacts.NONE));
      check(python, "class", LossTest.value(plain, logits, labels.reshape(8, 1), RowFacts.NONE));
      check(python, "class-smooth", LossTest.value(smooth, logits, labels, RowFacts.NONE));
      check(
          python,
          "class-shares",
          LossTest.value(smooth, logits, python.read("shares"), RowFacts.NONE));
      check(python, "class-sigmoid", LossTest.value(squashed, logits, labels, RowFacts.NONE));
      check(
          python,
          "code",
          LossTest.value(
              new CrossEntropy(0.05, Squash.NONE),
              python.read("predicted"),
              python.read("codes"),
              RowFacts.NONE));
      assertThrows(
          IllegalArgumentException.class,
          () -> LossTest.value(plain, logits, Tensor.zeros(7), RowFacts.NONE));
    }
  }

  @Test
  void evenLogitsCostTheLogarithmOfTheClasses() {
    double found =
        LossTest.value(
            new CrossEntropy(0.3, Squash.NONE), Tensor.zeros(4, 9), Tensor.zeros(4), RowFacts.NONE);
    assertEquals(Math.log(9), found, 1e-6);
  }

  @Test
  void sumsAreThoseOfPyTorchAndOfTheirParts() {
    try (Safetensors python = python()) {
      Tensor p = python.read("predicted");
      Tensor t = python.read("target");
      check(python, "mse-unit", LossTest.value(new MeanSquared(Length.UNIT), p, t, RowFacts.NONE));
      WeightedSum atm =
          new WeightedSum(
              List.of(Part.of("info-nce", UNIT, 0.99), Part.of("l1", new MeanAbsolute(), 0.01)));
      check(python, "sum", LossTest.value(atm, p, t, RowFacts.NONE));
      WeightedSum bound = RecordBinder.bind(RecordBinder.tree(atm), WeightedSum.class);
      assertEquals(atm, bound);
    }
  }

  private static double atProgress(Loss loss, Tensor p, Tensor t, double progress) {
    return LossTest.value(loss, p, t, Optional.empty(), progress);
  }

  @Test
  void partsCountInTheirTimeWithMovingWeights() {
    Tensor p = LossTest.normal("p", 6, 4);
    Tensor t = LossTest.normal("t", 6, 4);
    Part mixed = Part.of("bimixco", BiMixCo.defaults(), 1).during(0, 0.25);
    Part soft = Part.of("soft-clip", SoftClip.defaults(), 2).during(0.25, 1);
    Part squares = Part.of("mse", new MeanSquared(), 4).towards(0);
    WeightedSum sum = new WeightedSum(List.of(mixed, soft, squares));
    double mse = atProgress(new MeanSquared(), p, t, 0);
    assertEquals(atProgress(BiMixCo.defaults(), p, t, 0) + 4 * mse, atProgress(sum, p, t, 0), 1e-4);
    double half = atProgress(SoftClip.defaults(), p, t, 1 / 3.0);
    assertEquals(2 * half + 2 * mse, atProgress(sum, p, t, 0.5), 1e-4);
    assertEquals(2 * atProgress(SoftClip.defaults(), p, t, 1), atProgress(sum, p, t, 1), 1e-4);
    assertEquals(BiMixCo.defaults().mixing(0), sum.mixing(0.1));
    assertTrue(sum.mixing(0.3).isEmpty());
  }

  @Test
  void partsSeeTheirHeadsAndTargets() {
    Tensor p = LossTest.normal("p", 6, 4);
    Tensor t = LossTest.normal("t", 6, 4);
    Tensor latent = LossTest.normal("latent", 6, 2, 3);
    Tensor picture = LossTest.normal("picture", 6, 2, 3);
    Part main = Part.of("mse", new MeanSquared(), 1);
    Part low =
        Part.of("l1", new MeanAbsolute(), 0.5)
            .between(Optional.of("latent"), Optional.of("picture"));
    WeightedSum sum = new WeightedSum(List.of(main, low));
    double expected =
        atProgress(new MeanSquared(), p, t, 0)
            + 0.5 * atProgress(new MeanAbsolute(), latent, picture, 0);
    double found =
        LossTest.value(
            sum,
            () ->
                new LossBatch(
                    Value.of(p),
                    Value.of(t),
                    RowFacts.NONE,
                    new LossBatch.Further(
                        Map.of("latent", Value.of(latent)), Map.of("picture", Value.of(picture))),
                    0));
    assertEquals(expected, found, 1e-6);
    RecipeException unknown =
        assertThrows(RecipeException.class, () -> LossTest.value(sum, p, t, RowFacts.NONE));
    assertTrue(unknown.getMessage().contains("latent"), unknown.getMessage());
  }

  @Test
  void sumsThatCannotBeAreRefused() {
    Part early = Part.of("mse", new MeanSquared(), 1).during(0, 0.5);
    assertThrows(IllegalArgumentException.class, () -> new WeightedSum(List.of(early)));
    assertThrows(IllegalArgumentException.class, () -> early.during(0.6, 0.4));
    WeightedSum twice =
        new WeightedSum(
            List.of(
                Part.of("bimixco", BiMixCo.defaults(), 1),
                Part.of("bimixco", new BiMixCo(0.1, 0.2, 0.3), 1)));
    assertThrows(RecipeException.class, () -> twice.mixing(0));
    String settings = "{\"parts\":[{\"loss\":\"mse\"},{\"loss\":\"info-nc\"}]}";
    RecipeException typo =
        assertThrows(
            RecipeException.class,
            () ->
                RecordBinder.bind(
                    new com.fasterxml.jackson.databind.ObjectMapper().readTree(settings),
                    WeightedSum.class));
    assertTrue(typo.getMessage().contains("info-nce"), typo.getMessage());
  }
}
