package io.noesis.reconstruction.pack;

import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.ingest.manifest.TensorContract;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an input or output of a graph must be.
 *
 * @param name its name
 * @param types any of these
 * @param ranks any of these numbers of axes
 * @param axes sizes where they are fixed, names elsewhere; empty when only the rank counts
 */
public record PortRule(String name, List<OnnxType> types, List<Integer> ranks, List<String> axes) {
  private static final List<OnnxType> FLOATS = List.of(OnnxType.FLOAT32, OnnxType.FLOAT16);

  /** Copies the lists. */
  public PortRule {
    types = List.copyOf(types);
    ranks = List.copyOf(ranks);
    axes = List.copyOf(axes);
  }

  static PortRule floats(String name, Integer... ranks) {
    return new PortRule(name, FLOATS, List.of(ranks), List.of());
  }

  static PortRule whole(String name, OnnxType type, int rank) {
    return new PortRule(name, List.of(type), List.of(rank), List.of());
  }

  static PortRule anyNumber(String name, Integer... ranks) {
    return new PortRule(
        name,
        List.of(OnnxType.FLOAT32, OnnxType.FLOAT16, OnnxType.INT64),
        List.of(ranks),
        List.of());
  }

  static PortRule of(TensorContract contract) {
    return new PortRule(
        contract.name(),
        List.of(OnnxType.valueOf(contract.type().toUpperCase(Locale.ROOT))),
        List.of(contract.axes().size()),
        contract.axes());
  }

  /** What is wrong with the port, or nothing. */
  Optional<String> problem(OnnxPort port) {
    if (!types.contains(port.type())) {
      return Optional.of("is of type " + port.type() + ", expected " + types);
    }
    if (!ranks.contains(port.rank())) {
      return Optional.of(
          "has " + port.rank() + " axes " + port.axes() + ", expected " + ranks + " axes");
    }
    for (int i = 0; i < axes.size(); i++) {
      String wanted = axes.get(i);
      long size = port.axes().get(i).size();
      if (wanted.chars().allMatch(Character::isDigit)
          && size >= 0
          && size != Long.parseLong(wanted)) {
        return Optional.of("has " + size + " at axis " + i + ", expected " + wanted);
      }
    }
    return Optional.empty();
  }
}
