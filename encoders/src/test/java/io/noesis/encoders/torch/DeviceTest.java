package io.noesis.encoders.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DeviceTest {
  private static boolean hasCard() {
    Libtorch.load();
    return torch.hasCUDA() && torch.getNumGPUs() > 0;
  }

  @Test
  void namesAreThoseOfTheCommandLine() {
    assertEquals(Device.CPU, Device.of("cpu"));
    assertEquals("cuda:2", Device.cuda(2).toString());
    RecipeException unknown = assertThrows(RecipeException.class, () -> Device.of("gpu"));
    assertTrue(unknown.getMessage().contains("cuda:1"), unknown.getMessage());
    assertEquals(hasCard() ? Device.cuda(0) : Device.CPU, Device.of("auto"));
  }

  @Test
  void cardsThatCannotBeUsedAreRefusedWithTheWayOut() {
    Assumptions.assumeFalse(hasCard(), "this machine has a graphics card");
    ModelException refused = assertThrows(ModelException.class, () -> Device.of("cuda"));
    assertTrue(refused.getMessage().startsWith("computing on cuda:0: "), refused.getMessage());
    assertTrue(refused.getMessage().contains("-Pcuda"), refused.getMessage());
    assertEquals(6, refused.exitCode().code());
    assertThrows(ModelException.class, () -> Libtorch.use(Device.cuda(0)));
    assertEquals(Device.CPU, Libtorch.device());
  }

  @Test
  void eachObstacleHasItsSentence() {
    assertTrue(Device.cuda(0).problem(false, 0).orElseThrow().contains("'cuda'"));
    assertTrue(Device.cuda(0).problem(true, 0).orElseThrow().contains("nvidia-smi"));
    assertTrue(Device.cuda(2).problem(true, 2).orElseThrow().contains("has 2"));
    assertTrue(Device.cuda(1).problem(true, 2).isEmpty());
  }

  @Test
  void halfPrecisionEndsWithItsWork() {
    Scope.run(
        () -> {
          double third = 1.0 / 3;
          Value x = Value.of(third);
          Value row = Ops.reshape(x, 1, 1);
          double half = Arithmetic.BFLOAT16.get(() -> Ops.matmul(row, row)).item();
          double full = Arithmetic.FLOAT32.get(() -> Ops.matmul(row, row)).item();
          assertEquals(third * third, full, 1e-8);
          assertEquals(third * third, half, 0.01 * third * third);
          assertTrue(Math.abs(third * third - half) > 1e-5, "computed in float32");
          assertEquals(full, Ops.matmul(row, row).item());
        });
  }
}
