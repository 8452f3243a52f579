package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.ImagePreprocess;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.reconstruction.caption.Caption;
import io.noesis.reconstruction.caption.CaptionRequest;
import io.noesis.reconstruction.caption.Captioner;
import io.noesis.reconstruction.diffusion.EmbeddingRequest;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.reconstruction.diffusion.LatentPictures;
import io.noesis.reconstruction.diffusion.Pictures;
import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Models without a network: a generator that paints the picture whose embedding is nearest, with
 * noise of its seed, a captioner that says that one's caption, and a tower that sees colours in
 * places. What they make is right when the embedding is.
 */
final class CopyingModels implements MakingModels {
  static final int SIDE = 16;

  private final Embeddings known;
  private final StimulusSet stimuli;
  private final List<String> read = new ArrayList<>();
  private int made;
  private int calls;
  private EmbeddingSpace space;

  CopyingModels(Embeddings known, StimulusSet stimuli) {
    this.known = known;
    this.stimuli = stimuli;
    this.space = known.space();
  }

  /** How many pictures were made so far. */
  int made() {
    return made;
  }

  /** How many steps of sampling and words of captions there were so far. */
  int calls() {
    return calls;
  }

  /** As networks do: one call after the other, and each is told. */
  private void work(String what, int count, Progress progress) {
    progress.begin(what, count);
    for (int i = 0; i < count; i++) {
      calls++;
      progress.step(1);
    }
    progress.done(what);
  }

  /** The same models for embeddings of another space. */
  CopyingModels of(EmbeddingSpace other) {
    CopyingModels models = new CopyingModels(known, stimuli);
    models.space = other;
    return models;
  }

  private String nearest(float[] row) {
    double highest = Double.NEGATIVE_INFINITY;
    String best = "";
    for (int i = 0; i < known.size(); i++) {
      float[] other = known.values().row(i);
      double dot = 0;
      for (int k = 0; k < row.length; k++) {
        dot += (double) row[k] * other[k];
      }
      if (dot > highest) {
        highest = dot;
        best = known.ids().get(i);
      }
    }
    return best;
  }

  /** The captions that pictures were asked for with. */
  List<String> read() {
    return read;
  }

  @Override
  public ImageGenerator generator(PicturesSpec spec) {
    return new ImageGenerator() {
      @Override
      public EmbeddingSpace space() {
        return space;
      }

      @Override
      public SamplingPlan plan() {
        return SamplingPlan.of(3, 2);
      }

      @Override
      public Pictures generate(EmbeddingRequest request, Progress progress) {
        List<PixelImage> pictures = new ArrayList<>();
        work("copying", request.plan().steps(), progress);
        read.addAll(request.captions());
        for (int i = 0; i < request.embeddings().dim(0); i++) {
          long start = request.start().isEmpty() ? 0 : (long) request.start().get().row(i)[0];
          pictures.add(paint(request.embeddings().row(i), request.seeds().get(i) + start));
        }
        made += pictures.size();
        return new Pictures(pictures, Tensor.zeros(pictures.size(), 1, 1, 1));
      }

      @Override
      public Tensor start(List<PixelImage> pictures) {
        float[] sums = new float[pictures.size()];
        for (int i = 0; i < sums.length; i++) {
          for (byte value : pictures.get(i).rgb()) {
            sums[i] += value & 0xff;
          }
        }
        return Tensor.wrap(sums, sums.length, 1, 1, 1);
      }

      @Override
      public String fingerprint() {
        return "copying";
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public LatentPictures latents(TargetsSpec targets, PicturesSpec spec) {
    return new PackModels(ModelPlaces.usual().packs(), 1).latents(targets, spec);
  }

  private PixelImage paint(float[] row, long seed) {
    PixelImage copied =
        ImagePreprocess.clip(SIDE)
            .square(PixelImage.read(stimuli.get(nearest(row)).image().orElseThrow()));
    PinnedRandom random = Seed.of(seed).random();
    byte[] rgb = copied.rgb().clone();
    for (int k = 0; k < rgb.length; k++) {
      double value = (rgb[k] & 0xff) + 8 * random.nextGaussian();
      rgb[k] = (byte) Math.max(0, Math.min(255, Math.round(value)));
    }
    return PixelImage.wrap(SIDE, SIDE, rgb);
  }

  @Override
  public Optional<PictureTower> tower(PicturesSpec spec, TargetsSpec targets) {
    return Optional.of(
        new PictureTower() {
          @Override
          public String name() {
            return "colours in places";
          }

          @Override
          public Embeddings encode(List<String> ids, IntFunction<PixelImage> pictures) {
            int width = 4 * 4 * 3;
            float[] out = new float[ids.size() * width];
            for (int i = 0; i < ids.size(); i++) {
              byte[] rgb = ImagePreprocess.clip(4).square(pictures.apply(i)).rgb();
              for (int k = 0; k < width; k++) {
                out[i * width + k] = rgb[k] & 0xff;
              }
            }
            return new Embeddings(
                new EmbeddingSpace("colours", "places", width, EmbeddingSpace.Scaling.RAW),
                ids,
                Tensor.wrap(out, ids.size(), width));
          }

          @Override
          public void close() {}
        });
  }

  @Override
  public Captioner captioner(CaptionsSpec spec, Embeddings training, Map<String, String> captions) {
    return new Captioner() {
      @Override
      public EmbeddingSpace space() {
        return space;
      }

      @Override
      public List<Caption> caption(Tensor embeddings, CaptionRequest request, Progress progress) {
        List<Caption> said = new ArrayList<>();
        work("saying", embeddings.dim(0), progress);
        for (int i = 0; i < embeddings.dim(0); i++) {
          String text = stimuli.get(nearest(embeddings.row(i))).caption().orElseThrow();
          said.add(new Caption(text, List.of(), Optional.empty()));
        }
        return said;
      }

      @Override
      public String fingerprint() {
        return "copying";
      }

      @Override
      public void close() {}
    };
  }
}
