package io.noesis.reconstruction.diffusion.schedule;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.noesis.run.Failure;
import io.noesis.run.ModelException;
import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import io.noesis.run.Suggest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** The samplers that a model pack or a recipe can name. */
public final class Schedulers {
  private static final Registry<SchedulerKind> REGISTRY =
      Registry.of(
          "sampler",
          List.of(
              line(
                  "ddpm",
                  "DDPMScheduler",
                  Ddpm::read,
                  "Ancestral sampling of the original model; noise at every step."),
              line(
                  "ddim",
                  "DDIMScheduler",
                  Ddim::read,
                  "Deterministic steps of first order; what the brain-decoding papers on latent"
                      + " diffusion use."),
              line(
                  "pndm",
                  "PNDMScheduler",
                  Pndm::read,
                  "Linear multistep of order four (PLMS); the default of Stable Diffusion 1."),
              line(
                  "euler",
                  "EulerDiscreteScheduler",
                  Euler::read,
                  "Euler steps in sigma; the default of SDXL."),
              line(
                  "euler-ancestral",
                  "EulerAncestralDiscreteScheduler",
                  EulerAncestral::read,
                  "Euler steps with fresh noise; SDXL-Turbo."),
              line(
                  "heun",
                  "HeunDiscreteScheduler",
                  Heun::read,
                  "Second order with two calls per step."),
              line(
                  "dpm-solver++",
                  "DPMSolverMultistepScheduler",
                  DpmSolver::read,
                  "Multistep exponential integrator of order one to three, also stochastic."),
              line(
                  "unipc",
                  "UniPCMultistepScheduler",
                  UniPc::read,
                  "Multistep predictor with a corrector that costs no call; MindEye1."),
              line(
                  "lcm",
                  "LCMScheduler",
                  Lcm::read,
                  "Latent consistency models, one to eight steps."),
              line(
                  "edm-euler",
                  "EDMEulerScheduler",
                  EdmEuler::read,
                  "Euler steps with the preconditioning of Karras et al."),
              line(
                  "unclip",
                  "UnCLIPScheduler",
                  Unclip::read,
                  "Ancestral sampling as Karlo's unCLIP does; diffusion priors."),
              line(
                  "dalle2-ddim",
                  "DALLE2DDIMScheduler",
                  Dalle2Ddim::read,
                  "The shortened sampling of DALLE2-pytorch; MindEye2's prior.")));

  private static final JsonMapper JSON =
      JsonMapper.builder(new JsonFactory())
          // diffusers writes lambda_min_clipped as -Infinity.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private Schedulers() {}

  private static Entry<SchedulerKind> line(
      String name,
      String className,
      Function<SchedulerConfig, Scheduler> reading,
      String description) {
    return new Entry<>(name, new SchedulerKind(className, reading), description);
  }

  /** The list. */
  public static Registry<SchedulerKind> registry() {
    return REGISTRY;
  }

  /**
   * Reads the sampler that a model pack comes with.
   *
   * @param file a {@code scheduler_config.json} of diffusers
   * @return the sampler
   * @throws ModelException when the file is missing or no JSON, or names a sampler or a setting
   *     that is not here
   */
  public static Scheduler read(Path file) {
    return read(tree(file), file.toString());
  }

  /**
   * Reads a sampler's settings.
   *
   * @param tree the tree of a {@code scheduler_config.json} with its {@code _class_name}
   * @param where what is being read, for messages
   * @return the sampler
   * @throws ModelException as for a file
   */
  public static Scheduler read(JsonNode tree, String where) {
    return kind(tree, where).read(tree, where);
  }

  /**
   * Which sampler settings are of.
   *
   * @param tree the tree of a {@code scheduler_config.json} with its {@code _class_name}
   * @param where what is being read, for messages
   * @return its line
   * @throws ModelException when the class is not here
   */
  public static SchedulerKind kind(JsonNode tree, String where) {
    return REGISTRY.get(name(tree, where));
  }

  /**
   * The name here of the sampler that settings are of.
   *
   * @param tree the tree of a {@code scheduler_config.json} with its {@code _class_name}
   * @param where what is being read, for messages
   * @return its name in the registry
   * @throws ModelException when the class is not here
   */
  public static String name(JsonNode tree, String where) {
    String className = tree.path("_class_name").asText("");
    for (Entry<SchedulerKind> entry : REGISTRY.entries()) {
      if (entry.value().className().equals(className)) {
        return entry.name();
      }
    }
    List<String> known = REGISTRY.entries().stream().map(e -> e.value().className()).toList();
    throw new ModelException(
        "reading the sampler of "
            + where
            + ": its _class_name is '"
            + className
            + "'. "
            + Suggest.sentence(className, known));
  }

  /**
   * The settings of a file.
   *
   * @param file a {@code scheduler_config.json}
   * @return its tree
   * @throws ModelException when the file is missing or no JSON object
   */
  public static JsonNode tree(Path file) {
    try {
      JsonNode tree = JSON.readTree(Files.readAllBytes(file));
      if (tree.isObject()) {
        return tree;
      }
      throw new ModelException(
          "reading the sampler of " + file + ": it holds no JSON object. Fetch the file again.");
    } catch (IOException e) {
      throw new ModelException(
          "reading the sampler of "
              + file
              + ": "
              + Failure.reason(e)
              + ". Expected the scheduler_config.json that comes with the model.",
          e);
    }
  }
}
