package io.noesis.experiment;

import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What was decoded of the attributes of stimuli: slots of a semantic decoder, or other heads that
 * have attributes for targets.
 *
 * @param all by name
 */
record Slots(List<Slot> all) {
  Slots {
    all = List.copyOf(all);
  }

  /**
   * One of them.
   *
   * @param name of the head
   * @param targets the concepts and what each stimulus is
   * @param decoded its values are a number for each concept, the largest for the one that is said
   */
  record Slot(String name, TargetTable targets, Decoded decoded) {}

  /**
   * What the heads of a run decoded of one subject; none where it has no such heads.
   *
   * @throws io.noesis.run.DataException when a file of one is missing
   */
  static Slots of(RunFolder run, DecodingRecipe recipe, Decoded decoded) {
    List<Slot> slots = new ArrayList<>();
    Map<String, TargetTable> tables = HeadTargets.read(recipe.encoder(), run).tables();
    for (String name : recipe.encoder().slots()) {
      if (!recipe.encoder().projected().containsKey(name)
          && HeadScores.has(run, recipe, decoded.subject(), name)) {
        slots.add(
            new Slot(
                name,
                Objects.requireNonNull(tables.get(name), name),
                HeadScores.read(run, name, decoded)));
      }
    }
    return new Slots(slots);
  }

  /**
   * What ridge, fitted to the same targets, decoded of the same rows; empty where it is missing.
   */
  Optional<Slots> ridge(RunFolder run, Decoded decoded) {
    return RidgeBeside.slots(run, decoded)
        .map(
            values -> {
              List<Slot> others = new ArrayList<>();
              int start = 0;
              for (Slot slot : all) {
                int width = slot.decoded().values().dim(1);
                Tensor own = columns(values, start, width);
                Decoded other = slot.decoded().with(own, slot.decoded().trainingMeans());
                others.add(new Slot(slot.name(), slot.targets(), other));
                start += width;
              }
              return new Slots(others);
            });
  }

  List<String> names() {
    return all.stream().map(Slot::name).toList();
  }

  Slot named(String name) {
    return all.get(names().indexOf(name));
  }

  /** Those of them that others have too, of the same concepts and stimuli. */
  Slots alsoIn(Slots others) {
    return new Slots(
        all.stream()
            .filter(
                slot ->
                    others.all.stream()
                        .anyMatch(
                            other ->
                                other.name.equals(slot.name)
                                    && other
                                        .targets
                                        .fingerprint()
                                        .equals(slot.targets.fingerprint())))
            .toList());
  }

  List<TargetTable> targets() {
    return all.stream().map(Slot::targets).toList();
  }

  /** How many combinations of concepts there are; more than a whole number may hold. */
  double combinations() {
    return all.stream().mapToDouble(s -> s.decoded().values().dim(1)).reduce(1, (a, b) -> a * b);
  }

  /** The same rows with the logarithms of all slots' shares side by side. */
  Decoded together() {
    return all.get(0)
        .decoded()
        .with(
            beside(all.stream().map(slot -> logShares(slot.decoded().values())).toList()),
            beside(all.stream().map(slot -> slot.decoded().trainingMeans()).toList()));
  }

  /** What softmax makes of logits, its logarithm. */
  private static Tensor logShares(Tensor logits) {
    int rows = logits.dim(0);
    int width = logits.dim(1);
    float[] out = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < width; i++) {
        largest = Math.max(largest, logits.at(row, i));
      }
      double sum = 0;
      for (int i = 0; i < width; i++) {
        sum += StrictMath.exp(logits.at(row, i) - largest);
      }
      for (int i = 0; i < width; i++) {
        out[row * width + i] = (float) (logits.at(row, i) - largest - StrictMath.log(sum));
      }
    }
    return Tensor.wrap(out, rows, width);
  }

  /** Tables of as many rows side by side. */
  static Tensor beside(List<Tensor> parts) {
    int rows = parts.get(0).dim(0);
    int width = parts.stream().mapToInt(part -> part.dim(1)).sum();
    Tensor out = Tensor.zeros(rows, width);
    int start = 0;
    for (Tensor part : parts) {
      int own = part.dim(1);
      for (int row = 0; row < rows; row++) {
        System.arraycopy(part.array(), row * own, out.array(), row * width + start, own);
      }
      start += own;
    }
    return out;
  }

  private static Tensor columns(Tensor table, int start, int width) {
    int all = table.dim(1);
    float[] out = new float[table.dim(0) * width];
    for (int row = 0; row < table.dim(0); row++) {
      System.arraycopy(table.array(), row * all + start, out, row * width, width);
    }
    return Tensor.wrap(out, table.dim(0), width);
  }
}
