package io.noesis.experiment;

import io.noesis.run.AtomicFile;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.Npy;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * A small simulated study of distances: twenty pictures of four categories, three subjects whose
 * distances are those of hidden features with noise of their own, a model that knows the features,
 * and one that knows nothing.
 */
final class SimulatedGeometry {
  static final int CONDITIONS = 20;
  static final int SUBJECTS = 3;
  private static final String[] CATEGORIES = {"human face", "house", "shoe", "wild animal"};
  private static final int FEATURES = 6;

  private SimulatedGeometry() {}

  /** Writes the study and a manifest for it; returns the manifest. */
  static Path write(Path root) throws IOException {
    Seed seed = Seed.of(92);
    double[][] truth = features(seed.child("truth").random());
    double[] all = new double[SUBJECTS * CONDITIONS * CONDITIONS];
    for (int s = 0; s < SUBJECTS; s++) {
      double[][] own = noisy(truth, 0.6, seed.child("subject" + s).random());
      System.arraycopy(
          distances(own), 0, all, s * CONDITIONS * CONDITIONS, CONDITIONS * CONDITIONS);
    }
    Npy.write(root.resolve("rdms.npy"), DoubleArray.wrap(all, SUBJECTS, CONDITIONS, CONDITIONS));
    Npy.write(root.resolve("truth.npy"), square(truth));
    Npy.write(
        root.resolve("nothing.npy"),
        square(noisy(new double[CONDITIONS][FEATURES], 1, seed.child("nothing").random())));
    StringBuilder table = new StringBuilder("id\timage\tcategory\n");
    for (int i = 0; i < CONDITIONS; i++) {
      String picture = "pictures/" + i + ".png";
      draw(root.resolve(picture), i);
      table.append("c" + i + "\t" + picture + "\t" + CATEGORIES[i % CATEGORIES.length] + "\n");
    }
    AtomicFile.writeText(root.resolve("stimuli.tsv"), table.toString());
    Path manifest = root.resolve("manifest.yaml");
    AtomicFile.writeText(manifest, MANIFEST);
    return manifest;
  }

  private static final String MANIFEST =
      """
      name: simulated-geometry
      title: Simulated distances
      description: Twenty pictures, three simulated people.
      origin: simulated
      modality: fmri
      licence: Apache-2.0
      terms: ""
      citation: ""
      settings:
        rdms: rdms.npy
        subjects: [a, b, c]
        stimuli: stimuli.tsv
      traps:
        - It is small.
      """;

  /** A recipe for that manifest, with few draws. */
  static String recipe(Path manifest) {
    return """
        kind: geometry
        name: simulated-geometry
        title: Models against simulated distances
        seed: 3
        study: {manifest: "%s"}
        models:
          - {name: nothing, of: matrix, settings: {file: nothing.npy}}
          - {name: truth, of: matrix, settings: {file: truth.npy}}
          - {name: words, of: text}
          - {name: pixels, of: pixels, settings: {side: 8}}
        evaluation: {permutations: 199, bootstraps: 99}
        """
        .formatted(manifest);
  }

  private static double[][] features(PinnedRandom random) {
    double[][] centres = noisy(new double[CATEGORIES.length][FEATURES], 2, random);
    double[][] out = new double[CONDITIONS][];
    for (int i = 0; i < CONDITIONS; i++) {
      out[i] = centres[i % CATEGORIES.length];
    }
    return noisy(out, 0.5, random);
  }

  private static double[][] noisy(double[][] values, double sigma, PinnedRandom random) {
    double[][] out = new double[values.length][];
    for (int i = 0; i < values.length; i++) {
      out[i] = values[i].clone();
      for (int f = 0; f < out[i].length; f++) {
        out[i][f] += sigma * random.nextGaussian();
      }
    }
    return out;
  }

  private static DoubleArray square(double[][] features) {
    return DoubleArray.wrap(distances(features), CONDITIONS, CONDITIONS);
  }

  /** Euclidean: symmetric, zero on the diagonal. */
  private static double[] distances(double[][] features) {
    double[] out = new double[features.length * features.length];
    for (int i = 0; i < features.length; i++) {
      for (int j = 0; j < features.length; j++) {
        double sum = 0;
        for (int f = 0; f < features[i].length; f++) {
          sum += Math.pow(features[i][f] - features[j][f], 2);
        }
        out[i * features.length + j] = Math.sqrt(sum);
      }
    }
    return out;
  }

  private static void draw(Path file, int number) throws IOException {
    BufferedImage image = new BufferedImage(24, 24, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(Color.getHSBColor(number / (float) CONDITIONS, 0.8f, 0.9f));
    g.fillRect(2 + number % 4 * 4, 2 + number % 5 * 3, 6 + number % 3, 9);
    g.dispose();
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }
}
