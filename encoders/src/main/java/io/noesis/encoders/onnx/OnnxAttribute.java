package io.noesis.encoders.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import com.google.protobuf.ByteString;

/** A named constant of a graph node, as the operator's specification lists it. Immutable. */
public final class OnnxAttribute {
  private final AttributeProto proto;

  private OnnxAttribute(AttributeProto.Builder builder) {
    this.proto = builder.build();
  }

  AttributeProto proto() {
    return proto;
  }

  /**
   * A whole number.
   *
   * @param name as in the specification
   * @param value the number
   * @return the attribute
   */
  public static OnnxAttribute number(String name, long value) {
    return new OnnxAttribute(builder(name, AttributeProto.AttributeType.INT).setI(value));
  }

  /**
   * A real number.
   *
   * @param name as in the specification
   * @param value the number, rounded to float32
   * @return the attribute
   */
  public static OnnxAttribute real(String name, double value) {
    return new OnnxAttribute(builder(name, AttributeProto.AttributeType.FLOAT).setF((float) value));
  }

  /**
   * Whole numbers.
   *
   * @param name as in the specification
   * @param values the numbers
   * @return the attribute
   */
  public static OnnxAttribute numbers(String name, int... values) {
    AttributeProto.Builder builder = builder(name, AttributeProto.AttributeType.INTS);
    for (int value : values) {
      builder.addInts(value);
    }
    return new OnnxAttribute(builder);
  }

  /**
   * A word.
   *
   * @param name as in the specification
   * @param value the word
   * @return the attribute
   */
  public static OnnxAttribute word(String name, String value) {
    return new OnnxAttribute(
        builder(name, AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(value)));
  }

  private static AttributeProto.Builder builder(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }
}
