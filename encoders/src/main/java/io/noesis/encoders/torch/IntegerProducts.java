package io.noesis.encoders.torch;

import io.noesis.run.Check;
import io.noesis.run.Parallel;
import java.util.Arrays;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Inner products of two sets of rows of 8-bit integers, exact in 32 bits, handed over in pieces
 * that stay in a cache. On processors with instructions for it (VNNI, AMX) four times as many a
 * second as in float32; where there are none, {@link #available} says so and this is not to be
 * used.
 */
public final class IntegerProducts {
  /** Right rows of one piece; pieces start at multiples of it. */
  public static final int PIECE = 1024;

  /** The largest magnitude of an element; -128 is left out so that negation stays in range. */
  public static final int LARGEST = 127;

  private static final int TILE_ROWS = 128;
  private static final int COPIED_AT_ONCE = 1 << 20;

  /** Widest rows whose products fit into 32 bits. */
  private static final int WIDEST = Integer.MAX_VALUE / (LARGEST * LARGEST);

  private static final Object LOCK = new Object();
  private static int users;
  private static int threadsBefore;

  static {
    Libtorch.load();
  }

  private IntegerProducts() {}

  /**
   * Whether products of 8-bit integers are quick and exact on this machine: the processor names an
   * instruction for them, and the library adds large ones up without saturating.
   */
  public static boolean available() {
    return Availability.PRESENT;
  }

  /**
   * Whether rows of that width can be multiplied: without overflow, and at least two elements wide
   * (libtorch 2.10 returns wrong products of single columns).
   */
  public static boolean fits(int width) {
    return width >= 2 && width <= WIDEST;
  }

  /** Hears the products of one row of the left set with one piece of the right one. */
  @FunctionalInterface
  public interface Use {
    /**
     * Takes one piece; different rows may come from several threads at once, the pieces of one row
     * in order.
     *
     * @param row of the left set
     * @param column the first row of the right set in this piece, counted from 0
     * @param products holds them; not to be kept
     * @param offset where those of this row start
     * @param count how many
     */
    void accept(int row, int column, int[] products, int offset, int count);
  }

  /**
   * Some neighbouring rows.
   *
   * @param values holds all rows, one after the other; not copied
   * @param first the first of these
   * @param count how many: some thousands, copied out of the heap while they are multiplied
   * @param width elements of a row
   */
  @SuppressWarnings("ArrayRecordComponent") // A view for the time of one call; never compared.
  public record Rows(byte[] values, int first, int count, int width) {}

  /**
   * Computes all products.
   *
   * @param left rows as wide as the others, of elements in -127 ... 127
   * @param right what they are multiplied with
   * @param use hears every piece of every row once
   */
  public static void forEach(byte[] left, Rows right, Use use) {
    int width = right.width();
    Check.argument(
        fits(width), "8-bit products: rows must be 2 to %d elements wide, found %d", WIDEST, width);
    if (left.length == 0 || right.count() == 0) {
      return;
    }
    int size = Math.multiplyExact(right.count(), width);
    int start = right.first() * width;
    try (BytePointer a = new BytePointer((long) left.length);
        BytePointer b = new BytePointer((long) size)) {
      a.put(left, 0, left.length);
      Parallel.forBlocks(
          size,
          COPIED_AT_ONCE,
          (at, to) -> b.getPointer(at).put(right.values(), start + at, to - at));
      int threads = begin();
      try {
        Parallel.forBlocks(
            left.length / width,
            TILE_ROWS,
            (first, last) -> onOneThread(threads, () -> tile(a, first, last, b, right, use)));
      } finally {
        end();
      }
    }
  }

  @SuppressWarnings("try") // Being open is what the scopes are for.
  private static void tile(BytePointer a, int first, int last, BytePointer b, Rows right, Use use) {
    int rows = right.count();
    int width = right.width();
    int height = last - first;
    int[] products = new int[height * Math.min(PIECE, rows)];
    OperatorHandle operation = Dispatcher.singleton().findSchemaOrThrow("aten::_int_mm", "out");
    try (PointerScope all = new PointerScope();
        IntPointer memory = new IntPointer((long) products.length)) {
      TensorOptions bytes = new TensorOptions(torch.ScalarType.Char);
      TensorOptions ints = new TensorOptions(torch.ScalarType.Int);
      Tensor x =
          torch.from_blob(a.getPointer((long) first * width), new long[] {height, width}, bytes);
      for (int column = 0; column < rows; column += PIECE) {
        int count = Math.min(PIECE, rows - column);
        try (PointerScope piece = new PointerScope()) {
          BytePointer place = b.getPointer((long) column * width);
          Tensor y = torch.from_blob(place, new long[] {count, width}, bytes).t();
          Tensor out = torch.from_blob(memory, new long[] {height, count}, ints);
          operation.callBoxed(new IValueVector(new IValue(x), new IValue(y), new IValue(out)));
        }
        memory.get(products, 0, height * count);
        for (int row = 0; row < height; row++) {
          use.accept(first + row, column, products, row * count, count);
        }
      }
    }
  }

  /** How many threads libtorch had before the first of all calls that are running. */
  private static int begin() {
    synchronized (LOCK) {
      if (users++ == 0) {
        threadsBefore = torch.get_num_threads();
      }
      return threadsBefore;
    }
  }

  private static void end() {
    synchronized (LOCK) {
      if (--users == 0) {
        torch.set_num_threads(threadsBefore);
      }
    }
  }

  /** Our threads share the work out; libtorch keeps a number of its own for each of them. */
  private static void onOneThread(int threads, Runnable work) {
    torch.set_num_threads(1);
    try {
      work.run();
    } finally {
      torch.set_num_threads(threads);
    }
  }

  private static final class Availability {
    private static final Set<String> INSTRUCTIONS = Set.of("avx512_vnni", "avx_vnni", "amx_int8");

    static final boolean PRESENT =
        NativeTuning.cpuFlags().stream().anyMatch(INSTRUCTIONS::contains) && isExact();

    private Availability() {}

    /** Instructions that add pairs in 16 bits saturate on these numbers. */
    private static boolean isExact() {
      int width = 768;
      byte[] left = new byte[TILE_ROWS * width];
      byte[] right = new byte[PIECE * width];
      Arrays.fill(left, (byte) LARGEST);
      Arrays.fill(right, 0, right.length / 2, (byte) LARGEST);
      Arrays.fill(right, right.length / 2, right.length, (byte) -LARGEST);
      int expected = LARGEST * LARGEST * width;
      boolean[] exact = new boolean[TILE_ROWS];
      forEach(
          left,
          new Rows(right, 0, PIECE, width),
          (row, column, products, offset, count) -> {
            boolean same = true;
            for (int i = 0; i < count; i++) {
              int wanted = column + i < PIECE / 2 ? expected : -expected;
              same &= products[offset + i] == wanted;
            }
            exact[row] = same;
          });
      boolean all = true;
      for (boolean row : exact) {
        all &= row;
      }
      return all;
    }
  }
}
