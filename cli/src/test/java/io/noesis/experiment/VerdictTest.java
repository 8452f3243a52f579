package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.report.Report;
import io.noesis.report.ScoreLine;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictTest {
  @TempDir Path temporary;

  /** Other lines may say "better than chance" by accident: the words name the score that judges. */
  @Test
  void theVerdictIsThatOfThePrimaryScoreAndSaysSo() {
    Path study = SmallPeople.write(temporary.resolve("study"));
    Execution execution =
        SmallPeople.execution(study, temporary.resolve("run"))
            .withSubjects(List.of("01"))
            .withAllowed(Set.of("NO-SIGNAL"));
    Report report =
        new Experiment(
                DecodingRecipe.of(
                    Recipes.tree(
                        "simulated",
                        List.of(
                            "control=shuffled-ids",
                            "evaluation.permutations=99",
                            "evaluation.bootstraps=99"))),
                execution)
            .run();
    List<ScoreLine> scores = report.subjects().get(0).scores();
    ScoreLine primary =
        scores.stream()
            .filter(s -> s.metric().startsWith("image_from_brain.two_way@"))
            .findFirst()
            .orElseThrow();
    assertTrue(scores.indexOf(primary) > 0, "it is not the first line");
    assertTrue(primary.standing() != ScoreLine.Standing.BETTER, primary::toString);
    assertEquals(
        "Control, shuffled ids: no decoding above chance by the primary score ("
            + primary.label()
            + "), as it must be",
        report.verdict().headline());
    assertTrue(
        report.verdict().details().get(0).startsWith("Subject 01: " + primary.label() + " 0."),
        report.verdict().details()::toString);
  }
}
