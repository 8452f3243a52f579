package io.noesis.alignment.embedding;

import io.noesis.encoders.onnx.GraphFiles;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The latents of each stimulus's picture: the means that the encoder of an autoencoder gives for
 * its middle square, times the scaling factor, in one row. Nothing is drawn, so they are the same
 * each time. What img2img starts from and what low-level branches decode (MindEye 1 and 2; Takagi
 * and Nishimoto 2023, doi:10.1109/CVPR52729.2023.01389).
 */
final class LatentTargets implements OfPictures {
  private static final String INPUT = "sample";
  private static final String OUTPUT = "latent_parameters";
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  private final LatentTower tower;
  private final OnnxOptions graphs;

  private LatentTargets(LatentTower tower, OnnxOptions graphs) {
    this.tower = tower;
    this.graphs = graphs;
  }

  static TargetExtractor open(TargetSpec spec) {
    LatentTower tower =
        spec.latents()
            .orElseThrow(
                () ->
                    new RecipeException(
                        "target 'latent' needs an autoencoder and none is named. Give 'embedded',"
                            + " or the name or folder of a model pack with the graphs vae_encoder"
                            + " and vae_decoder, as 'targets.pack'."));
    return new StimulusTargets<>(new LatentTargets(tower, spec.graphs()), spec.cache());
  }

  private final class Latents implements StimulusTargets.Encoding<Path> {
    private final OnnxModel model;
    private final ImagePreprocess preprocess =
        new ImagePreprocess(
            ImagePreprocess.Fit.CENTRE_CROP,
            ResizeFilter.BICUBIC,
            tower.pixels(),
            tower.pixels(),
            HALF,
            HALF,
            ImagePreprocess.ChannelOrder.RGB);

    Latents(OnnxModel model) {
      this.model = model;
    }

    @Override
    public EmbeddingSpace space() {
      return tower.space();
    }

    @Override
    public Embeddings encode(List<String> ids, List<Path> pictures, Progress progress) {
      int width = space().dim();
      float[] out = new float[Embeddings.numbers(ids.size(), space())];
      progress.begin("encoding pictures with " + tower.name(), ids.size());
      Parallel.forBlocks(
          ids.size(),
          1,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              write(PixelImage.read(pictures.get(i)), out, i * width);
              progress.step(1);
            }
          });
      progress.done(ids.size() + " pictures");
      return new Embeddings(space(), ids, Tensor.wrap(out, ids.size(), width));
    }

    private void write(PixelImage picture, float[] out, int offset) {
      Tensor found =
          Objects.requireNonNull(
              model
                  .run(Map.of(INPUT, OnnxInput.of(preprocess.apply(picture))), List.of(OUTPUT))
                  .get(OUTPUT));
      int width = space().dim();
      if (found.size() != 2 * width) {
        throw refused("gives " + found.shape() + " for a picture of " + tower.pixels() + " pixels");
      }
      for (int i = 0; i < width; i++) {
        float mean = found.array()[i];
        if (!Float.isFinite(mean)) {
          throw refused("returned " + mean);
        }
        out[offset + i] = (float) (mean * tower.scale());
      }
    }

    @Override
    public void close() {
      model.close();
    }
  }

  private ModelException refused(String why) {
    return new ModelException(
        "making latents with "
            + tower.model()
            + ": it "
            + why
            + ", expected finite means and variances of latents "
            + tower.shape()
            + ". Export the autoencoder again, or set targets.pixels to the size it was exported"
            + " for.");
  }

  @Override
  public StimulusTargets.Encoding<Path> open() {
    OnnxModel model = OnnxModel.open(tower.model(), graphs);
    try {
      OnnxPort input = model.inputs().get(0);
      boolean fits = model.inputs().size() == 1 && input.name().equals(INPUT) && input.rank() == 4;
      for (int axis = 2; fits && axis < 4; axis++) {
        long side = input.axes().get(axis).size();
        fits = side < 0 || side == tower.pixels();
      }
      if (!fits) {
        throw refused(
            "takes " + model.inputs() + ", not pictures of " + tower.pixels() + " pixels");
      }
      return new Latents(model);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  @Override
  public EmbeddingSpace space(int dim) {
    return tower.space();
  }

  @Override
  public String fingerprint() {
    return Fingerprint.ofText(
            GraphFiles.fingerprint(tower.model())
                + " latents of "
                + tower.pixels()
                + " pixels times "
                + tower.scale())
        + graphs.elsewhere();
  }

  @Override
  public String making() {
    return "making latent targets";
  }
}
