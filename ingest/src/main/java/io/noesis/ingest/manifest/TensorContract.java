package io.noesis.ingest.manifest;

import io.noesis.run.Check;
import java.util.List;

/**
 * What a graph promises of one input or output.
 *
 * @param name its name in the graph
 * @param type {@code float32, float16, int64, int32} or {@code bool}
 * @param axes one per axis, slowest first: a number where the size is fixed, else a name
 */
public record TensorContract(String name, String type, List<String> axes) {
  private static final List<String> TYPES = List.of("float32", "float16", "int64", "int32", "bool");

  /** Checks the type. */
  public TensorContract {
    axes = List.copyOf(axes);
    Check.argument(!name.isBlank(), "name: expected the name of an input or output");
    Check.argument(TYPES.contains(type), "type: expected one of %s, found '%s'", TYPES, type);
  }
}
