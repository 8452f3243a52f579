package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Window;
import java.util.Arrays;

/** Windows as the attributes of ONNX's Conv and pools. */
final class Windows {
  private Windows() {}

  static OnnxAttribute[] convolution(Window window) {
    return new OnnxAttribute[] {
      size(window),
      strides(window),
      pads(window),
      OnnxAttribute.numbers("dilations", window.dilation()),
      OnnxAttribute.number("group", window.groups())
    };
  }

  static OnnxAttribute[] transposed(Window window, OnnxAttribute outputPadding) {
    OnnxAttribute[] same = convolution(window);
    OnnxAttribute[] all = Arrays.copyOf(same, same.length + 1);
    all[same.length] = outputPadding;
    return all;
  }

  static OnnxAttribute[] maximum(Window window) {
    return new OnnxAttribute[] {
      size(window),
      strides(window),
      pads(window),
      OnnxAttribute.numbers("dilations", window.dilation())
    };
  }

  static OnnxAttribute[] average(Window window) {
    return new OnnxAttribute[] {
      size(window), strides(window), pads(window), OnnxAttribute.number("count_include_pad", 1)
    };
  }

  private static OnnxAttribute size(Window window) {
    return OnnxAttribute.numbers("kernel_shape", window.size());
  }

  private static OnnxAttribute strides(Window window) {
    return OnnxAttribute.numbers("strides", window.stride());
  }

  /** First all beginnings, then all ends. */
  private static OnnxAttribute pads(Window window) {
    int axes = window.axes();
    int[] pads = new int[2 * axes];
    System.arraycopy(window.padding(), 0, pads, 0, axes);
    System.arraycopy(window.padding(), 0, pads, axes, axes);
    return OnnxAttribute.numbers("pads", pads);
  }
}
