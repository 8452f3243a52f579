package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * ControlNet (Zhang et al. 2023, arXiv:2302.05543) as a graph of its own: {@code controlnet} sees
 * the network's input and a picture {@code control}, and gives residuals {@code down_0, down_1,
 * ..., mid} that the graph {@code unet} takes. They are multiplied by {@code control-scale} from
 * the share {@code control-start} of the run to {@code control-end}, by 0 elsewhere. Both halves of
 * guidance see them.
 */
final class ControlResidualsFamily implements Family {
  private static final String GRAPH = "controlnet";
  private static final String INPUT = "control";
  private static final String SCALE = "control-scale";
  private static final String START = "control-start";
  private static final String END = "control-end";

  private final Family text;
  private final Network control;
  private final List<String> residuals;

  ControlResidualsFamily(PackParts parts, Family text) {
    OnnxModel graph = parts.model(GRAPH);
    this.text = text;
    this.control = new Network(graph);
    this.control.require(INPUT);
    this.residuals = graph.outputs().stream().map(OnnxPort::name).toList();
    for (String name : residuals) {
      if (parts.network().input(name).isEmpty()) {
        throw new ModelException(
            "opening the model pack "
                + parts.pack().folder()
                + ": its graph controlnet gives '"
                + name
                + "', which its unet does not take. Export both with controlnet_residuals.py.");
      }
    }
  }

  @Override
  public EmbeddingSpace space() {
    return text.space();
  }

  @Override
  public Set<String> also() {
    return Set.of(INPUT);
  }

  @Override
  public Set<String> settings() {
    return Set.of(SCALE, START, END);
  }

  @Override
  public Conditioning condition(Ask ask, List<NoiseSource> noise) {
    double start = ask.plan().setting(START, 0);
    double end = ask.plan().setting(END, 1);
    if (!(start >= 0 && start < end && end <= 1)) {
      throw new RecipeException(
          "generating pictures: control-start "
              + start
              + " and control-end "
              + end
              + ", expected 0 <= start < end <= 1, shares of the run.");
    }
    Map<String, Tensor> control = Map.of(INPUT, Wanted.also(ask, INPUT));
    return text.condition(ask, noise).and(Conditioning.of(control, control));
  }

  @Override
  public Map<String, Tensor> during(Step step) {
    SamplingPlan plan = step.plan();
    boolean steered = step.begin() >= plan.setting(START, 0) && step.end() <= plan.setting(END, 1);
    float scale = steered ? (float) plan.setting(SCALE, 1) : 0;
    Map<String, Tensor> found =
        control.outputs(step.input(), step.time(), step.conditions(), residuals);
    Map<String, Tensor> inputs = new LinkedHashMap<>(step.conditions());
    inputs.remove(INPUT);
    for (String name : residuals) {
      inputs.put(name, Objects.requireNonNull(found.get(name)).map(v -> v * scale));
    }
    return inputs;
  }

  @Override
  public void close() {
    text.close();
  }
}
