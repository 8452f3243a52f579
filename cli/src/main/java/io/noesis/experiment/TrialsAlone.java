package io.noesis.experiment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.audit.Alone;
import io.noesis.encoders.BrainEncoder;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What one subject's test rows are decoded to when each is decoded by itself, for the audit {@code
 * TRANSDUCTIVE}. While a fold is decoded its first rows are encoded alone and compared with what
 * the encoder made of them among the others, before a diffusion prior, whose noise depends on the
 * row. Where that differs, every row is decoded alone. What rescaling does to rows is no part of a
 * row alone.
 */
final class TrialsAlone {
  private static final int FIRST = 3;
  private static final String DIFFERENCE = "difference";

  private final EncoderSpec encoder;
  private final String subject;
  private final List<Tensor> values = new ArrayList<>();
  private final ArrayNode folds = YamlTree.emptyMapping().putArray("folds");
  private int compared;
  private double largest;

  /**
   * @param encoder the recipe's
   * @param subject label
   */
  TrialsAlone(EncoderSpec encoder, String subject) {
    this.encoder = encoder;
    this.subject = subject;
  }

  /**
   * Compares one fold.
   *
   * @param name of the fold
   * @param of its rows
   * @param trained its encoder
   * @param together its test rows as they were decoded, {@code [rows, dim]}
   * @param decoding decodes them by another encoder
   * @return what the run is to keep of the test rows: rescaled as the recipe says
   */
  Tensor compare(
      String name,
      FoldRows of,
      BrainEncoder trained,
      Tensor together,
      Function<BrainEncoder, Tensor> decoding) {
    BrainEncoder alone = new OneByOne(trained);
    int[] first = IntStream.range(0, Math.min(FIRST, of.test().dim(0))).toArray();
    Map<String, Tensor> told = new HashMap<>();
    of.told().forEach((feature, rows) -> told.put(feature, rows.rows(first)));
    Tensor among =
        encoder.prior().isEmpty()
            ? together
            : EncoderSpec.flat(trained.encode(of.test(), subject, of.told()));
    double ofFirst =
        difference(
            EncoderSpec.flat(alone.encode(of.test().rows(first), subject, told)),
            among.rows(first),
            largest(among));
    Tensor each = Alone.same(ofFirst) ? together : decoding.apply(alone);
    Tensor kept = encoder.rescale().of(together, of);
    double difference = Math.max(ofFirst, difference(each, kept, largest(kept)));
    values.add(each);
    int trials = Alone.same(difference) ? first.length : each.dim(0);
    compared += trials;
    largest = Math.max(largest, difference);
    ObjectNode fold = folds.addObject();
    fold.put("fold", name);
    fold.put("trials", trials);
    fold.put(DIFFERENCE, difference);
    return kept;
  }

  private static double largest(Tensor rows) {
    double largest = 0;
    for (float value : rows.array()) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static double difference(Tensor one, Tensor other, double largest) {
    double furthest = 0;
    for (int i = 0; i < one.size(); i++) {
      furthest = Math.max(furthest, Math.abs(one.array()[i] - (double) other.array()[i]));
    }
    return largest == 0 ? furthest : furthest / largest;
  }

  /** Writes what was found and, where it differs, what all rows are decoded to alone. */
  void end(RunFolder run) {
    if (!Alone.same(largest)) {
      Npy.write(run.file(values(subject)), Tensor.concatenate(values.toArray(Tensor[]::new)));
    }
    ObjectNode json = YamlTree.emptyMapping();
    json.put("trials", compared);
    json.put(DIFFERENCE, largest);
    json.set("folds", folds);
    run.writeJson(file(subject), json);
  }

  /**
   * What was found.
   *
   * @param trials how many were compared: the first of each fold, all where they differ
   * @param difference the largest, relative to the largest number decoded
   * @param decoded the test rows, each alone; empty where that makes no difference
   */
  record Found(int trials, double difference, Optional<Decoded> decoded) {}

  /** Reads it; empty where a run was trained by a version that did not compare. */
  static Optional<Found> read(RunFolder run, Decoded decoded) {
    return run.readJsonIfThere(file(decoded.subject()))
        .map(
            json -> {
              double difference = json.path(DIFFERENCE).asDouble(Double.NaN);
              return new Found(
                  json.path("trials").asInt(),
                  difference,
                  Alone.same(difference)
                      ? Optional.empty()
                      : Optional.of(
                          decoded.with(
                              Npy.read(run.file(values(decoded.subject()))),
                              decoded.trainingMeans())));
            });
  }

  private static String file(String subject) {
    return Decoded.folder(subject) + "/alone.json";
  }

  private static String values(String subject) {
    return Decoded.folder(subject) + "/decoded_alone.npy";
  }
}
