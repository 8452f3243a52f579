package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.ridge.BandedSpec;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.run.Check;
import io.noesis.run.RecipeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The settings of banded ridge as a decoder: bands of voxels, each with a penalty of its own, so
 * that regions that say little are trusted little.
 *
 * @param bands how many columns each band has, in the order of the columns (ROIs behind each other,
 *     channels of flattened epochs); empty to cut parcels
 * @param parcels where no bands are given: into how many parcels of neighbouring voxels the mask is
 *     cut, halved along its longest extent again and again; needs the coordinates of the voxels
 * @param ridge penalties, one for all targets or one for each, and how they are compared
 * @param candidates how many weightings of the bands are drawn and tried; all bands alike, which is
 *     ridge, is tried before
 * @param concentrations of the Dirichlet distribution that they are drawn from, in turn
 */
public record BandedRidgeSettings(
    List<Integer> bands,
    int parcels,
    RidgeSpec ridge,
    int candidates,
    List<Double> concentrations) {
  /** Checks the numbers and copies the lists. */
  public BandedRidgeSettings {
    bands = List.copyOf(bands);
    concentrations = List.copyOf(concentrations);
    Check.argument(
        bands.stream().allMatch(size -> size >= 1),
        "bands: expected at least 1 column in each, found %s",
        bands);
    Check.argument(parcels >= 1, "parcels: expected at least 1, found %d", parcels);
    Check.argument(candidates >= 0, "candidates: expected at least 0, found %d", candidates);
    spec(ridge, candidates, concentrations, 1);
  }

  /** Eight parcels, 100 weightings at concentrations 0.1 and 1, one for all targets. */
  public static BandedRidgeSettings defaults() {
    return new BandedRidgeSettings(List.of(), 8, RidgeSpec.defaults(), 100, List.of(0.1, 1.0));
  }

  private static BandedSpec spec(
      RidgeSpec ridge, int candidates, List<Double> concentrations, int count) {
    return new BandedSpec(
        ridge, candidates, concentrations, List.of(Collections.nCopies(count, 1.0)));
  }

  BandedSpec spec(int count) {
    return spec(ridge, candidates, concentrations, count);
  }

  /**
   * The columns of each band.
   *
   * @param rows training rows
   * @param columns how many columns their flattened responses have
   * @throws RecipeException when the bands do not make up the columns
   */
  List<int[]> columns(TrainingRows rows, int columns) {
    if (bands.isEmpty()) {
      return PatchTable.of(NetworkSizes.of(rows), BandedRidgeArchitecture.NAME)
          .parcels(parcels)
          .get(0)
          .members()
          .stream()
          .map(members -> members.stream().mapToInt(i -> i).sorted().toArray())
          .toList();
    }
    int sum = bands.stream().mapToInt(i -> i).sum();
    if (sum != columns) {
      throw new RecipeException(
          "encoder.settings.bands: the bands "
              + bands
              + " have "
              + sum
              + " columns together, the responses "
              + columns
              + ". Give the number of columns of each band, or leave bands out to cut parcels.");
    }
    List<int[]> out = new ArrayList<>();
    int from = 0;
    for (int size : bands) {
      out.add(IntStream.range(from, from + size).toArray());
      from += size;
    }
    return out;
  }
}
