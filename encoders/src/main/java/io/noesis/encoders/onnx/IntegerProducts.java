package io.noesis.encoders.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import io.noesis.run.Check;
import io.noesis.run.ModelException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Inner products of rows of 8-bit integers with some fixed vectors, exact in 32 bits: ONNX
 * Runtime's {@code MatMulInteger}, three times as many a second as in float32 with AVX-512 or AVX2,
 * more with VNNI. To be used from several threads at once, each call runs on its own; the caller
 * closes it when all have returned.
 *
 * <p>Processors without VNNI add pairs of products in 16 bits with saturation. The vectors have 7
 * bits so that no pair comes near: 2·255·63 &lt; 2¹⁵.
 */
public final class IntegerProducts implements AutoCloseable {
  /** What is added to an element of a row to store it: they are read without a sign. */
  public static final int BIAS = 128;

  /** The largest magnitude of an element of a row, before the bias. */
  public static final int LARGEST_IN_ROW = 127;

  /** Rows whose products are handed out together. */
  public static final int TOGETHER = 8;

  /** Above the magnitude of any product. */
  public static final int BEYOND = 1 << 30;

  private static final int LARGEST_IN_VECTOR = 63;

  /** Rows that are multiplied at a time: their products stay in the second cache. */
  private static final int TILE = 64;

  private final int count;
  private final int width;
  private final OrtSession session;
  private final Queue<Tile> idle = new ConcurrentLinkedQueue<>();

  /**
   * The vectors.
   *
   * @param vectors {@code [count, width]}, row-major, of magnitudes up to {@link #largestInVector};
   *     not kept
   * @param count how many
   * @param width elements of each
   */
  public IntegerProducts(byte[] vectors, int count, int width) {
    Check.size("bytes of vectors", Math.multiplyExact(count, width), vectors.length);
    this.count = count;
    this.width = width;
    this.session = open(transposed(vectors, count, width));
  }

  /**
   * The largest magnitude of an element of a vector: less than 63 where sums would reach {@link
   * #BEYOND}, from 134,200 elements on.
   *
   * @param width elements of a vector, at most 8 million
   */
  public static int largestInVector(int width) {
    int most = (int) (BEYOND / ((long) LARGEST_IN_ROW * Math.max(1, width)));
    Check.argument(most > 0, "8-bit products: vectors of %d elements are too wide", width);
    return Math.min(LARGEST_IN_VECTOR, most);
  }

  /** How many vectors. */
  public int count() {
    return count;
  }

  /** Hears the products of some neighbouring rows. */
  @FunctionalInterface
  public interface Use {
    /**
     * Takes them.
     *
     * @param first the number of the first row
     * @param rows how many, at most {@link #TOGETHER}
     * @param products of each with all vectors, {@code [TOGETHER][count]}; not to be kept
     */
    void accept(int first, int rows, int[][] products);
  }

  /**
   * Multiplies some rows on this thread.
   *
   * @param rows all rows of {@code width} bytes, each an element plus {@link #BIAS}
   * @param from the first one to multiply
   * @param to one past the last
   * @param use hears all of them once, in order
   */
  public void multiply(byte[] rows, int from, int to, Use use) {
    Tile found = idle.poll();
    Tile tile = found == null ? new Tile(count, width) : found;
    for (int row = from; row < to; row += TILE) {
      int height = Math.min(TILE, to - row);
      run(tile, rows, row, height);
      for (int r = 0; r < height; r += TOGETHER) {
        int some = Math.min(TOGETHER, height - r);
        for (int i = 0; i < some; i++) {
          tile.out.get((r + i) * count, tile.products[i], 0, count);
        }
        use.accept(row + r, some, tile.products);
      }
    }
    idle.add(tile);
  }

  private void run(Tile tile, byte[] rows, int row, int height) {
    tile.in.put(0, rows, row * width, height * width);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    ByteBuffer in = tile.in.slice(0, height * width);
    IntBuffer out = tile.out.slice(0, height * count);
    try (OnnxTensor a =
            OnnxTensor.createTensor(
                environment, in, new long[] {height, width}, OnnxJavaType.UINT8);
        OnnxTensor c = OnnxTensor.createTensor(environment, out, new long[] {height, count})) {
      session.run(Map.of("rows", a), Set.of(), Map.of("products", c)).close();
    } catch (OrtException e) {
      throw new ModelException("multiplying 8-bit integers: ONNX Runtime failed (" + e + ")", e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new ModelException("closing 8-bit products: ONNX Runtime failed (" + e + ")", e);
    }
  }

  /** Memory of one thread. */
  private static final class Tile {
    final ByteBuffer in;
    final IntBuffer out;
    final int[][] products;

    Tile(int count, int width) {
      this.in = OnnxValues.direct(TILE, width);
      this.out = OnnxValues.direct(TILE * count, Integer.BYTES).asIntBuffer();
      this.products = new int[TOGETHER][count];
    }
  }

  private static byte[] transposed(byte[] vectors, int count, int width) {
    byte[] out = new byte[vectors.length];
    for (int v = 0; v < count; v++) {
      for (int k = 0; k < width; k++) {
        out[k * count + v] = vectors[v * width + k];
      }
    }
    return out;
  }

  private OrtSession open(byte[] transposed) {
    TensorProto vectors =
        TensorProto.newBuilder()
            .setName("vectors")
            .setDataType(TensorProto.DataType.INT8_VALUE)
            .addDims(width)
            .addDims(count)
            .setRawData(ByteString.copyFrom(transposed))
            .build();
    TensorProto zero =
        TensorProto.newBuilder()
            .setName("zero")
            .setDataType(TensorProto.DataType.UINT8_VALUE)
            .setRawData(ByteString.copyFrom(new byte[] {(byte) BIAS}))
            .build();
    NodeProto node =
        NodeProto.newBuilder()
            .setOpType("MatMulInteger")
            .addInput("rows")
            .addInput("vectors")
            .addInput("zero")
            .addOutput("products")
            .build();
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("products")
            .addInitializer(vectors)
            .addInitializer(zero)
            .addInput(value("rows", TensorProto.DataType.UINT8, width))
            .addOutput(value("products", TensorProto.DataType.INT32, count))
            .addNode(node)
            .build();
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(GraphBuilder.IR_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(GraphBuilder.OPERATOR_SET))
            .setGraph(graph)
            .build();
    return OnnxSessions.onThisThread("8-bit products", model.toByteArray());
  }

  private static ValueInfoProto value(String name, TensorProto.DataType type, int columns) {
    TensorShapeProto shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("n"))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns))
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }
}
