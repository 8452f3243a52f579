package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.train.Trainer;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.encoders.ridge.RidgeMemory;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Ridge beside every other decoder: fitted on the same training trials, prepared alike, with the
 * penalty chosen among them, and applied to the same test trials. Only what it decodes is kept, one
 * file per fold; what an interrupted run had done is not done again.
 */
final class RidgeBeside {
  static final String RIDGE = "ridge";
  private static final String CHOSEN = "chosen";
  private static final String MISSING = "missing";

  private final RunFolder run;
  private final Execution execution;
  private final List<String> slots;
  private final Rescale rescale;

  /**
   * Ridge beside the decoders of a run.
   *
   * @param run its folder
   * @param execution memory and cancelling
   * @param beside the decoder: ridge is fitted to the one-hot targets of its slots as well, and
   *     what ridge decodes is rescaled alike
   */
  RidgeBeside(RunFolder run, Execution execution, EncoderSpec beside) {
    this.run = run;
    this.execution = execution;
    this.slots = beside.slots();
    this.rescale = beside.rescale();
  }

  /**
   * What ridge decoded of one subject.
   *
   * @param missing why there is nothing; empty where there is
   * @param values decoded test rows of all folds, {@code [rows, dim]}; empty where it is missing
   * @param facts what was chosen, by name
   */
  record Rows(Optional<String> missing, Tensor values, Map<String, String> facts) {}

  /** Whether an encoder is one that ridge is to be held beside: anything but ridge alone. */
  static boolean belongs(EncoderSpec encoder) {
    return encoder.prior().isPresent() || !encoder.architecture().equals(RIDGE);
  }

  /**
   * Fits and decodes one fold, unless it is there already.
   *
   * @param subject label
   * @param fold its number
   * @param train what ridge may see
   * @param own rows of the subject, of which those of the test are decoded
   */
  void decode(String subject, int fold, TrainingRows train, FoldRows own) {
    Tensor test = own.test();
    if (run.readJsonIfThere(facts(subject, fold)).filter(f -> f.has(CHOSEN)).isPresent()) {
      return;
    }
    ObjectNode facts = YamlTree.emptyMapping();
    RidgeMemory needed = RidgeMemory.of(train.responses(), train.targets());
    long limit = execution.memoryLimit();
    if (needed.bytes() > limit) {
      facts.put(
          MISSING,
          needed.tooLarge(limit)
              + "; raise it (--mem-mb, and NOESIS_JAVA_OPTS=-Xmx...) or use a smaller mask");
    } else {
      execution.requireNotCancelled("fitting ridge beside the decoder of subject " + subject);
      BrainEncoder ridge = fit(train);
      Npy.write(run.file(values(subject, fold)), rescale.of(ridge.encode(test), own));
      ObjectNode chosen = facts.putObject(CHOSEN);
      ridge.facts().forEach(chosen::put);
      slots(train)
          .ifPresent(rows -> Npy.write(run.file(ofSlots(subject, fold)), fit(rows).encode(test)));
    }
    // Last: where it is, the fold is whole.
    run.writeJson(facts(subject, fold), facts);
  }

  /** The same rows aimed at the concepts of all slots, side by side. */
  private Optional<TrainingRows> slots(TrainingRows train) {
    Map<String, Tensor> targets = train.shown().targets();
    List<Tensor> own =
        slots.stream().map(slot -> Objects.requireNonNull(targets.get(slot))).toList();
    return own.isEmpty() ? Optional.empty() : Optional.of(train.aimedAt(Slots.beside(own)));
  }

  /** Ridge with its own defaults; it draws nothing at random. */
  static BrainEncoder fit(TrainingRows train) {
    return Architectures.registry()
        .get(RIDGE)
        .fit(
            train,
            YamlTree.emptyMapping(),
            new Fitting(Seed.of(0), Trainer.of(TrainingSpec.defaults(), TrainingRun.silent())));
  }

  private static String values(String subject, int fold) {
    return String.format("%s/ridge/fold-%03d_decoded.npy", Decoded.folder(subject), fold + 1);
  }

  private static String ofSlots(String subject, int fold) {
    return String.format("%s/ridge/fold-%03d_slots.npy", Decoded.folder(subject), fold + 1);
  }

  /**
   * What ridge decoded of slots, side by side, {@code [rows, concepts of all]}.
   *
   * @param run its folder
   * @param decoded what the decoder decoded of a subject
   * @return the rows in the same order; empty where ridge is missing
   */
  static Optional<Tensor> slots(RunFolder run, Decoded decoded) {
    if (read(run, decoded).missing().isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        Tensor.concatenate(
            IntStream.range(0, decoded.folds().size())
                .mapToObj(fold -> Npy.read(run.file(ofSlots(decoded.subject(), fold))))
                .toArray(Tensor[]::new)));
  }

  private static String facts(String subject, int fold) {
    return String.format("%s/ridge/fold-%03d.json", Decoded.folder(subject), fold + 1);
  }

  /**
   * What ridge decoded.
   *
   * @param run its folder
   * @param decoded what the decoder decoded of a subject
   * @return the rows in the same order
   */
  static Rows read(RunFolder run, Decoded decoded) {
    List<Tensor> values = new ArrayList<>();
    Map<String, String> facts = new LinkedHashMap<>();
    for (int f = 0; f < decoded.folds().size(); f++) {
      Optional<JsonNode> fold = run.readJsonIfThere(facts(decoded.subject(), f));
      if (fold.isEmpty()) {
        return missing("the run was trained by a version of Noesis that did not; train it again");
      }
      if (fold.get().has(MISSING)) {
        return missing(fold.get().path(MISSING).asText());
      }
      fold.get()
          .path(CHOSEN)
          .properties()
          .forEach(
              fact ->
                  facts.merge(
                      fact.getKey(),
                      fact.getValue().asText(),
                      (a, b) -> List.of(a.split(", ")).contains(b) ? a : a + ", " + b));
      values.add(Npy.read(run.file(values(decoded.subject(), f))));
    }
    return new Rows(Optional.empty(), Tensor.concatenate(values.toArray(Tensor[]::new)), facts);
  }

  private static Rows missing(String why) {
    return new Rows(Optional.of(why), Tensor.zeros(0), Map.of());
  }
}
