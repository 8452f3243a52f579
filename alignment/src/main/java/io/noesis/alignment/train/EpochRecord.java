package io.noesis.alignment.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.run.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What an epoch came to.
 *
 * @param epoch from 1
 * @param step steps done by then
 * @param rate the learning rate of its last step
 * @param loss mean over its batches, of all that was made small
 * @param validation loss of the validation rows; empty without such rows
 * @param terms what layers added, by name, before it was weighted: means over the batches
 */
public record EpochRecord(
    int epoch,
    int step,
    double rate,
    double loss,
    OptionalDouble validation,
    Map<String, Double> terms) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Copies, keeping the order. */
  public EpochRecord {
    terms = Collections.unmodifiableMap(new LinkedHashMap<>(terms));
  }

  /**
   * Reads the epochs that a training wrote.
   *
   * @param file {@link TrainingRun#METRICS} of its folder
   * @return in their order
   * @throws DataException when it cannot be read
   */
  public static List<EpochRecord> read(Path file) {
    try {
      List<EpochRecord> epochs = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        epochs.add(EpochJson.read(JSON.readTree(line)));
      }
      return epochs;
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException(
          "reading the epochs in " + file + ": " + e.getMessage() + ". Train again.", e);
    }
  }
}
