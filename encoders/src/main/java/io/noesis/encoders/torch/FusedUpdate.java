package io.noesis.encoders.torch;

import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch's fused optimiser kernels, which update a parameter and its state in one pass. They are
 * not among the bound functions, so they are called by name through the dispatcher, with arguments
 * in the order of {@code native_functions.yaml}.
 */
final class FusedUpdate {
  private static final boolean AMSGRAD = false;
  private static final boolean NESTEROV = false;
  private static final boolean MAXIMIZE = false;
  private static final boolean FIRST_STEP = false;
  private static final double DAMPENING = 0;

  private FusedUpdate() {}

  /** Parallel lists, one element per parameter. */
  record Lists(
      List<Value> parameters,
      List<Value> gradients,
      List<Value> first,
      List<Value> second,
      List<Value> steps) {}

  static void apply(UpdateRule rule, Lists lists, double rate, double decay) {
    if (rule instanceof UpdateRule.AdamW adam) {
      double[] settings = {rate, adam.beta1(), adam.beta2(), decay, adam.epsilon()};
      adam("aten::_fused_adamw_", lists, settings);
    } else if (rule instanceof UpdateRule.Adam adam) {
      double[] settings = {rate, adam.beta1(), adam.beta2(), decay, adam.epsilon()};
      adam("aten::_fused_adam_", lists, settings);
    } else if (rule instanceof UpdateRule.Sgd sgd) {
      sgd(lists, rate, decay, sgd.momentum());
    }
  }

  private static void adam(String operator, Lists lists, double[] settings) {
    Type.TypePtr type = tensorType();
    IValueVector stack = new IValueVector();
    stack.push_back(list(type, lists.parameters()));
    stack.push_back(list(type, lists.gradients()));
    stack.push_back(list(type, lists.first()));
    stack.push_back(list(type, lists.second()));
    stack.push_back(list(type, List.of()));
    stack.push_back(list(type, lists.steps()));
    for (double setting : settings) {
      stack.push_back(new IValue(setting));
    }
    stack.push_back(new IValue(AMSGRAD));
    stack.push_back(new IValue(MAXIMIZE));
    call(operator, stack);
  }

  private static void sgd(Lists lists, double rate, double decay, double momentum) {
    Type.TypePtr type = tensorType();
    IValueVector stack = new IValueVector();
    stack.push_back(list(type, lists.parameters()));
    stack.push_back(list(type, lists.gradients()));
    // The running gradient starts at zero, so the first step needs no special case.
    stack.push_back(list(type, momentum == 0 ? List.of() : lists.first()));
    stack.push_back(new IValue(decay));
    stack.push_back(new IValue(momentum));
    stack.push_back(new IValue(rate));
    stack.push_back(new IValue(DAMPENING));
    stack.push_back(new IValue(NESTEROV));
    stack.push_back(new IValue(MAXIMIZE));
    stack.push_back(new IValue(FIRST_STEP));
    call("aten::_fused_sgd_", stack);
  }

  private static void call(String operator, IValueVector stack) {
    stack.push_back(new IValue()); // No scaling of gradients,
    stack.push_back(new IValue()); // no count of infinities.
    OperatorHandle handle = Dispatcher.singleton().findSchemaOrThrow(operator, "");
    Scope.withoutGradients(
        () -> {
          handle.callBoxed(stack);
          return true;
        });
  }

  private static IValue list(Type.TypePtr type, List<Value> values) {
    GenericList list = new GenericList(type);
    values.forEach(value -> list.push_back(new IValue(value.tensor())));
    return new IValue(list);
  }

  /** The type of a list's tensors has no bound constructor; any list of tensors tells it. */
  private static Type.TypePtr tensorType() {
    IValueVector stack = new IValueVector();
    stack.push_back(new IValue(torch.zeros(1)));
    stack.push_back(new IValue(0L));
    Dispatcher.singleton().findSchemaOrThrow("aten::unbind", "int").callBoxed(stack);
    return stack.get(0).toList().elementType();
  }
}
