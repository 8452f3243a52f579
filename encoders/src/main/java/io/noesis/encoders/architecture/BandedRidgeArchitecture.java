package io.noesis.encoders.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.Architecture;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.ridge.BandedModel;
import io.noesis.encoders.ridge.BandedRidge;
import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecordBinder;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Banded ridge as a brain encoder: bands of voxels with a penalty each, found by random search
 * (Dupré la Tour et al. 2022, doi:10.1016/j.neuroimage.2022.119728). Weightings are drawn from the
 * seed.
 */
final class BandedRidgeArchitecture implements Architecture {
  static final String NAME = "banded-ridge";

  private static final String FORMAT = "noesis-banded-ridge";
  private static final String VERSION = "1";

  @Override
  public Class<? extends Record> settings() {
    return BandedRidgeSettings.class;
  }

  @Override
  public BrainEncoder fit(TrainingRows rows, JsonNode settings, Fitting fitting) {
    BandedRidgeSettings of =
        RecordBinder.bind(settings, BandedRidgeSettings.class, "encoder.settings");
    Tensor x = RidgeArchitecture.flat(rows.responses());
    List<int[]> bands = of.columns(rows, x.dim(1));
    List<Tensor> spaces = bands.stream().map(columns -> columns(x, columns)).toList();
    BandedModel model =
        BandedRidge.fit(
            spaces,
            rows.targets(),
            RidgeArchitecture.numbered(rows.groups()),
            of.spec(bands.size()),
            fitting.seed().child("bands"),
            Progress.NONE);
    int dims = rows.targets().dim(1);
    Tensor weights = Tensor.zeros(x.dim(1), dims);
    for (int band = 0; band < bands.size(); band++) {
      float[] own = model.weights().get(band).array();
      int[] columns = bands.get(band);
      for (int c = 0; c < columns.length; c++) {
        System.arraycopy(own, c * dims, weights.array(), columns[c] * dims, dims);
      }
    }
    return new BandedEncoder(weights, model.intercept(), model.penalties());
  }

  private static Tensor columns(Tensor x, int[] columns) {
    Tensor out = Tensor.zeros(x.dim(0), columns.length);
    int width = x.dim(1);
    for (int r = 0; r < x.dim(0); r++) {
      for (int c = 0; c < columns.length; c++) {
        out.array()[r * columns.length + c] = x.array()[r * width + columns[c]];
      }
    }
    return out;
  }

  @Override
  public BrainEncoder load(Path file) {
    try (Safetensors in = Safetensors.open(file)) {
      in.requireFormat(
          "loading banded ridge from " + file,
          FORMAT,
          VERSION,
          "Choose a file written by a run of banded ridge of this release.");
      Tensor weights = in.read("weights");
      Tensor intercept = in.read("intercept");
      DoubleArray penalties = in.readDoubles("penalties");
      if (weights.shape().rank() != 2
          || penalties.shape().rank() != 2
          || intercept.size() != weights.dim(1)
          || penalties.shape().dim(1) != weights.dim(1)) {
        throw new ModelException(
            "loading banded ridge from "
                + file
                + ": weights "
                + weights.shape()
                + ", intercept "
                + intercept.shape()
                + " and penalties "
                + penalties.shape()
                + " do not belong together. Fit it again.");
      }
      return new BandedEncoder(
          weights,
          intercept,
          Matrix.wrap(penalties.shape().dim(0), weights.dim(1), penalties.array()));
    } catch (DataException e) {
      throw new ModelException("loading banded ridge: " + e.getMessage(), e);
    }
  }

  /**
   * A fitted one.
   *
   * @param weights W {@code [voxels, dim]}
   * @param intercept b {@code [dim]}
   * @param penalties of each band for each target {@code [bands, dim]}; infinite for a band that is
   *     not looked at
   */
  private record BandedEncoder(Tensor weights, Tensor intercept, Matrix penalties)
      implements BrainEncoder {
    @Override
    public Tensor encode(Tensor responses) {
      Tensor x = RidgeArchitecture.flat(responses);
      Check.argument(
          x.dim(1) == weights.dim(0),
          "predicting with banded ridge: expected responses [trials, %d] as in training, found %s;"
              + " use the same mask",
          weights.dim(0),
          x.shape());
      Matrix out = LinearAlgebra.multiplyInDouble(x, weights);
      for (int i = 0; i < out.array().length; i++) {
        out.array()[i] += intercept.array()[i % intercept.size()];
      }
      return out.toTensor();
    }

    @Override
    public Map<String, String> facts() {
      Map<String, String> facts = new LinkedHashMap<>();
      facts.put(
          "ridge penalty of each band",
          IntStream.range(0, penalties.rows())
              .mapToObj(this::typical)
              .collect(Collectors.joining(", ")));
      return facts;
    }

    /** The median over targets; ∞ for a band that most targets do not look at. */
    private String typical(int band) {
      int dims = penalties.columns();
      double[] own = Arrays.copyOfRange(penalties.array(), band * dims, (band + 1) * dims);
      Arrays.sort(own);
      double median = own[dims / 2];
      return Double.isInfinite(median) ? "∞" : RidgeArchitecture.words(median);
    }

    @Override
    public void save(Path file, Map<String, String> metadata) {
      SafetensorsWriter out = new SafetensorsWriter().metadata(metadata);
      out.metadata("format", FORMAT)
          .metadata("version", VERSION)
          .add("weights", weights)
          .add("intercept", intercept)
          .add(
              "penalties",
              DoubleArray.wrap(penalties.array().clone(), penalties.rows(), penalties.columns()))
          .write(file);
    }

    @Override
    public void export(Path file, Map<String, String> metadata) {
      LinearGraph.write(file, NAME, weights, intercept, metadata);
    }
  }
}
