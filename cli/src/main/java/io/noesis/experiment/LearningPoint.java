package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One point of the learning curve of a new subject: what was decoded after learning from so many
 * trials.
 *
 * @param model {@code adapted}, {@code scratch} or {@code ridge}
 * @param trials how many training trials, in the first fold
 * @param values decoded test rows of all folds
 * @param means mean target of the training trials, one row per fold
 * @param exchanged where the model is told something of the stimuli, what it decodes of responses
 *     to others, shaped as {@code values}; else none
 */
record LearningPoint(
    String model, int trials, Tensor values, Tensor means, List<Tensor> exchanged) {
  private static final String LIST = "points.json";

  /** Its folder, below the run's. */
  static String place(String subject, String model, int trials) {
    return String.format("%s/curve/%s-%05d", Decoded.folder(subject), model, trials);
  }

  void write(RunFolder run, String subject) {
    String place = place(subject, model, trials);
    Npy.write(run.file(place + "/training_means.npy"), means);
    ExchangedResponses.write(ExchangedResponses.file(run, place), exchanged);
    // Last: where it is, the point is whole.
    Npy.write(run.file(place + "/decoded.npy"), values);
  }

  static Optional<LearningPoint> read(RunFolder run, String subject, String model, int trials) {
    String place = place(subject, model, trials);
    if (!java.nio.file.Files.isRegularFile(run.file(place + "/decoded.npy"))) {
      return Optional.empty();
    }
    return Optional.of(
        new LearningPoint(
            model,
            trials,
            Npy.read(run.file(place + "/decoded.npy")),
            Npy.read(run.file(place + "/training_means.npy")),
            ExchangedResponses.read(ExchangedResponses.file(run, place))));
  }

  static void writeList(RunFolder run, String subject, List<LearningPoint> points) {
    ObjectNode json = YamlTree.emptyMapping();
    var list = json.putArray("points");
    points.forEach(p -> list.addObject().put("model", p.model()).put("trials", p.trials()));
    run.writeJson(Decoded.folder(subject) + "/curve/" + LIST, json);
  }

  /** All points of a subject; none where nothing was adapted. */
  static List<LearningPoint> readAll(RunFolder run, String subject) {
    List<LearningPoint> points = new ArrayList<>();
    run.readJsonIfThere(Decoded.folder(subject) + "/curve/" + LIST)
        .ifPresent(
            json -> {
              for (JsonNode point : json.path("points")) {
                read(run, subject, point.path("model").asText(), point.path("trials").asInt())
                    .ifPresent(points::add);
              }
            });
    return points;
  }
}
