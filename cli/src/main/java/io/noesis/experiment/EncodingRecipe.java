package io.noesis.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.study.SplitRules;
import io.noesis.ingest.study.SplitSpec;
import io.noesis.run.Check;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything that may change a result of predicting the response of every voxel from features of
 * stimuli.
 *
 * @param name short name; also the name of the run in reports
 * @param title one line for the report
 * @param seed root of all randomness
 * @param study which study
 * @param features the feature spaces by name, each an embedding of the stimuli
 * @param responses how responses are prepared
 * @param split which trials train and which test
 * @param model how responses are predicted
 * @param evaluation how predictions are scored
 */
public record EncodingRecipe(
    String name,
    String title,
    long seed,
    StudySpec study,
    Map<String, TargetsSpec> features,
    ResponseSpec responses,
    SplitSpec split,
    EncodingModelSpec model,
    EncodingEvaluationSpec evaluation)
    implements Recipe {
  /** Checks the names. */
  public EncodingRecipe {
    features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
    Check.argument(!name.isBlank(), "a recipe needs a name");
    Check.argument(!features.isEmpty(), "features: expected at least one feature space");
    features.forEach(
        (feature, spec) ->
            Check.argument(
                !spec.draws(),
                "features.%s: captions: 'each' draws one at every step of a network's training, and"
                    + " features are fixed; take 'mean' or 'first'",
                feature));
    SplitRules.registry().get(split.rule());
    Check.argument(
        responses.alignment().isEmpty(),
        "responses.alignment: every subject's voxels are predicted alone; leave it out");
    Check.argument(
        responses.voxels().isEmpty(),
        "responses.voxels: every voxel is predicted by itself, so that others change nothing; leave"
            + " it out, or restrict the study by its mask");
  }

  /** Captions by ridge, of a study that must be named. */
  public static EncodingRecipe defaults() {
    return new EncodingRecipe(
        "encoding",
        "Voxelwise encoding model",
        0,
        StudySpec.defaults(),
        Map.of("captions", TargetsSpec.defaults()),
        ResponseSpec.defaults(),
        SplitSpec.defaults(),
        EncodingModelSpec.defaults(),
        EncodingEvaluationSpec.defaults());
  }

  /**
   * Binds a tree; every problem is reported at once.
   *
   * @param tree as read from YAML, with {@code kind: encoding}
   * @return the recipe
   * @throws io.noesis.run.RecipeException when anything in it is unknown or out of range, or it is
   *     of another kind
   */
  public static EncodingRecipe of(ObjectNode tree) {
    return RecipeTree.bind(tree, Kind.ENCODING, EncodingRecipe.class);
  }

  @Override
  public Kind kind() {
    return Kind.ENCODING;
  }
}
