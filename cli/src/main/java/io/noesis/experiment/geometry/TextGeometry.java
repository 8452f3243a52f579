package io.noesis.experiment.geometry;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.SentenceEncoder;
import io.noesis.alignment.geometry.Rdm;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.tensor.Matrix;
import java.util.List;

/** {@code 1 - r} of sentence embeddings. */
final class TextGeometry {
  private TextGeometry() {}

  static ModelGeometry make(
      String name, TextSettings settings, Conditions conditions, Progress progress) {
    List<String> texts = conditions.texts(settings.column());
    List<String> different = texts.stream().distinct().toList();
    if (different.size() < 3) {
      throw new DataException(
          "making the geometry of "
              + name
              + ": the column '"
              + settings.column()
              + "' holds "
              + different.size()
              + " different texts, expected at least 3. Take another column.");
    }
    try (SentenceEncoder encoder = SentenceEncoder.miniLm()) {
      Embeddings found = encoder.encode(different, different, progress);
      Rdm ofTexts = Rdm.ofPatterns(name, different, found.values());
      return new ModelGeometry(
          Rdm.ofMatrix(name, conditions.ids(), spread(ofTexts, texts)),
          String.format(
              "embedding (%d numbers) by %s of the words in the column '%s' (%d different), 1 - r",
              encoder.space().dim(), encoder.space().model(), settings.column(), different.size()),
          Fingerprint.ofText(encoder.fingerprint() + "\n" + String.join("\n", texts)));
    }
  }

  /** Equal texts get equal distances to the last bit: rank correlations tell ties from noise. */
  private static Matrix spread(Rdm ofTexts, List<String> texts) {
    int[] which = texts.stream().mapToInt(ofTexts.conditions()::indexOf).toArray();
    Matrix out = Matrix.zeros(which.length, which.length);
    for (int i = 0; i < which.length; i++) {
      for (int j = 0; j < which.length; j++) {
        out.array()[i * which.length + j] = ofTexts.at(which[i], which[j]);
      }
    }
    return out;
  }
}
