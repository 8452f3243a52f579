package io.noesis.lab;

import io.noesis.experiment.AdaptationSpec;
import io.noesis.experiment.DecodingRecipe;
import io.noesis.experiment.Encoding;
import io.noesis.experiment.EncodingSpec;
import io.noesis.experiment.Execution;
import io.noesis.experiment.Experiment;
import io.noesis.experiment.Recipes;
import io.noesis.experiment.ResponseFiles;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;

/** A lab's own pipeline: train on some people, adapt to another, decode new responses. */
final class LabExample {
  private LabExample() {}

  static Tensor decode(Path study, Path newResponses, Path out, List<String> settings) {
    // One network for all people of the study but the last, each with weights of their own.
    Path shared = out.resolve("shared");
    DecodingRecipe together = DecodingRecipe.of(Recipes.tree("simulated-joint", settings));
    new Experiment(together, Execution.in(shared).withRoot(study)).run();

    // A new person: only weights of their own are fitted, with 10 % and with all of their trials.
    Path adapted = out.resolve("adapted");
    AdaptationSpec how = AdaptationSpec.of(shared, List.of(0.1, 1.0));
    DecodingRecipe toNew = DecodingRecipe.of(Recipes.adapting(shared, how, List.of()));
    Execution execution = Execution.in(adapted).withRoot(study).withSubjects(List.of("04"));
    new Experiment(toNew, execution).run();

    // Responses that were recorded later, prepared as those of training were.
    ResponseFiles responses = ResponseFiles.of(newResponses);
    EncodingSpec spec = EncodingSpec.of(adapted, responses, out.resolve("decoded"));
    return Encoding.of(spec, Progress.NONE).embeddings();
  }
}
