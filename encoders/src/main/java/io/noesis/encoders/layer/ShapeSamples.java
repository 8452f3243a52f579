package io.noesis.encoders.layer;

import static io.noesis.encoders.layer.Layers.entry;

import io.noesis.encoders.layer.LayerSample.Further;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Registry.Entry;
import java.util.List;

/** Samples of pools and of changes of shape. */
final class ShapeSamples {
  private ShapeSamples() {}

  static List<Entry<List<LayerSample>>> entries() {
    return List.of(
        entry(
            "average-pool",
            "The mean in windows.",
            LayerSample.of(new AveragePool(Window.of(3).withStride(2).withPadding(1)), 3, 11),
            LayerSample.of(new AveragePool(Window.of(2, 3)), 3, 7, 5)),
        entry(
            "max-pool",
            "The largest in windows.",
            LayerSample.of(new MaxPool(Window.of(3).withStride(2).withPadding(1)), 3, 11),
            LayerSample.of(new MaxPool(Window.of(2, 2)), 3, 7, 5)),
        entry(
            "adaptive-max-pool",
            "The largest in windows that bring any length to one.",
            LayerSample.of(new AdaptiveMaxPool(17, 5), 17),
            LayerSample.of(new AdaptiveMaxPool(5, 7), 3, 5)),
        entry(
            "subject-max-pool",
            "Adaptive maximum over the voxels that each subject has.",
            LayerSample.of(new SubjectMaxPool(List.of(11, 7, 13), 5), 13)
                .with(SubjectLinear.SUBJECT, new LayerSample.Further.Numbers(3))),
        entry(
            "patches",
            "Voxels put together in patches by a fixed table.",
            LayerSample.of(
                new Patches(7, List.of(List.of(2, 0), List.of(5, -1, 1), List.of(3))), 7)),
        entry(
            "subject-patches",
            "Voxels put together in patches by a table of each subject's own.",
            LayerSample.of(
                    new SubjectPatches(
                        List.of(
                            new Patches(7, List.of(List.of(2, 0), List.of(5, -1), List.of(3))),
                            new Patches(5, List.of(List.of(4), List.of(-1), List.of(0, -1, 2))))),
                    7)
                .with(SubjectLinear.SUBJECT, new LayerSample.Further.Numbers(2))),
        entry(
            "mean-over-axis",
            "The mean over an axis.",
            LayerSample.of(new MeanOver(1), 5, 3),
            LayerSample.of(new MeanOver(-1), 3, 5, 7)),
        entry("identity", "x itself.", LayerSample.of(new Identity(), 3, 5)),
        entry(
            "swap-axes",
            "Channels × time to tokens × width.",
            LayerSample.of(new SwapAxes(), 3, 5)),
        entry("flatten", "All axes but the batch in one.", LayerSample.of(new Flatten(), 3, 5)),
        entry(
            "reshape",
            "The same numbers under other axes.",
            LayerSample.of(Reshape.to(5, -1), 3, 10),
            LayerSample.of(Reshape.to(1, 3, 5), 15)),
        entry("permute", "Axes in another order.", LayerSample.of(Permute.of(3, 1, 2), 3, 5, 7)),
        entry(
            "slice",
            "Some elements of an axis.",
            LayerSample.of(new Slice(2, 3, 5), 3, 11),
            LayerSample.of(new Slice(1, 0, 1), 3, 5)),
        entry(
            "pad",
            "Zeros around the elements of an axis.",
            LayerSample.of(new Pad(2, 3, 4), 3, 5),
            LayerSample.of(new Pad(1, 0, 1), 3, 5, 7)),
        entry(
            "told-places",
            "A vector at every place, and behind it what the network is told of the place.",
            LayerSample.of(new ToldPlaces("frame", 3, 2), 5)
                .with(Pass.TOLD + "frame", new Further.Floats(List.of(3, 2))),
            LayerSample.of(new ToldPlaces("frame", 5, 3), 4)
                .with(Pass.TOLD + "frame", new Further.Floats(List.of(15)))),
        entry(
            "concatenate",
            "A further input put behind the input.",
            LayerSample.of(new Concatenate("more", 1), 3, 5)
                .with("more", new Further.Floats(List.of(2, 5)))));
  }
}
