package io.noesis.encoders;

import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A fitted map from brain responses to embeddings. Immutable. */
public interface BrainEncoder {
  /**
   * Decodes responses. Each row is decoded by itself: alone or among others gives the same.
   *
   * @param responses {@code [trials, voxels]} or {@code [trials, channels, samples]}, prepared as
   *     the training rows were
   * @return {@code [trials, dim]}
   */
  Tensor encode(Tensor responses);

  /**
   * Decodes responses of one of several subjects it was trained on.
   *
   * @param responses {@code [trials, voxels]} or {@code [trials, channels, samples]} of that
   *     subject, prepared as its training rows were
   * @param subject its label; encoders of a single subject do not look at it
   * @return {@code [trials, dim]}
   */
  default Tensor encode(Tensor responses, String subject) {
    return encode(responses);
  }

  /**
   * The features of the stimulus that must be told beside responses.
   *
   * @return the axes of one row of each by its name; empty where responses are all
   */
  default Map<String, List<Integer>> inputs() {
    return Map.of();
  }

  /**
   * Decodes responses to stimuli of which something is told.
   *
   * @param responses as {@link #encode(Tensor, String)} takes them
   * @param subject its label
   * @param told the features that {@link #inputs} names, one row each for every response
   * @return {@code [trials, dim]}
   * @throws IllegalArgumentException when another feature is told, one is missing, or has other
   *     axes
   */
  default Tensor encode(Tensor responses, String subject, Map<String, Tensor> told) {
    Check.argument(
        told.isEmpty(),
        "decoding: this encoder takes responses alone, and is told %s of the stimuli; leave that"
            + " out",
        told.keySet());
    return encode(responses, subject);
  }

  /**
   * The same encoder, computed elsewhere; its outputs differ in their last digits.
   *
   * @param where by what its graph is executed, and on which card
   * @return it; empty for linear maps, which are matrix products of the processor and no graph
   */
  default Optional<BrainEncoder> on(OnnxOptions where) {
    return Optional.empty();
  }

  /**
   * What the further outputs of a network say, which were trained to other targets.
   *
   * @param responses as {@link #encode(Tensor, String)} takes them
   * @param subject its label
   * @return {@code [trials, ...]} by the output's name; empty for encoders that have none
   */
  default Map<String, Tensor> heads(Tensor responses, String subject) {
    return Map.of();
  }

  /**
   * The same of responses to stimuli of which something is told.
   *
   * @param responses as {@link #encode(Tensor, String)} takes them
   * @param subject its label
   * @param told as {@link #encode(Tensor, String, Map)} takes it
   * @return {@code [trials, ...]} by the output's name; empty for encoders that have none
   */
  default Map<String, Tensor> heads(Tensor responses, String subject, Map<String, Tensor> told) {
    return heads(responses, subject);
  }

  /** What was chosen while fitting, for the report: "penalty" to "316". */
  Map<String, String> facts();

  /**
   * Writes the weights, whole or not at all.
   *
   * @param file ends in {@code .safetensors}
   * @param metadata where they come from; kept inside the file
   */
  void save(Path file, Map<String, String> metadata);

  /**
   * Writes an ONNX graph that decodes as {@link #encode} does: from {@code response}, prepared and
   * of the width of the widest subject, {@code subject} where it asks for one, and features of the
   * stimulus by their names where it is told some, to {@code embedding}; the first axis of each
   * counts trials.
   *
   * @param file ends in {@code .onnx}; whole or not at all
   * @param metadata where it comes from; kept inside the file
   */
  void export(Path file, Map<String, String> metadata);

  /**
   * The number by which the graph's input {@code subject} knows a subject.
   *
   * @param subject its label
   * @return its number; 0 for an encoder of a single subject, -1 for one it was not trained on
   */
  default int subjectNumber(String subject) {
    return 0;
  }
}
