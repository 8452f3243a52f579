package io.noesis.alignment.embedding;

import io.noesis.encoders.onnx.GraphFiles;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.run.Check;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Any ONNX image model as an encoder: each picture runs alone, several at once, so that no picture
 * changes another's vector. The caller closes it.
 */
public final class ImageEncoder implements AutoCloseable {
  private final ImageTower tower;
  private final OnnxModel model;
  private final String input;
  private final EmbeddingSpace space;

  private ImageEncoder(ImageTower tower, OnnxModel model) {
    this.tower = tower;
    this.model = model;
    List<OnnxPort> inputs = model.inputs();
    OnnxPort output = model.output(tower.output());
    long width = width(output);
    if (inputs.size() != 1 || inputs.get(0).rank() != 4 || width <= 0) {
      throw new ModelException(
          "loading the image model "
              + tower.model()
              + ": it takes "
              + inputs
              + " and gives "
              + output
              + ", expected one input [batch, 3, height, width] and an output [batch, width]."
              + " Name another output, or export the image part alone.");
    }
    this.input = inputs.get(0).name();
    this.space = space(tower, Math.toIntExact(width));
  }

  /**
   * Loads an image model.
   *
   * @param tower what to load
   * @return the encoder, to be closed by the caller
   * @throws ModelException when the file is no model, or not of pictures
   */
  public static ImageEncoder open(ImageTower tower) {
    return open(tower, OnnxOptions.SINGLE_THREADED);
  }

  /**
   * Loads an image model.
   *
   * @param tower what to load
   * @param options where it runs; pictures run side by side, so that one thread each is enough
   * @return the encoder, to be closed by the caller
   * @throws ModelException when the file is no model, or not of pictures, or what should execute it
   *     cannot be had
   */
  public static ImageEncoder open(ImageTower tower, OnnxOptions options) {
    OnnxModel model = OnnxModel.deferred(tower.model(), options, loaded -> {});
    if (width(model.output(tower.output())) <= 0) {
      model.close();
      model = OnnxModel.open(tower.model(), options); // ONNX Runtime may infer it.
    }
    try {
      return new ImageEncoder(tower, model);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Numbers of one picture's output; below 1 where the graph leaves them open. */
  private static long width(OnnxPort output) {
    long width = output.rank() < 2 ? -1 : 1;
    for (OnnxPort.Axis axis : output.axes().subList(Math.min(1, output.rank()), output.rank())) {
      width = axis.size() < 0 || width < 0 ? -1 : width * axis.size();
    }
    return width;
  }

  /** Where its vectors live. */
  public EmbeddingSpace space() {
    return space;
  }

  /** SHA-256 over model and settings. */
  public String fingerprint() {
    return fingerprint(tower, model.fingerprint());
  }

  /**
   * The fingerprint of a model that is not loaded for it.
   *
   * @param tower what would be loaded
   * @return what {@link #fingerprint()} says once it is
   * @throws ModelException when a file of the model is missing or no ONNX
   */
  public static String fingerprint(ImageTower tower) {
    return fingerprint(tower, GraphFiles.fingerprint(tower.model()));
  }

  private static String fingerprint(ImageTower tower, String model) {
    return Fingerprint.ofText(
        model
            + tower.output()
            + tower.scaling()
            + tower.preprocess().signature()
            + tower.pooled().orElse(""));
  }

  static EmbeddingSpace space(ImageTower tower, int dim) {
    return new EmbeddingSpace(tower.name(), tower.output(), dim, tower.scaling());
  }

  /**
   * Encodes pictures.
   *
   * @param ids one id per picture; unique
   * @param pictures gives the picture of a row, from several threads; each is asked for once
   * @param progress hears of every picture
   * @return one vector per id
   */
  public Embeddings encode(List<String> ids, IntFunction<PixelImage> pictures, Progress progress) {
    float[] out = new float[Embeddings.numbers(ids.size(), space)];
    progress.begin("encoding pictures with " + space.model(), ids.size());
    Parallel.forBlocks(
        ids.size(),
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            vector(pictures.apply(i))
                .write(
                    space.scaling(),
                    out,
                    i * space.dim(),
                    model.source(),
                    "Check the mean and std of its preprocessing.");
            progress.step(1);
          }
        });
    progress.done(ids.size() + " pictures");
    return new Embeddings(space, ids, Tensor.wrap(out, ids.size(), space.dim()));
  }

  private TowerVector vector(PixelImage picture) {
    Map<String, Tensor> found =
        model.run(
            Map.of(input, OnnxInput.of(tower.preprocess().apply(picture))),
            TowerVector.outputs(tower.output(), tower.pooled()));
    TowerVector vector = TowerVector.of(found, tower.output(), tower.pooled());
    Check.size("numbers of one picture's embedding", space.dim(), vector.size());
    return vector;
  }

  /** Releases the model; later calls do nothing. */
  @Override
  public void close() {
    model.close();
  }
}
