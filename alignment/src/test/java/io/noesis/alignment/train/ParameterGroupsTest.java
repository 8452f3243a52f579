package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.train.OptimizerSpec.Decayed;
import io.noesis.alignment.train.OptimizerSpec.Group;
import io.noesis.alignment.train.OptimizerSpec.Rule;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Parts of a network with a learning rate and a decay of their own, by the step they make. */
class ParameterGroupsTest {
  private static final double RATE = 0.01;
  private static final double DECAY = 0.5;
  private static final Layer NETWORK =
      Sequence.builder()
          .add("own", new SubjectLinear(2, 3, 4, SubjectLinear.Axes.FLAT))
          .add("trunk", Linear.of(4, 4))
          .add("out", Linear.of(4, 2))
          .build();
  private static final TrainingRows ROWS = BatchPlanTest.rows(8, 8);

  private static TrainingSpec spec(Rule rule, List<Group> groups) {
    return new TrainingSpec(
        TrainerTest.MSE,
        1,
        16,
        BatchSpec.defaults(),
        1,
        0,
        0,
        new OptimizerSpec(rule, RATE, DECAY, Decayed.MATRICES, 0, 0, groups),
        new ScheduleSpec(ScheduleSpec.Shape.CONSTANT, 0, 0, 0.5, 1, 1),
        new ValidationSpec(0, 0),
        FreezeSpec.defaults(),
        Map.of(),
        io.noesis.encoders.torch.Arithmetic.FLOAT32);
  }

  private static Map<String, Tensor> start() {
    Map<String, Tensor> first = new LinkedHashMap<>();
    for (Map.Entry<String, Shape> parameter : Parameters.shapes(NETWORK).entrySet()) {
      first.put(
          parameter.getKey(),
          TrainerTest.normal(parameter.getKey(), parameter.getValue().toArray()));
    }
    return first;
  }

  /** What one step of all rows moved. */
  private static Map<String, double[]> step(TrainingSpec spec) {
    Map<String, Tensor> first = start();
    Map<String, Tensor> after =
        new Trainer(spec, NETWORK)
            .startingFrom(first)
            .train(ROWS, Seed.of(1), TrainingRun.silent())
            .weights();
    Map<String, double[]> moved = new LinkedHashMap<>();
    first.forEach(
        (name, before) -> {
          double[] difference = new double[before.size()];
          for (int i = 0; i < difference.length; i++) {
            difference[i] = after.get(name).array()[i] - before.array()[i];
          }
          moved.put(name, difference);
        });
    return moved;
  }

  private static final List<Group> GROUPS =
      List.of(
          new Group(Group.Of.SUBJECTS, List.of(), 0.1, 3),
          new Group(Group.Of.NAMES, List.of("out"), 4, 0));

  /**
   * A step of AdamW without memory is the sign of the gradient, and the decay of the weight beside
   * it: the same signs at other rates.
   */
  @Test
  void eachPartMovesByItsOwnRateAndDecay() {
    Map<String, double[]> plain = step(spec(Rule.ADAMW, List.of()));
    Map<String, double[]> parts = step(spec(Rule.ADAMW, GROUPS));
    start()
        .forEach(
            (name, before) -> {
              double rate = name.startsWith("own") ? 0.1 : name.startsWith("out") ? 4 : 1;
              double decay = name.startsWith("own") ? 3 : name.startsWith("out") ? 0 : 1;
              boolean pulled = before.shape().rank() > (name.startsWith("own") ? 2 : 1);
              for (int i = 0; i < before.size(); i++) {
                double pull = pulled ? RATE * DECAY * before.array()[i] : 0;
                double sign = plain.get(name)[i] + pull;
                assertEquals(RATE, Math.abs(sign), 1e-5, name);
                double expected = rate * (sign - decay * pull);
                assertEquals(expected, parts.get(name)[i], 1e-5, name);
              }
            });
  }

  @Test
  void theFirstGroupThatTakesAParameterHasItAndSgdGoesByGradients() {
    List<Group> both =
        List.of(
            new Group(Group.Of.NAMES, List.of("own.weight"), 0, 1),
            new Group(Group.Of.SUBJECTS, List.of(), 2, 0));
    Map<String, double[]> plain = step(spec(Rule.SGD, List.of()));
    Map<String, double[]> parts = step(spec(Rule.SGD, both));
    for (double still : parts.get("own.weight")) {
      assertEquals(0, still);
    }
    for (int i = 0; i < 8; i++) {
      assertEquals(2 * plain.get("own.bias")[i], parts.get("own.bias")[i], 1e-5, "not pulled");
    }
    for (int i = 0; i < 16; i++) {
      assertEquals(plain.get("trunk.weight")[i], parts.get("trunk.weight")[i]);
    }
  }

  @Test
  void aGroupIsWrittenInARecipeAndMustTakeSomething() {
    OptimizerSpec read =
        RecordBinder.bind(
            YamlTree.parse(
                "groups: [{of: subjects, rate: 0.1}, {of: names, names: [out], rate: 4, decay: 0}]",
                "recipe"),
            OptimizerSpec.class);
    assertEquals(
        List.of(
            new Group(Group.Of.SUBJECTS, List.of(), 0.1, 1),
            new Group(Group.Of.NAMES, List.of("out"), 4, 0)),
        read.groups());
    RecipeException typo =
        assertThrows(
            RecipeException.class,
            () -> step(spec(Rule.SGD, List.of(new Group(Group.Of.NAMES, List.of("uot"), 1, 1)))));
    assertTrue(typo.getMessage().contains("network.out"), typo::getMessage);
    RecipeException nobody =
        assertThrows(
            RecipeException.class,
            () ->
                new Trainer(spec(Rule.SGD, GROUPS), TrainerTest.network())
                    .train(TrainerTest.rows(20), Seed.of(1), TrainingRun.silent()));
    assertTrue(nobody.getMessage().contains("each subject has its own"), nobody::getMessage);
    assertThrows(
        RecipeException.class,
        () ->
            RecordBinder.bind(
                YamlTree.parse("groups: [{of: names, rate: 2}]", "recipe"), OptimizerSpec.class));
  }
}
