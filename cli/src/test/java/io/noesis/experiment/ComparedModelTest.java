package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.geometry.Rdm;
import io.noesis.alignment.score.Score;
import io.noesis.experiment.geometry.ModelGeometry;
import io.noesis.tensor.Matrix;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ComparedModelTest {
  /** The numbers of R: {@code p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.04), "holm")}. */
  @Test
  void holmAsInR() {
    double[] p = {0.01, 0.04, 0.03, 0.005, 0.04};
    double[] expected = {0.04, 0.09, 0.09, 0.025, 0.09};
    List<ComparedModel> corrected =
        ComparedModel.corrected(
            IntStream.range(0, p.length).mapToObj(i -> model("m" + i, p[i])).toList());
    for (int i = 0; i < p.length; i++) {
      assertEquals("m" + i, corrected.get(i).name());
      assertEquals(expected[i], corrected.get(i).pHolm(), 1e-15, "m" + i);
      assertEquals(p[i], corrected.get(i).score().p());
    }
    assertTrue(corrected.get(0).aboveChance());
    assertFalse(corrected.get(2).aboveChance(), "0.03 alone is not enough among five");
    assertEquals(0.04, ComparedModel.corrected(List.of(model("one", 0.04))).get(0).pHolm());
    assertEquals(
        1, ComparedModel.corrected(List.of(model("a", 0.9), model("b", 0.8))).get(0).pHolm());
  }

  private static ComparedModel model(String name, double p) {
    Rdm rdm = Rdm.ofMatrix(name, List.of("a", "b", "c"), Matrix.zeros(3, 3));
    Score score =
        new Score(
            "rsa.spearman@3",
            0.5,
            0.4,
            0.6,
            0,
            -0.1,
            0.1,
            p,
            3,
            "condition",
            Score.Direction.HIGHER,
            OptionalDouble.empty(),
            "");
    return new ComparedModel(new ModelGeometry(rdm, "", ""), score, new double[] {0.5});
  }
}
