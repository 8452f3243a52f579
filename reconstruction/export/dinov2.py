"""Export a DINOv2 (Oquab et al. 2023, arXiv:2304.07193) into the folder layout that Noesis reads.

    python dinov2.py CHECKPOINT OUT          a folder or hub name for transformers' Dinov2Model
    python dinov2.py --tiny SEED OUT         random weights of the same class, for tests

`image_embeds` is the class token behind the layer norm, `image_tokens` are all tokens with it first. Written:
noesis-model.yaml, vision.onnx and golden.safetensors, as TOWERS.md here describes. Run with the versions of
requirements.txt.
"""

import argparse
from pathlib import Path

import packs
import torch
from transformers import Dinov2Config, Dinov2Model


class Vision(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, pixel_values):
        out = self.model(pixel_values)
        return out.pooler_output, out.last_hidden_state


def tiny(seed):
    torch.manual_seed(seed)
    return Dinov2Model(Dinov2Config(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=32, patch_size=8)).eval()


def write(model, out, told, space, size, resize):
    packs.vision(Vision(model), out, told, {}, space, {
        "size": size, "resize": resize, "resample": "pillow-bicubic", "mean": [0.485, 0.456, 0.406],
        "std": [0.229, 0.224, 0.225]})


def tiny_told():
    return packs.told("tiny-dinov2", "vision", "random weights, for tests", "CC0-1.0", "dinov2.py", "none", [])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tiny", type=int, metavar="SEED")
    options = parser.parse_intermixed_args()
    torch.set_grad_enabled(False)
    if options.tiny is not None:
        write(tiny(options.tiny), options.out, tiny_told(), "tiny-dinov2", 32, 36)
        return
    model = Dinov2Model.from_pretrained(options.checkpoint).eval()
    told = packs.told("dinov2", "vision", options.checkpoint, "Apache-2.0", options.checkpoint, "arXiv:2304.07193",
                      ["LVD-142M, which contains ImageNet"])
    # Its processor: shorter side 256, middle square 224.
    write(model, options.out, told, options.checkpoint, 224, 256)


if __name__ == "__main__":
    main()
