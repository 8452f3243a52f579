package io.noesis.reconstruction.diffusion;

import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.reconstruction.diffusion.schedule.Schedule;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.Progress;
import io.noesis.run.TorchRandom;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One draw of a prior from noise, each row by PyTorch's of a seed of its own.
 *
 * @param pack whose prior it is, for messages
 * @param schedule the calls
 * @param seeds one per row
 * @param axes of one row of what is drawn
 */
record PriorRun(ModelPack pack, Schedule schedule, List<Long> seeds, List<Integer> axes) {
  /**
   * Draws.
   *
   * @param denoiser the network with everything it reads beside sample and time step
   * @param progress hears of every call
   * @param samples hears of the sample after every call
   * @return {@code [rows, axes]}
   */
  Tensor draw(SamplingRun.Denoiser denoiser, Progress progress, Consumer<Tensor> samples) {
    int rows = seeds.size();
    NoiseSource noise =
        NoiseSource.rows(seeds.stream().map(TorchRandom::seeded).map(NoiseSource::torch).toList());
    SamplingRun run =
        new SamplingRun(schedule, denoiser, noise, "drawing embeddings with " + pack.folder());
    progress.begin("drawing " + rows + " embeddings", run.calls());
    double deviation = schedule.initialNoise();
    int[] sizes = IntStream.concat(IntStream.of(rows), axes.stream().mapToInt(i -> i)).toArray();
    Tensor drawn = run.from(noise.normal(sizes).map(v -> v * deviation), progress, samples);
    progress.done(rows + " embeddings");
    return drawn;
  }
}
