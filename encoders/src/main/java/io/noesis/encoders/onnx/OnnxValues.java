package io.noesis.encoders.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import ai.onnxruntime.platform.Fp16Conversions;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Between our arrays and ONNX Runtime's native values, which live only inside {@link #run}. */
final class OnnxValues {
  private OnnxValues() {}

  static Map<String, Tensor> run(
      OrtSession session,
      Map<String, OnnxPort> ports,
      Map<String, OnnxInput> values,
      List<String> wanted)
      throws OrtException {
    Map<String, OnnxTensor> natives = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, OnnxPort> port : ports.entrySet()) {
        OnnxInput value = values.get(port.getKey());
        if (value != null) {
          natives.put(port.getKey(), toNative(value, port.getValue().type()));
        }
      }
      try (OrtSession.Result result = session.run(natives, new LinkedHashSet<>(wanted))) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (String name : wanted) {
          OnnxValue value = result.get(name).orElseThrow();
          out.put(name, toTensor((OnnxTensor) value));
        }
        return out;
      }
    } finally {
      natives.values().forEach(OnnxTensor::close);
    }
  }

  static OnnxTensor toNative(OnnxInput value, OnnxType type) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = sizes(value.shape());
    if (value instanceof OnnxInput.Floats floats) {
      float[] array = floats.tensor().array();
      if (type == OnnxType.FLOAT16) {
        return halves(array, shape);
      }
      FloatBuffer values = direct(array.length, Float.BYTES).asFloatBuffer();
      return over(values.put(0, array), value.shape());
    }
    long[] array = ((OnnxInput.Longs) value).values();
    if (type == OnnxType.INT32) {
      ByteBuffer bytes = direct(array.length, Integer.BYTES);
      for (int i = 0; i < array.length; i++) {
        bytes.putInt(i * Integer.BYTES, Math.toIntExact(array[i]));
      }
      return OnnxTensor.createTensor(environment, bytes.asIntBuffer(), shape);
    }
    ByteBuffer bytes = direct(array.length, Long.BYTES);
    bytes.asLongBuffer().put(array);
    return OnnxTensor.createTensor(environment, bytes.asLongBuffer(), shape);
  }

  /** Float32 rounded to the nearest float16, ties to even. */
  private static OnnxTensor halves(float[] array, long[] shape) throws OrtException {
    ByteBuffer bytes = direct(array.length, Short.BYTES);
    for (int i = 0; i < array.length; i++) {
      bytes.putShort(i * Short.BYTES, Fp16Conversions.floatToFp16(array[i]));
    }
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(), bytes.asShortBuffer(), shape, OnnxJavaType.FLOAT16);
  }

  /** A native value over memory outside the heap, which it does not own. */
  static OnnxTensor over(FloatBuffer direct, Shape shape) throws OrtException {
    return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), direct, sizes(shape));
  }

  private static long[] sizes(Shape shape) {
    int[] axes = shape.toArray();
    long[] out = new long[axes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = axes[i];
    }
    return out;
  }

  static ByteBuffer direct(int elements, int width) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(elements, width))
        .order(ByteOrder.nativeOrder());
  }

  static Tensor toTensor(OnnxTensor tensor) {
    long[] shape = tensor.getInfo().getShape();
    int[] sizes = new int[shape.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.toIntExact(shape[i]);
    }
    FloatBuffer buffer = tensor.getFloatBuffer();
    if (buffer.hasArray() && buffer.array().length == buffer.remaining()) {
      // Already a copy of our own: logits of a vocabulary are not copied twice.
      return Tensor.wrap(buffer.array(), sizes);
    }
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return Tensor.wrap(values, sizes);
  }

  static OnnxPort port(String name, ValueInfo info) {
    if (!(info instanceof TensorInfo tensor)) {
      return new OnnxPort(name, OnnxType.OTHER, List.of());
    }
    long[] shape = tensor.getShape();
    String[] labels = tensor.getDimensionNames();
    List<OnnxPort.Axis> axes = new ArrayList<>();
    for (int i = 0; i < shape.length; i++) {
      axes.add(new OnnxPort.Axis(shape[i], labels == null ? "" : labels[i]));
    }
    return new OnnxPort(name, type(tensor.type), axes);
  }

  private static OnnxType type(OnnxJavaType type) {
    return switch (type) {
      case FLOAT -> OnnxType.FLOAT32;
      case FLOAT16 -> OnnxType.FLOAT16;
      case DOUBLE -> OnnxType.FLOAT64;
      case INT64 -> OnnxType.INT64;
      case INT32 -> OnnxType.INT32;
      case BOOL -> OnnxType.BOOL;
      default -> OnnxType.OTHER;
    };
  }
}
