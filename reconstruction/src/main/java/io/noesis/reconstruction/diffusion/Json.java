package io.noesis.reconstruction.diffusion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.run.Failure;
import io.noesis.run.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configurations of a pack. */
final class Json {
  private Json() {}

  static JsonNode read(Path file) {
    try {
      return new ObjectMapper().readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ModelException(
          "opening the model pack: "
              + file
              + " cannot be read as JSON ("
              + Failure.reason(e)
              + "). Export or fetch the model again.",
          e);
    }
  }
}
