package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ExchangedResponsesTest {
  /** However large a decoding, the smallest p lies below the level at which a score counts. */
  @Test
  void aResultCanBeFoundInDecodingsOfAnySize() {
    EvaluationSpec usual = EvaluationSpec.defaults();
    int fewest = ExchangedResponses.count(Integer.MAX_VALUE, usual);
    double level = 0.05;
    assertTrue(1.0 / (fewest + 1) < level, fewest + " exchanges");
    assertEquals(ExchangedResponses.MOST, ExchangedResponses.count(1000, usual));
  }
}
