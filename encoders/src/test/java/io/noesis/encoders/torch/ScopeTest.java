package io.noesis.encoders.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private static final Tensor ONES = Tensor.wrap(new float[] {1, 1, 1}, 3);

  @Test
  void valuesEndWithTheirScopeUnlessKept() {
    Value[] made = new Value[2];
    Scope.run(
        () -> {
          made[0] = Value.of(ONES);
          made[1] = Value.of(ONES).keep();
        });
    assertThrows(NullPointerException.class, () -> made[0].toTensor());
    assertEquals(ONES, made[1].toTensor());
    made[1].free();
  }

  @Test
  void nothingIsRecordedWithoutGradients() {
    Scope.run(
        () -> {
          Value x = Value.of(ONES).requireGradient();
          assertTrue(Ops.multiply(x, 2).wantsGradient());
          assertFalse(Scope.withoutGradients(() -> Ops.multiply(x, 2)).wantsGradient());
          assertNull(x.gradient());
          Ops.sum(Ops.square(x)).backward();
          assertEquals(Tensor.wrap(new float[] {2, 2, 2}, 3), x.gradient().toTensor());
          x.clearGradient();
          assertNull(x.gradient());
        });
  }

  @Test
  void namedGeneratorsRepeatThemselvesAndDifferFromEachOther() {
    Scope.run(
        () -> {
          Tensor a = Ops.normal(TorchRandom.of(Seed.of(1).child("a")), 0, 1, 50).toTensor();
          assertEquals(a, Ops.normal(TorchRandom.of(Seed.of(1).child("a")), 0, 1, 50).toTensor());
          Tensor b = Ops.normal(TorchRandom.of(Seed.of(1).child("b")), 0, 1, 50).toTensor();
          assertFalse(a.equals(b));
        });
  }

  @Test
  void failuresAreTold() {
    Scope.run(
        () -> {
          RuntimeException failure =
              assertThrows(
                  RuntimeException.class,
                  () -> Ops.matmul(Value.of(ONES), Value.of(Tensor.zeros(4, 2))));
          String reason = Libtorch.reason(failure);
          assertTrue(reason.contains("cannot be multiplied (1x3 and 4x2)"), reason);
          assertEquals(1, reason.lines().count());
        });
  }
}
