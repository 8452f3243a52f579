package io.noesis.alignment.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.Score;
import io.noesis.run.Seed;
import io.noesis.tensor.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Struct;

/**
 * The published numbers of real human IT (Kriegeskorte et al. 2008): {@code
 * ../shared/data/kriegeskorte92/README.md}, computed there with SciPy.
 */
class KriegeskorteTest {
  private static final int N = 92;
  private static final List<String> PICTURES =
      IntStream.rangeClosed(1, N).mapToObj(i -> String.format("%02d", i)).toList();
  private static final List<Rdm> SUBJECTS = new ArrayList<>();
  private static final Map<String, Rdm> MODELS = new LinkedHashMap<>();

  @BeforeAll
  static void read() throws IOException {
    Path folder =
        Path.of(System.getProperty("noesis.root"), "..", "shared", "data", "kriegeskorte92");
    assumeTrue(Files.isDirectory(folder), () -> "no recording at " + folder);
    us.hebi.matlab.mat.types.Matrix brain =
        Mat5.readFromFile(folder.resolve("brainRDMs_session1.mat").toFile()).getMatrix("RDMs");
    for (int s = 0; s < brain.getDimensions()[0]; s++) {
      Matrix square = Matrix.zeros(N, N);
      for (int k = 0; k < N * N; k++) {
        square.array()[k] = brain.getDouble(new int[] {s, k / N, k % N});
      }
      SUBJECTS.add(Rdm.ofMatrix("subject " + s, PICTURES, square));
    }
    Struct models =
        Mat5.readFromFile(folder.resolve("92_modelRDMs.mat").toFile()).getStruct("Models");
    for (int m = 0; m < models.getNumElements(); m++) {
      us.hebi.matlab.mat.types.Matrix values = models.getMatrix("RDM", m);
      Matrix square = Matrix.zeros(N, N);
      for (int k = 0; k < N * N; k++) {
        square.array()[k] = values.getDouble(k / N, k % N);
      }
      String name = models.getChar("name", m).getString();
      MODELS.put(name, Rdm.ofMatrix(name, PICTURES, square));
    }
  }

  @Test
  void modelsAgreeWithHumanItAsPublished() {
    Map<String, Double> published =
        Map.of(
            "animacy", 0.299,
            "monkeyIT", 0.238,
            "FaceBodyManmadeNatobj", 0.208,
            "EVA", 0.205,
            "HMAX", 0.091,
            "Silhouette", 0.066,
            "RADON", 0.045,
            "V1", 0.017);
    assertEquals(published.keySet(), MODELS.keySet());
    published.forEach(
        (name, value) -> {
          double[] each = Rsa.bySubject(SUBJECTS, MODELS.get(name), RdmComparison.SPEARMAN);
          assertEquals(4, each.length);
          assertEquals(value, java.util.Arrays.stream(each).average().orElseThrow(), 5e-4, name);
        });
  }

  @Test
  void theNoiseCeilingAsPublished() {
    NoiseCeiling ceiling =
        NoiseCeiling.of(SUBJECTS, RdmComparison.SPEARMAN, NoiseCeiling.Pooling.DISTANCES);
    assertEquals(0.240, ceiling.lower(), 5e-4);
    assertEquals(0.596, ceiling.upper(), 5e-4);
    NoiseCeiling ranks =
        NoiseCeiling.of(SUBJECTS, RdmComparison.SPEARMAN, NoiseCeiling.Pooling.RANKS);
    assertTrue(ranks.upper() > ceiling.upper());
  }

  @Test
  void animacyIsFarFromItsNullAndV1IsNot() {
    Resampling plan = Resampling.standard(Seed.of(92));
    Score animacy = Rsa.score(SUBJECTS, MODELS.get("animacy"), Rsa.Settings.SPEARMAN, plan);
    assertTrue(animacy.aboveChance(0.01), animacy::toString);
    assertTrue(animacy.low() > 0.2 && animacy.high() < 0.4, animacy::toString);
    assertEquals("rsa.spearman@92", animacy.metric());
    Score v1 = Rsa.score(SUBJECTS, MODELS.get("V1"), Rsa.Settings.SPEARMAN, plan);
    assertTrue(v1.insideNull(), v1::toString);
  }
}
