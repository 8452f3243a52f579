package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the report says of ridge. */
class RidgeArchitectureTest {
  @Test
  void penaltiesAreWrittenOut() {
    assertEquals("1000", RidgeArchitecture.words(1000));
    assertEquals("0.0001", RidgeArchitecture.words(1e-4));
    assertEquals("12300000", RidgeArchitecture.words(12_345_678));
    assertEquals("31.6", RidgeArchitecture.words(Math.sqrt(1000)));
    assertEquals("0", RidgeArchitecture.words(0));
    assertEquals(
        Map.of("ridge penalty", "0.1 to 100000"),
        RidgeArchitecture.penalty(new double[] {1e5, 0.1, 10}));
    assertEquals(Map.of("ridge penalty", "10"), RidgeArchitecture.penalty(new double[] {10, 10}));
  }
}
