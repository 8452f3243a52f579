package io.noesis.encoders.torch;

import io.noesis.run.Check;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * An array inside libtorch, which remembers how it was computed as long as gradients are recorded.
 * Freed when the {@link Scope} it was made in closes, unless {@linkplain #keep kept}; using it
 * afterwards fails. Not thread-safe.
 */
public final class Value {
  static {
    Libtorch.load();
  }

  private final org.bytedeco.pytorch.Tensor tensor;

  Value(org.bytedeco.pytorch.Tensor tensor) {
    this.tensor = tensor;
    Ledger.note(tensor);
  }

  org.bytedeco.pytorch.Tensor tensor() {
    return tensor;
  }

  /**
   * A float32 copy of a heap tensor.
   *
   * @param values copied
   * @return the value
   */
  public static Value of(Tensor values) {
    return onHost(values).placed();
  }

  /** The same in the memory of the processor, whatever the device is. */
  static Value onHost(Tensor values) {
    var tensor = empty(values.shape(), ScalarType.Float);
    new FloatPointer(tensor.data_ptr_float()).capacity(values.size()).put(values.array());
    return new Value(tensor);
  }

  /** A copy on the device in use; itself where that is the processor. */
  Value placed() {
    return Libtorch.device().kind() == Device.Kind.CPU
        ? this
        : new Value(tensor.to(Libtorch.device().torch(), tensor.scalar_type()));
  }

  /**
   * A float64 copy of numbers.
   *
   * @param values row-major; copied
   * @param sizes the axes, slowest first
   * @return the value
   */
  public static Value of(double[] values, int... sizes) {
    Shape shape = Shape.of(sizes);
    Check.size("values of shape " + shape, shape.size(), values.length);
    var tensor = empty(shape, ScalarType.Double);
    new DoublePointer(tensor.data_ptr_double()).capacity(values.length).put(values);
    return new Value(tensor).placed();
  }

  /**
   * A copy of whole numbers: labels, subjects, tokens.
   *
   * @param values row-major; copied
   * @param sizes the axes, slowest first
   * @return the value, of 64-bit integers
   */
  public static Value of(long[] values, int... sizes) {
    Shape shape = Shape.of(sizes);
    Check.size("whole numbers of shape " + shape, shape.size(), values.length);
    var tensor = empty(shape, ScalarType.Long);
    new LongPointer(tensor.data_ptr_long()).capacity(values.length).put(values);
    return new Value(tensor).placed();
  }

  /**
   * One number, float32.
   *
   * @param number the number
   * @return a value of rank 0
   */
  public static Value of(double number) {
    return of(Tensor.wrap(new float[] {(float) number}));
  }

  private static org.bytedeco.pytorch.Tensor empty(Shape shape, ScalarType type) {
    return torch.empty(longs(shape.toArray()), new TensorOptions(type), new MemoryFormatOptional());
  }

  static long[] longs(int... sizes) {
    return Arrays.stream(sizes).asLongStream().toArray();
  }

  /** The sizes of its axes. */
  public Shape shape() {
    int[] sizes = new int[rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.toIntExact(tensor.size(i));
    }
    return Shape.of(sizes);
  }

  /** How many axes. */
  public int rank() {
    return Math.toIntExact(tensor.dim());
  }

  /**
   * The size of one axis.
   *
   * @param axis negative counts from the end
   * @return its size
   */
  public int dim(int axis) {
    return Math.toIntExact(tensor.size(axis));
  }

  /** A copy on the heap, rounded to float32. */
  public Tensor toTensor() {
    var whole = tensor.detach().to(ScalarType.Float).cpu().contiguous();
    float[] values = new float[Math.toIntExact(whole.numel())];
    new FloatPointer(whole.data_ptr_float()).capacity(values.length).get(values);
    return Tensor.wrap(values, shape().toArray());
  }

  /** A copy on the heap, in float64. */
  public double[] toDoubles() {
    var whole = tensor.detach().to(ScalarType.Double).cpu().contiguous();
    double[] values = new double[Math.toIntExact(whole.numel())];
    new DoublePointer(whole.data_ptr_double()).capacity(values.length).get(values);
    return values;
  }

  /** A copy of whole numbers on the heap. */
  public long[] toLongs() {
    var whole = tensor.to(ScalarType.Long).contiguous();
    long[] values = new long[Math.toIntExact(whole.numel())];
    new LongPointer(whole.data_ptr_long()).capacity(values.length).get(values);
    return values;
  }

  /** The only element of a value of one element. */
  public double item() {
    return tensor.item_double();
  }

  /**
   * A copy in another floating point type; itself when it has that type.
   *
   * @param precision the type
   * @return the value
   */
  public Value to(Precision precision) {
    return new Value(tensor.to(precision.type()));
  }

  /** A copy in the floating point type of another value; itself when it has that type. */
  public Value like(Value other) {
    return new Value(tensor.to(other.tensor.scalar_type()));
  }

  /**
   * Lets it outlive the scope it was made in; then it is freed by {@link #free} or the collector.
   */
  public Value keep() {
    tensor.retainReference();
    return this;
  }

  /** Frees a kept value now. */
  public void free() {
    tensor.releaseReference();
  }

  /** Marks it as a leaf whose gradient is wanted. */
  public Value requireGradient() {
    tensor.requires_grad_(true);
    return this;
  }

  /** Marks it as a leaf whose gradient is not wanted. */
  public Value refuseGradient() {
    tensor.requires_grad_(false);
    return this;
  }

  /** The same numbers without memory of how they were computed. */
  public Value detach() {
    return new Value(tensor.detach());
  }

  /** Whether a gradient of it is wanted. */
  public boolean wantsGradient() {
    return tensor.requires_grad();
  }

  /** Computes the gradients of this single number, adding them to those of the leaves. */
  public void backward() {
    tensor.backward();
  }

  /** Its gradient, or null when none was computed. */
  public @Nullable Value gradient() {
    var gradient = tensor.grad();
    return gradient.defined() ? new Value(gradient) : null;
  }

  /** Forgets its gradient, if it has one. */
  public void clearGradient() {
    tensor.mutable_grad().reset();
  }

  /**
   * Overwrites its numbers, outside of the recorded computation.
   *
   * @param other of the same shape
   */
  public void assign(Value other) {
    Check.argument(
        shape().equals(other.shape()),
        "assigning a value of shape %s to one of %s: expected equal shapes",
        other.shape(),
        shape());
    Scope.withoutGradients(() -> tensor.copy_(other.tensor));
  }

  /**
   * Moves its numbers a fraction of the way to others, outside of the recorded computation: x ← x +
   * fraction · (other − x).
   *
   * @param other of the same shape
   * @param fraction 0 stays, 1 arrives
   */
  public void moveTowards(Value other, double fraction) {
    Scope.withoutGradients(
        () -> tensor.lerp_(other.tensor, new org.bytedeco.pytorch.Scalar(fraction)));
  }

  @Override
  public String toString() {
    return "Value" + shape();
  }
}
