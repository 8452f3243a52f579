package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.ImagePreprocess;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.reconstruction.diffusion.schedule.Schedule;
import io.noesis.reconstruction.diffusion.schedule.Scheduler;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What sampling starts from: noise, pictures that the autoencoder encodes, or latents, with the
 * noise that the profile wants.
 *
 * @param parts of the pack
 * @param autoencoder encodes pictures, where it can
 * @param profile what differs from the usual
 * @param channels of a sample
 * @param side height and width of a sample
 */
record SamplingStart(
    PackParts parts, Autoencoder autoencoder, Profile profile, int channels, int side) {
  /** The middle squares of pictures, as a request holds them. */
  Tensor shown(List<PixelImage> pictures) {
    boolean latent = parts.pack().has("vae_decoder");
    if (!autoencoder.encodes()) {
      throw noEncoder();
    }
    int pixels = parts.pixels();
    ImagePreprocess square = ImagePreprocess.clip(pixels);
    int plane = pixels * pixels;
    float[] out = new float[pictures.size() * 3 * plane];
    for (int row = 0; row < pictures.size(); row++) {
      byte[] rgb = square.square(pictures.get(row)).rgb();
      for (int i = 0; i < rgb.length; i++) {
        float grey = (rgb[i] & 0xff) / 255f;
        out[row * 3 * plane + i % 3 * plane + i / 3] = latent ? grey : 2 * grey - 1;
      }
    }
    return Tensor.wrap(out, pictures.size(), 3, pixels, pixels);
  }

  /** The first sample of each picture, {@code [n, channels, side, side]}. */
  Tensor of(Ask ask, Schedule schedule, Scheduler sampler, List<NoiseSource> each) {
    if (ask.start().isEmpty()) {
      int[] sizes = {ask.rows(), channels, side, side};
      if (profile.entry() == Profile.Entry.NOISE_ON_NOISE) {
        Tensor clean = NoiseSource.rows(each).normal(sizes);
        return schedule.noised(clean, noise(each, sizes));
      }
      double deviation = schedule.initialNoise();
      return noise(each, sizes).map(v -> v * deviation);
    }
    Tensor clean =
        ask.start().get() instanceof Ask.Start.FromPictures from
            ? encoded(from.pictures(), each)
            : latents(((Ask.Start.FromLatents) ask.start().get()).latents(), each);
    Schedule noisier = schedule;
    SamplingPlan plan = ask.plan();
    if (profile.entry() == Profile.Entry.ONE_STEP_NOISIER && schedule.begin() > 0) {
      int run = (int) (plan.steps() * plan.strength());
      noisier = sampler.schedule(plan.steps(), Math.min(1, (run + 1.5) / plan.steps()));
    }
    return noisier.noised(clean, noise(each, clean.shape().toArray()));
  }

  /** The noise of the start, with one more number per picture where the profile says so. */
  private Tensor noise(List<NoiseSource> each, int... sizes) {
    Tensor noise = NoiseSource.rows(each).normal(sizes);
    if (profile.offsetNoise() > 0) {
      int width = noise.size() / sizes[0];
      for (int row = 0; row < sizes[0]; row++) {
        double offset = profile.offsetNoise() * each.get(row).normal(1).array()[0];
        for (int i = row * width; i < (row + 1) * width; i++) {
          noise.array()[i] += (float) offset;
        }
      }
    }
    return noise;
  }

  private Tensor latents(Tensor start, List<NoiseSource> each) {
    return start.dim(1) == 3 && channels != 3 ? encoded(start, each) : start;
  }

  private Tensor encoded(Tensor pictures, List<NoiseSource> each) {
    if (!autoencoder.encodes()) {
      throw noEncoder();
    }
    List<Tensor> clean = new ArrayList<>();
    for (int row = 0; row < each.size(); row++) {
      Tensor picture = pictures.rows(new int[] {pictures.dim(0) == 1 ? 0 : row});
      clean.add(autoencoder.encode(picture, each.get(row), profile.startPixels()));
    }
    return Tensor.concatenate(clean.toArray(Tensor[]::new));
  }

  private RecipeException noEncoder() {
    return new RecipeException(
        "starting from a picture: the model pack "
            + parts.pack().folder()
            + " has no vae_encoder. Export it with one, or set strength to 1.");
  }
}
