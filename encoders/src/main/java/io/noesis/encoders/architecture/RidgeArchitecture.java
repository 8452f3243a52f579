package io.noesis.encoders.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.Architecture;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.ridge.Ridge;
import io.noesis.encoders.ridge.RidgeModel;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.run.RecordBinder;
import io.noesis.tensor.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ridge as a brain encoder, of voxels or of flattened epochs; draws nothing at random. */
final class RidgeArchitecture implements Architecture {
  @Override
  public Class<? extends Record> settings() {
    return RidgeSpec.class;
  }

  @Override
  public BrainEncoder fit(TrainingRows rows, JsonNode settings, Fitting fitting) {
    RidgeSpec spec = RecordBinder.bind(settings, RidgeSpec.class, "encoder.settings");
    int[] groups = numbered(rows.groups());
    Tensor x = flat(rows.responses());
    return fitting
        .streaming()
        .map(where -> StreamedRidgeEncoder.fit(x, groups, spec, where))
        .orElseGet(() -> new RidgeEncoder(Ridge.fit(x, rows.targets(), groups, spec)));
  }

  @Override
  public BrainEncoder load(Path file) {
    return StreamedRidgeEncoder.at(file).orElseGet(() -> new RidgeEncoder(RidgeModel.load(file)));
  }

  /** Epochs {@code [trials, channels, samples]} as rows of features. */
  static Tensor flat(Tensor responses) {
    return responses.shape().rank() == 2
        ? responses
        : responses.reshape(responses.dim(0), responses.size() / Math.max(1, responses.dim(0)));
  }

  static int[] numbered(List<String> labels) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    return labels.stream()
        .mapToInt(label -> numbers.computeIfAbsent(label, l -> numbers.size()))
        .toArray();
  }

  /** What the report says of the penalties of all targets. */
  static Map<String, String> penalty(double[] penalties) {
    double low = java.util.Arrays.stream(penalties).min().orElse(0);
    double high = java.util.Arrays.stream(penalties).max().orElse(0);
    return Map.of("ridge penalty", low == high ? words(low) : words(low) + " to " + words(high));
  }

  /** A penalty with three digits: 0.001, 1000. */
  static String words(double penalty) {
    return new BigDecimal(penalty, new MathContext(3)).stripTrailingZeros().toPlainString();
  }

  private record RidgeEncoder(RidgeModel model) implements BrainEncoder {
    @Override
    public Tensor encode(Tensor responses) {
      return model.predict(flat(responses));
    }

    @Override
    public Map<String, String> facts() {
      return penalty(model.penalties());
    }

    @Override
    public void save(Path file, Map<String, String> metadata) {
      model.save(file, metadata);
    }

    @Override
    public void export(Path file, Map<String, String> metadata) {
      LinearGraph.write(file, "ridge", model.weights(), model.intercept(), metadata);
    }
  }
}
