package io.noesis.encoders.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.Architecture;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.ridge.GaussianInversion;
import io.noesis.encoders.ridge.InversionModel;
import io.noesis.encoders.ridge.InversionSpec;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** {@link GaussianInversion} of voxels or of flattened epochs; draws nothing at random. */
final class GaussianInversionArchitecture implements Architecture {
  static final String NAME = "gaussian-inversion";

  @Override
  public Class<? extends Record> settings() {
    return InversionSpec.class;
  }

  @Override
  public BrainEncoder fit(TrainingRows rows, JsonNode settings, Fitting fitting) {
    InversionSpec spec = RecordBinder.bind(settings, InversionSpec.class, "encoder.settings");
    Tensor x = RidgeArchitecture.flat(rows.responses());
    long needed = GaussianInversion.bytes(x.dim(0), x.dim(1), rows.targets().dim(1));
    long limit = Runtime.getRuntime().maxMemory();
    if (needed > limit) {
      throw new RecipeException(
          String.format(
              Locale.ROOT,
              "fitting %s to %d trials of %d numbers would need about %d MB, the limit is %d MB;"
                  + " raise it (NOESIS_JAVA_OPTS=-Xmx...), use a smaller mask, or ridge.",
              NAME,
              x.dim(0),
              x.dim(1),
              needed >> 20,
              limit >> 20));
    }
    int[] groups = RidgeArchitecture.numbered(rows.groups());
    return new Inversion(GaussianInversion.fit(x, rows.targets(), groups, spec));
  }

  @Override
  public BrainEncoder load(Path file) {
    return new Inversion(InversionModel.load(file));
  }

  /** What was chosen, in words that begin alike. */
  static Map<String, String> facts(InversionModel model, String begin) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        begin + "noise taken as independent between voxels",
        String.format(Locale.ROOT, "%.0f %%", 100 * model.independence()));
    facts.put(
        begin + "weights' variances go with the targets' to the power",
        String.format(Locale.ROOT, "%.1f", model.exponent()));
    return facts;
  }

  private record Inversion(InversionModel model) implements BrainEncoder {
    @Override
    public Tensor encode(Tensor responses) {
      return model.predict(RidgeArchitecture.flat(responses));
    }

    @Override
    public Map<String, String> facts() {
      return GaussianInversionArchitecture.facts(model, "");
    }

    @Override
    public void save(Path file, Map<String, String> metadata) {
      model.save(file, metadata);
    }

    @Override
    public void export(Path file, Map<String, String> metadata) {
      LinearGraph.write(file, NAME, model.weights(), model.intercept(), metadata);
    }
  }
}
