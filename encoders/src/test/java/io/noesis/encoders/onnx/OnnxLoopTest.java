package io.noesis.encoders.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.ModelException;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A graph that remembers: its sum so far comes back in, longer at every step. */
class OnnxLoopTest {
  private static final Map<String, String> CARRIED = Map.of("past", "present");

  /** present = past then x; sum over all of it, plus an offset. */
  private static OnnxModel remembering() {
    GraphBuilder graph = new GraphBuilder("remembering");
    String x = graph.input("x", OnnxType.FLOAT32, List.of("n", "2"));
    String past = graph.input("past", OnnxType.FLOAT32, List.of("known", "2"));
    String offset = graph.input("offset", OnnxType.FLOAT32, List.of("2"));
    String all = graph.node("Concat", "all", List.of(past, x), OnnxAttribute.number("axis", 0));
    String axis = graph.numbers("axis", 0);
    String sum =
        graph.node("ReduceSum", "summed", List.of(all, axis), OnnxAttribute.number("keepdims", 0));
    graph.output("sum", graph.node("Add", "moved", List.of(sum, offset)), List.of("2"));
    graph.output("present", all, List.of("known", "2"));
    return OnnxModel.open("remembering", graph.bytes(), OnnxOptions.SINGLE_THREADED);
  }

  private static OnnxModel doubling() {
    GraphBuilder graph = new GraphBuilder("doubling");
    String in = graph.input("in", OnnxType.FLOAT32, List.of("2"));
    graph.output("offset", graph.node("Add", "twice", List.of(in, in)), List.of("2"));
    return OnnxModel.open("doubling", graph.bytes(), OnnxOptions.SINGLE_THREADED);
  }

  private static OnnxInput row(float... values) {
    return OnnxInput.of(Tensor.wrap(values, values.length / 2, 2));
  }

  private static OnnxInput offset(float... values) {
    return OnnxInput.of(Tensor.wrap(values, 2));
  }

  @Test
  void whatIsCarriedComesBackAndWhatIsKeptStays() {
    try (OnnxModel model = remembering();
        OnnxModel maker = doubling();
        OnnxLoop loop = new OnnxLoop(model, CARRIED)) {
      loop.keep(maker, Map.of("in", offset(0.5f, 50)));
      OnnxInput none = OnnxInput.of(Tensor.zeros(0, 2));
      assertArrayEquals(
          new float[] {2, 102}, loop.step(Map.of("x", row(1, 2), "past", none), "sum").array());
      assertArrayEquals(new float[] {12, 122}, loop.step(Map.of("x", row(10, 20)), "sum").array());
      assertArrayEquals(
          new float[] {18, 128}, loop.step(Map.of("x", row(1, 1, 5, 5)), "sum").array());
      // The past given again: a new beginning. Another offset: the first is let go.
      loop.keep(maker, Map.of("in", offset(0, 0)));
      assertArrayEquals(
          new float[] {7, 7}, loop.step(Map.of("x", row(7, 7), "past", none), "sum").array());
      assertEquals(
          Tensor.wrap(new float[] {7, 7, 1, 2}, 2, 2),
          loop.step(Map.of("x", row(1, 2)), "present"));
    }
  }

  @Test
  void outputsOfKnownSizesAreWrittenIntoTheSameMemory() {
    try (OnnxModel model = remembering();
        OnnxLoop loop = new OnnxLoop(model, CARRIED);
        OnnxModel maker = doubling();
        OnnxLoop other = new OnnxLoop(maker, Map.of())) {
      OnnxInput none = OnnxInput.of(Tensor.zeros(0, 2));
      OnnxInput zero = offset(0, 0);
      Shape two = Shape.of(2);
      assertArrayEquals(
          new float[] {1, 2},
          loop.step(Map.of("x", row(1, 2), "past", none, "offset", zero), "sum").array());
      FloatBuffer first = loop.step(Map.of("x", row(10, 20), "offset", zero), "sum", two);
      assertEquals(FloatBuffer.wrap(new float[] {11, 22}), first);
      FloatBuffer second = loop.step(Map.of("x", row(1, 1), "offset", zero), "sum", two);
      assertEquals(FloatBuffer.wrap(new float[] {12, 23}), second);
      assertEquals(second, first, "the memory of the step before");
      assertTrue(second.isDirect());
      // Both kinds of step carry on from each other.
      assertArrayEquals(
          new float[] {13, 24}, loop.step(Map.of("x", row(1, 1), "offset", zero), "sum").array());
      // What fails changes nothing.
      assertThrows(
          ModelException.class,
          () -> loop.step(Map.of("x", row(1, 1), "offset", zero), "sum", Shape.of(3)));
      assertThrows(
          IllegalArgumentException.class,
          () -> loop.step(Map.of("x", row(1, 1), "offset", zero), "present", Shape.of(5, 2)));
      assertEquals(
          FloatBuffer.wrap(new float[] {14, 25}),
          loop.step(Map.of("x", row(1, 1), "offset", zero), "sum", two));
      assertEquals(
          FloatBuffer.wrap(new float[] {2, 4}),
          other.step(Map.of("in", offset(1, 2)), "offset", two));
    }
  }

  @Test
  void whatDoesNotFitIsRefusedByName() {
    try (OnnxModel model = remembering();
        OnnxModel maker = doubling();
        OnnxLoop loop = new OnnxLoop(model, CARRIED)) {
      Map<String, OnnxInput> first = Map.of("x", row(1, 2), "offset", offset(0, 0));
      String message =
          assertThrows(ModelException.class, () -> loop.step(first, "sum")).getMessage();
      assertTrue(message.contains("'past") && message.contains("was not given"), message);
      assertThrows(ModelException.class, () -> new OnnxLoop(model, Map.of("past", "presnt")));
      assertThrows(ModelException.class, () -> new OnnxLoop(model, Map.of("pst", "present")));
      OnnxLoop other = new OnnxLoop(maker, Map.of());
      assertThrows(
          ModelException.class,
          () ->
              other.keep(
                  model,
                  Map.of(
                      "x",
                      row(1, 2),
                      "past",
                      OnnxInput.of(Tensor.zeros(0, 2)),
                      "offset",
                      offset(0, 0))));
      assertEquals(
          Tensor.wrap(new float[] {2, 4}, 2), other.step(Map.of("in", offset(1, 2)), "offset"));
      other.close();
    }
  }
}
