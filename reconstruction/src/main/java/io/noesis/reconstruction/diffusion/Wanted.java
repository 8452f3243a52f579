package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** What a family wants of a request, refused in the same words by all. */
final class Wanted {
  private Wanted() {}

  /** The request's embeddings, of that rank and of the space's dimension. */
  static Tensor embeddings(Ask ask, EmbeddingSpace space, int rank) {
    Tensor found =
        ask.embeddings()
            .orElseThrow(
                () ->
                    new RecipeException(
                        "generating pictures from text alone: this model takes embeddings of "
                            + space.model()
                            + ". Ask by embedding."));
    int[] sizes = found.shape().toArray();
    if (sizes.length != rank || sizes[rank - 1] != space.dim()) {
      throw new RecipeException(
          "generating pictures from embeddings "
              + found.shape()
              + ": expected "
              + rank
              + " axes and "
              + space.dim()
              + " numbers in the last, the space "
              + space.model()
              + " "
              + space.layer()
              + ". Decode into that space, or take a generator for yours.");
    }
    return found;
  }

  /** A condition beside the embeddings. */
  static Tensor also(Ask ask, String name) {
    Tensor found = ask.also().get(name);
    if (found == null) {
      throw new RecipeException(
          "generating pictures: the condition '"
              + name
              + "' was not given, which this kind of model needs. Give one row per picture.");
    }
    return found;
  }

  /**
   * The axes of one row of an input.
   *
   * @param port the input, its first axis the rows
   * @param side of what the graph leaves open, in pixels
   */
  static List<Integer> row(OnnxPort port, int side) {
    return port.axes().stream()
        .skip(1)
        .map(axis -> axis.size() < 0 ? side : Math.toIntExact(axis.size()))
        .toList();
  }

  /** One row as many. */
  static Tensor repeated(Tensor row, int rows) {
    Tensor[] all = new Tensor[rows];
    int[] sizes = new int[row.shape().rank() + 1];
    sizes[0] = 1;
    System.arraycopy(row.shape().toArray(), 0, sizes, 1, sizes.length - 1);
    Arrays.fill(all, row.reshape(sizes));
    return Tensor.concatenate(all);
  }
}
