package io.noesis.reconstruction.caption;

import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxLoop;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.run.CancelledException;
import io.noesis.run.ModelException;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Some sentences on their way: knows what they are conditioned on, their words so far and the past
 * of the network. Sentences can be dropped and doubled from word to word.
 */
final class DecoderRun {
  private final Decoder graphs;
  private final Tensor embeddings;
  private final List<Long> start;
  private final boolean cached;
  private final OnnxLoop loop;

  /** What stands before the first word, one row per embedding; without rows for an encoder. */
  private final Tensor before;

  private int[] rows;
  private int[] keptFor = new int[0];
  private long[][] words;

  /** How many words a choice is among; 0 until that is known. */
  private int vocabulary;

  /**
   * Sentences before their first word.
   *
   * @param loop of the decoder, with the past carried where it is kept; not owned, and by one run
   *     after the other
   * @param embeddings one row per sentence, shaped as the first graph takes them
   */
  DecoderRun(Decoder graphs, OnnxLoop loop, Tensor embeddings, List<Long> start, boolean cached) {
    this.graphs = graphs;
    this.embeddings = embeddings;
    this.start = start;
    this.cached = cached;
    this.rows = IntStream.range(0, embeddings.dim(0)).toArray();
    this.words = new long[rows.length][];
    this.before = graphs.conditions().isPresent() ? before() : Tensor.zeros(0);
    this.loop = loop;
    OnnxPort port = graphs.decoder().output(Decoder.LOGITS);
    long size = port.rank() == 0 ? -1 : port.axes().get(port.rank() - 1).size();
    this.vocabulary = (int) Math.max(0, size);
  }

  private Tensor before() {
    if (graphs.maker().isEmpty()) {
      return embeddings;
    }
    var maker = graphs.maker().get();
    String input = maker.inputs().get(0).name();
    String output = graphs.conditions().orElseThrow();
    Map<String, Tensor> made = maker.run(Map.of(input, OnnxInput.of(embeddings)), List.of(output));
    return java.util.Objects.requireNonNull(made.get(output));
  }

  /**
   * The logits of the first words.
   *
   * @return one per embedding, looked at when asked for, to be read before the next word
   */
  List<Logits> first() {
    long[] ids = start.stream().mapToLong(Long::longValue).toArray();
    Arrays.setAll(words, i -> ids);
    return whole(ids.length);
  }

  /**
   * The logits of the next words.
   *
   * @param parents which sentence each new one goes on from; any may be named often or never
   * @param ids its new word
   * @return one per parent, looked at when asked for, to be read before the next word
   */
  List<Logits> next(int[] parents, long[] ids) {
    long[][] longer = new long[parents.length][];
    int[] from = new int[parents.length];
    for (int i = 0; i < parents.length; i++) {
      long[] old = words[parents[i]];
      longer[i] = Arrays.copyOf(old, old.length + 1);
      longer[i][old.length] = ids[i];
      from[i] = rows[parents[i]];
    }
    words = longer;
    rows = from;
    return cached ? step(feed(1, false), parents, true) : whole(words[0].length);
  }

  private List<Logits> whole(int given) {
    int[] same = new int[rows.length];
    Arrays.setAll(same, i -> i);
    return step(feed(given, true), same, false);
  }

  private List<Logits> step(Map<String, OnnxInput> inputs, int[] parents, boolean one) {
    if (Thread.interrupted()) {
      throw new CancelledException(
          "writing captions was interrupted after " + (words[0].length - start.size()) + " words");
    }
    if (!graphs.carried().isEmpty()) {
      long[] beams = new long[parents.length];
      Arrays.setAll(beams, i -> parents[i]);
      inputs.put(Decoder.BEAMS, OnnxInput.of(beams, beams.length));
    }
    if (graphs.conditions().isEmpty() && !Arrays.equals(rows, keptFor)) {
      var maker = graphs.maker().orElseThrow();
      String input = maker.inputs().get(0).name();
      loop.keep(maker, Map.of(input, OnnxInput.of(embeddings.rows(rows))));
      keptFor = rows;
    }
    OnnxPort port = graphs.decoder().output(Decoder.LOGITS);
    boolean flat = port.rank() == 2;
    if ((flat || one) && vocabulary > 0 && port.type() == OnnxType.FLOAT32) {
      Shape shape = flat ? Shape.of(rows.length, vocabulary) : Shape.of(rows.length, 1, vocabulary);
      return read(loop.step(inputs, Decoder.LOGITS, shape), 1);
    }
    Tensor made = loop.step(inputs, Decoder.LOGITS);
    int last = made.shape().rank() - 1;
    vocabulary = made.dim(last);
    return read(FloatBuffer.wrap(made.array()), last == 1 ? 1 : made.dim(1));
  }

  /** The last {@code given} words; with the whole sentence also what stands before it. */
  private Map<String, OnnxInput> feed(int given, boolean whole) {
    int count = rows.length;
    Map<String, OnnxInput> inputs = new LinkedHashMap<>();
    long[] ids = new long[count * given];
    for (int i = 0; i < count; i++) {
      System.arraycopy(words[i], words[i].length - given, ids, i * given, given);
    }
    inputs.put(Decoder.WORDS, OnnxInput.of(ids, count, given));
    graphs
        .conditions()
        .ifPresent(
            name ->
                inputs.put(
                    name,
                    OnnxInput.of(
                        whole ? before.rows(rows) : Tensor.zeros(count, 0, before.dim(2)))));
    if (whole) {
      for (String input : graphs.carried().keySet()) {
        inputs.put(input, OnnxInput.of(Tensor.zeros(graphs.emptyPast(input, count))));
      }
    }
    return inputs;
  }

  /**
   * Graphs of other exporters give the logits after every word; the last counts. A row is looked at
   * when it is asked for, by any thread.
   */
  private List<Logits> read(FloatBuffer made, int length) {
    return new AbstractList<>() {
      @Override
      public Logits get(int i) {
        Logits found = at(i);
        for (int row = 0; row <= i && !found.sound(); row++) {
          Logits first = at(row);
          if (!first.sound()) {
            throw refused(rows[row], first.most());
          }
        }
        return found;
      }

      private Logits at(int row) {
        return Logits.of(made.slice((row * length + length - 1) * vocabulary, vocabulary));
      }

      @Override
      public int size() {
        return rows.length;
      }
    };
  }

  private ModelException refused(int row, float value) {
    return new ModelException(
        "writing captions with "
            + graphs.decoder().source()
            + ": at word "
            + (words[0].length - start.size() + 1)
            + " of row "
            + row
            + " the network gives "
            + value
            + ", expected finite numbers. Check that the embeddings are of its space; a"
            + " decoder in float16 may overflow, export it in float32.");
  }
}
