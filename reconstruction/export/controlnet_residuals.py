"""Export Stable Diffusion and one or more ControlNets as networks of their own, into the folder layout that Noesis reads.

    python controlnet_residuals.py CHECKPOINT CONTROLNET [CONTROLNET ...] OUT
    python controlnet_residuals.py --tiny SEED OUT       random weights of the same classes, for tests

Graph `controlnet`: `sample`, `timestep`, `encoder_hidden_states`, `control` [batch, 3, height, width] in [0, 1] ->
`down_0`, `down_1`, ..., `mid`, what is added to the network's own features; graph `unet` takes them beside its other
inputs. Noesis scales them, and leaves them out before and after the part of the run that is asked for. One network serves
many controls so, also at once: graphs `controlnet_2`, ... with pictures `control_2`, ...; `controlnet.py` fuses the two, which saves moving the residuals.
"""

import argparse
from pathlib import Path

import common
import controlnet as fused
import diffusers
import torch

import image_embedding


class Control(torch.nn.Module):
    def __init__(self, controlnet):
        super().__init__()
        self.controlnet = controlnet

    def forward(self, sample, timestep, encoder_hidden_states, control):
        down, middle = self.controlnet(sample, timestep, encoder_hidden_states, controlnet_cond=control, return_dict=False)
        return (*down, middle)


class Steered(torch.nn.Module):
    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep, encoder_hidden_states, *residuals):
        return self.unet(sample, timestep, encoder_hidden_states, down_block_additional_residuals=tuple(residuals[:-1]),
                         mid_block_additional_residual=residuals[-1], return_dict=False)[0]


def write(pipeline, out, title, tiny=False):
    unet = pipeline.unet
    side, channels = unet.config.sample_size, unet.config.in_channels
    pixels = side * pipeline.vae_scale_factor
    common.text_encoder(pipeline.text_encoder, ["last_hidden_state"], out / "text_encoder", tiny)
    image_embedding.vae_graphs(pipeline.vae, side, out, tiny)
    common.save_scheduler(pipeline.scheduler, out / "scheduler")
    common.tokenizer_files(pipeline.tokenizer, out / "tokenizer", tiny)
    free, rows = {0: "batch", 2: "height", 3: "width"}, {0: "batch"}
    given = {"sample": torch.randn(2, channels, side, side), "timestep": torch.tensor(5.0),
             "encoder_hidden_states": torch.randn(2, 77, unet.config.cross_attention_dim)}
    control = {**given, "control": torch.rand(2, 3, pixels, pixels)}
    nets = list(getattr(pipeline.controlnet, "nets", [pipeline.controlnet]))
    found = Control(nets[0])(*control.values())
    names = [f"down_{i}" for i in range(len(found) - 1)] + ["mid"]
    axes = {"sample": free, "encoder_hidden_states": rows}
    # The residuals' heights and widths are their own.
    residual = {name: {0: "batch", 2: f"height_{name}", 3: f"width_{name}"} for name in names}
    for number, net in enumerate(nets, 1):
        folder = out / ("controlnet" if number == 1 else f"controlnet_{number}")
        common.export(Control(net), control, names, {**axes, "control": free, **residual}, folder, net.config, tiny)
    common.export(Steered(unet), {**given, **dict(zip(names, found))}, ["out_sample"],
                  {**axes, **residual, "out_sample": free}, out / "unet", unet.config, tiny)
    return dict(kind="controlnet-residuals", title=title, facts={"steps": 50, "guidance": 5},
                scaling={"vae": float(pipeline.vae.config.scaling_factor)})


def write_tiny(seed, out):
    pipeline = fused.tiny(seed)
    common.lighten(pipeline)
    told = write(pipeline, out, "Random weights, for tests", True)
    fused.golden(pipeline, out)
    common.manifest(out, licence="CC0-1.0", **told)
    return pipeline


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="*")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tiny", type=int, metavar="SEED")
    common.precision(parser)
    options = parser.parse_intermixed_args()
    common.DTYPE = options.dtype
    torch.set_grad_enabled(False)
    if options.tiny is not None:
        write_tiny(options.tiny, options.out)
        return
    checkpoint, *controls = options.checkpoint
    nets = [diffusers.ControlNetModel.from_pretrained(control) for control in controls]
    pipeline = diffusers.StableDiffusionControlNetPipeline.from_pretrained(
        checkpoint, controlnet=nets if len(nets) > 1 else nets[0], safety_checker=None)
    common.lighten(pipeline)
    told = write(pipeline, options.out, f"{checkpoint} with {', '.join(controls)}")
    if len(nets) == 1:
        fused.golden(pipeline, options.out)
    common.manifest(options.out, **told)


if __name__ == "__main__":
    main()
