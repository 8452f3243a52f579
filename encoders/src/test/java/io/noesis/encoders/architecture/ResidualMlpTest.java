package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import org.junit.jupiter.api.Test;

class ResidualMlpTest {
  @Test
  void theSizeIsThePublishedOne() {
    // Subject 1 of NSD: 15,724 voxels, 257 tokens of 768. About 940 M, 808 M of them in the last
    // map.
    Layer network = ResidualMlp.defaults().network(NetworkSizes.of(15_724, 257 * 768));
    assertEquals(940_225_280L, Parameters.count(network));
    assertTrue(network.describe().contains("linear 4096 → 197376"), network.describe());
  }

  @Test
  void theLowLevelNetworkEndsInALatent() {
    // Maps and norms 131,555,328, the small map and its norm 67,108,992, the decoder 6,841,668 (as
    // diffusers counts it), features 559,616.
    Layer network = ResidualMlp.lowLevel().network(NetworkSizes.of(15_724, 4 * 64 * 64));
    assertEquals(206_065_604L, Parameters.count(network));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> ResidualMlp.lowLevel().network(NetworkSizes.of(15_724, 768)));
    assertTrue(refused.getMessage().contains("latent.sizes"), refused.getMessage());
  }

  @Test
  void epochsAreRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> ResidualMlp.defaults().network(NetworkSizes.ofEpochs(63, 250, 8)));
    assertTrue(refused.getMessage().contains("[trials, voxels]"), refused.getMessage());
  }
}
