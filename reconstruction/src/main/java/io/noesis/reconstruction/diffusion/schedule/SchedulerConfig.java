package io.noesis.reconstruction.diffusion.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.run.ModelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the settings of a {@code scheduler_config.json} as diffusers means them. A key that belongs
 * to other samplers does nothing, since diffusers carries such keys along when one sampler takes
 * another's place; a value that changes the result and is not supported is an error.
 */
final class SchedulerConfig {
  private final JsonNode tree;
  private final String where;

  SchedulerConfig(JsonNode tree, String where) {
    this.tree = tree;
    this.where = where;
  }

  /** How messages begin. */
  String where() {
    return "reading the sampler of " + where;
  }

  SamplingSettings common(SamplingSettings defaults) {
    only("use_flow_sigmas", false);
    only("use_beta_sigmas", false);
    return new SamplingSettings(
        curve(defaults.curve()),
        prediction(defaults.prediction()),
        choice("timestep_spacing", Spacing.values(), Spacing::key, defaults.spacing()),
        whole("steps_offset", defaults.stepsOffset()));
  }

  private NoiseCurve curve(NoiseCurve defaults) {
    return new NoiseCurve(
        whole("num_train_timesteps", defaults.trainSteps()),
        real("beta_start", defaults.betaStart()),
        real("beta_end", defaults.betaEnd()),
        choice("beta_schedule", BetaCurve.values(), BetaCurve::key, defaults.curve()),
        reals("trained_betas"),
        flag("rescale_betas_zero_snr", false) ? NoiseCurve.End.ZERO_SNR : NoiseCurve.End.TRAINED);
  }

  Prediction prediction(Prediction defaults) {
    if (tree.path("prediction_type").asText("").equals("original_sample")) {
      return Prediction.SAMPLE;
    }
    return choice("prediction_type", Prediction.values(), Prediction::key, defaults);
  }

  Optional<Double> clip(Optional<Double> defaults) {
    return flag("clip_sample", defaults.isPresent())
        ? Optional.of(real("clip_sample_range", 1))
        : Optional.empty();
  }

  FinalAlpha finalAlpha(FinalAlpha defaults) {
    return flag("set_alpha_to_one", defaults == FinalAlpha.ONE)
        ? FinalAlpha.ONE
        : FinalAlpha.FIRST_STEP;
  }

  SigmaSpacing sigmas() {
    without("sigma_min");
    without("sigma_max");
    if (flag("use_karras_sigmas", false)) {
      return SigmaSpacing.KARRAS;
    }
    return flag("use_exponential_sigmas", false) ? SigmaSpacing.EXPONENTIAL : SigmaSpacing.TRAINED;
  }

  /** Refuses every other value of a key. */
  void only(String key, boolean value) {
    if (flag(key, value) != value) {
      throw refused(key, "only " + value + " is supported");
    }
  }

  /** Refuses a key that is set at all. */
  void without(String key) {
    if (given(key)) {
      throw refused(key, "only null is supported");
    }
  }

  boolean flag(String key, boolean defaults) {
    if (!given(key)) {
      return defaults;
    }
    if (!tree.get(key).isBoolean()) {
      throw refused(key, "expected true or false");
    }
    return tree.get(key).booleanValue();
  }

  int whole(String key, int defaults) {
    if (!given(key)) {
      return defaults;
    }
    if (!tree.get(key).canConvertToInt() || !tree.get(key).canConvertToExactIntegral()) {
      throw refused(key, "expected a whole number");
    }
    return tree.get(key).intValue();
  }

  double real(String key, double defaults) {
    if (!given(key)) {
      return defaults;
    }
    if (!tree.get(key).isNumber()) {
      throw refused(key, "expected a number");
    }
    return tree.get(key).doubleValue();
  }

  List<Double> reals(String key) {
    List<Double> out = new ArrayList<>();
    for (JsonNode item : array(key)) {
      if (!item.isNumber()) {
        throw refused(key, "expected numbers");
      }
      out.add(item.doubleValue());
    }
    return out;
  }

  List<Integer> wholes(String key) {
    List<Integer> out = new ArrayList<>();
    for (JsonNode item : array(key)) {
      if (!item.canConvertToInt()) {
        throw refused(key, "expected whole numbers");
      }
      out.add(item.intValue());
    }
    return out;
  }

  private Iterable<JsonNode> array(String key) {
    if (!given(key)) {
      return List.of();
    }
    if (!tree.get(key).isArray()) {
      throw refused(key, "expected a list");
    }
    return tree.get(key);
  }

  <T> T choice(String key, T[] choices, Function<T, String> name, T defaults) {
    if (!given(key)) {
      return defaults;
    }
    String wanted = tree.get(key).asText();
    for (T choice : choices) {
      if (name.apply(choice).equals(wanted)) {
        return choice;
      }
    }
    throw refused(key, "supported: " + Arrays.stream(choices).map(name).toList());
  }

  private boolean given(String key) {
    return tree.hasNonNull(key);
  }

  private ModelException refused(String key, String expected) {
    return new ModelException(
        where()
            + ": its setting "
            + key
            + " is "
            + tree.get(key)
            + ", "
            + expected
            + ". Choose another sampler for this model, or change the setting.");
  }
}
