"""Look at the models: sheet.py PICTURES WEIGHTS OUT.png   rows: seen, through the autoencoder, drawn from the picture's embedding, from
its caption, from the embedding blurred as by a decoder."""

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from training import Pictures, blurred, encode
from export import greedy, load_generator, load_towers, sample
from networks import MEAN, STD, Captioner


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pictures")
    parser.add_argument("weights", type=Path)
    parser.add_argument("out")
    parser.add_argument("--count", type=int, default=16)
    parser.add_argument("--set", default="heldout")
    args = parser.parse_args()
    torch.set_grad_enabled(False)
    load = lambda name: torch.load(args.weights / f"{name}.pt")  # noqa: E731
    state = load("towers")
    image, text, _ = load_towers(state)
    made = load("generator")
    encoder, decoder, unet, scale = load_generator(load("autoencoder"), made)
    pictures = Pictures(args.pictures, args.set)
    n = args.count
    x = pictures.batch(np.arange(n))
    mean, std = torch.tensor(MEAN).view(3, 1, 1), torch.tensor(STD).view(3, 1, 1)
    embeds = image((x - mean) / std)
    worded = text(torch.from_numpy(encode([row[0] for row in pictures.captions[:n]], state["words"])))
    blur = blurred(embeds, made["middle"], torch.Generator().manual_seed(0))
    seeds = list(range(n))
    byte = lambda y: torch.round((y / 2 + 0.5).clamp(0, 1).permute(0, 2, 3, 1) * 255).to(torch.uint8)  # noqa: E731
    rows = [
        torch.from_numpy(pictures.rgb[:n].copy()),
        byte(decoder(encoder(x * 2 - 1).chunk(2, 1)[0])),
        sample(unet, decoder, scale, embeds, seeds)[0],
        sample(unet, decoder, scale, worded, seeds)[0],
        sample(unet, decoder, scale, blur, seeds)[0],
    ]
    sheet = torch.stack(rows).permute(0, 2, 1, 3, 4).reshape(5 * 64, n * 64, 3).numpy()
    Image.fromarray(sheet).resize((n * 96, 5 * 96), Image.NEAREST).save(args.out)
    if (args.weights / "captioner.pt").exists():
        captioner = Captioner(len(state["words"]))
        captioner.load_state_dict(load("captioner")["captioner"])
        captioner.eval()
        for k in range(min(n, 6)):
            print(pictures.ids[k], "|", " ".join(state["words"][i] for i in greedy(captioner, embeds[k : k + 1])))


if __name__ == "__main__":
    main()
