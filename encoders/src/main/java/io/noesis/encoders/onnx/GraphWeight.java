package io.noesis.encoders.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.noesis.run.Check;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** An initializer of a graph: its type, its axes, and its little-endian bytes. */
interface GraphWeight {
  /** How many numbers are turned into bytes at a time. */
  int BLOCK = 1 << 14;

  TensorProto.DataType type();

  int[] sizes();

  /** How many bytes the numbers take. */
  long bytes();

  /** Writes exactly that many bytes. */
  void writeTo(OutputStream out) throws IOException;

  /** Name, type and axes, without the numbers. */
  default TensorProto.Builder header(String name) {
    TensorProto.Builder builder =
        TensorProto.newBuilder().setName(name).setDataType(type().getNumber());
    for (int size : sizes()) {
      builder.addDims(size);
    }
    return builder;
  }

  /** The whole initializer as one message. */
  default TensorProto inline(String name) {
    try (ByteString.Output out = ByteString.newOutput(Math.toIntExact(bytes()))) {
      writeTo(out);
      return header(name).setRawData(out.toByteString()).build();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
  }

  /** Float32 numbers. */
  record Floats(Tensor values) implements GraphWeight {
    @Override
    public TensorProto.DataType type() {
      return TensorProto.DataType.FLOAT;
    }

    @Override
    public int[] sizes() {
      return values.shape().toArray();
    }

    @Override
    public long bytes() {
      return 4L * values.size();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      float[] all = values.array();
      ByteBuffer block = ByteBuffer.allocate(4 * BLOCK).order(ByteOrder.LITTLE_ENDIAN);
      for (int from = 0; from < all.length; from += BLOCK) {
        int count = Math.min(BLOCK, all.length - from);
        block.clear().asFloatBuffer().put(all, from, count);
        out.write(block.array(), 0, 4 * count);
      }
    }
  }

  /** 64-bit whole numbers. */
  @SuppressWarnings("ArrayRecordComponent") // Package-private; made with copies.
  record Longs(long[] values, int[] sizes) implements GraphWeight {
    public Longs {
      Check.size("whole numbers of a graph", Shape.of(sizes).size(), values.length);
    }

    @Override
    public TensorProto.DataType type() {
      return TensorProto.DataType.INT64;
    }

    @Override
    public long bytes() {
      return 8L * values.length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      ByteBuffer all = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      all.asLongBuffer().put(values);
      out.write(all.array());
    }
  }
}
