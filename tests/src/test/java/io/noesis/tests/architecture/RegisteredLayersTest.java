package io.noesis.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaModifier;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Layers;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every layer is in {@link Layers#registry()}, whose samples are held to the contract of gradients,
 * graphs, rows and seeds; the others are named here with what holds them.
 */
class RegisteredLayersTest {
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "io.noesis.alignment.diffusion.VectorDenoising",
          "a module to the right; DiffusionPriorTest holds its trajectory against PyTorch's",
          "io.noesis.alignment.diffusion.TokenDenoising",
          "a module to the right; DiffusionPriorTest holds its graph against its forward pass",
          "io.noesis.alignment.diffusion.RotaryDenoising",
          "a module to the right; PriorProgramsTest holds it and its graph against PyTorch",
          "io.noesis.alignment.diffusion.PriorObjective",
          "what the trainer sees of a prior: it is never written as a graph",
          "io.noesis.alignment.train.Objective$Whole",
          "a network's and a loss's parameters under one roof: it computes nothing",
          "io.noesis.encoders.architecture.RidgeStart$Apart",
          "predictions of training rows: they are no part of a decoder",
          "io.noesis.encoders.layer.TextDecoderBlock",
          "never without the distances of tokens: the entry text-decoder-block holds it within them");

  private static Set<String> written() {
    return BordersTest.NOESIS.stream()
        .filter(c -> c.isAssignableTo(Layer.class) && !c.isInterface())
        .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT))
        .map(c -> c.getName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> registered() {
    return Layers.registry().entries().stream()
        .flatMap(entry -> entry.value().stream())
        .map(sample -> sample.layer().getClass().getName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyLayerIsRegisteredOrHasAReason() {
    Set<String> missing = written();
    assertTrue(missing.size() > 60, "only " + missing.size() + " layers were found");
    missing.removeAll(registered());
    assertEquals(new TreeSet<>(ELSEWHERE.keySet()), missing);
  }
}
