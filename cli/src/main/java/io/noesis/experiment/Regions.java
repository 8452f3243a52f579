package io.noesis.experiment;

import io.noesis.ingest.study.ColumnChoice;
import io.noesis.ingest.study.RoiAtlas;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.run.DataException;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The regions without which one subject's test responses are decoded.
 *
 * @param columns of the responses that are decoded from, by region
 */
record Regions(Map<String, List<Integer>> columns) {
  /** None. */
  static final Regions NONE = new Regions(Map.of());

  Regions {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }

  /**
   * The regions of all subjects.
   *
   * @param spec which
   * @param atlases where they are
   */
  record OfAll(AblationSpec spec, Atlases atlases) {
    /**
     * Opens the atlases before anything is read.
     *
     * @param spec which regions; empty for none
     * @param root the study's folder
     * @param subjects all whom the recipe names
     * @throws io.noesis.run.RecipeException when an atlas has no such region
     * @throws DataException when an atlas is missing or damaged
     */
    static Optional<OfAll> of(Optional<AblationSpec> spec, Path root, List<String> subjects) {
      return spec.map(s -> new OfAll(s, Atlases.of(s.atlas(), s.rois(), root, subjects)));
    }

    /** Part of the identity of a run. */
    String identity() {
      return "ablation " + atlases.fingerprint() + "\n";
    }

    /**
     * The regions of a subject.
     *
     * @param all its responses as they were read
     * @param choice those that are decoded from; empty for all
     * @throws DataException when the atlas does not fit, or a region that was named has no column
     */
    Regions of(SubjectResponses all, Optional<ColumnChoice> choice) {
      RoiAtlas atlas = atlases.of(all.subject());
      Map<String, List<Integer>> columns = new LinkedHashMap<>();
      for (String roi : spec.rois().isEmpty() ? atlas.rois() : spec.rois()) {
        List<Integer> own = kept(atlas.columns(roi, all), choice);
        if (own.isEmpty() && !spec.rois().isEmpty()) {
          throw new DataException(
              "decoding subject "
                  + all.subject()
                  + " without '"
                  + roi
                  + "' of "
                  + spec.atlas()
                  + ": none of the columns that are decoded from lies there. Leave it out of"
                  + " evaluation.ablation.rois.");
        }
        if (!own.isEmpty()) {
          columns.put(roi, own);
        }
      }
      return new Regions(columns);
    }

    private static List<Integer> kept(List<Integer> columns, Optional<ColumnChoice> choice) {
      return choice
          .map(
              c -> {
                Set<Integer> there = new HashSet<>(columns);
                return IntStream.range(0, c.columns().size())
                    .filter(i -> there.contains(c.columns().get(i)))
                    .boxed()
                    .toList();
              })
          .orElse(columns);
    }
  }

  /**
   * Responses without a region.
   *
   * @param region its name
   * @param responses {@code [rows, columns, ...]}, prepared
   * @return a copy with zeros
   */
  Tensor without(String region, Tensor responses) {
    float[] values = responses.array().clone();
    int rows = responses.dim(0);
    int width = responses.dim(1);
    int each = rows == 0 ? 0 : values.length / rows / width;
    for (int row = 0; row < rows; row++) {
      for (int column : Objects.requireNonNull(columns.get(region))) {
        int start = (row * width + column) * each;
        Arrays.fill(values, start, start + each, 0);
      }
    }
    return Tensor.wrap(values, responses.shape().toArray());
  }
}
