"""What the training scripts share: the pictures on disk, the tokenizer, a clock that sets the learning rate."""

import json
import math
import re
import time
from pathlib import Path

import numpy as np
import torch

from networks import BOS, EOS, PAD, SIDE, TOKENS, UNKNOWN, WIDTH, unit

ATTRIBUTES = ("category", "colour", "size", "position", "count", "background")


class Pictures:
    """`NAME.rgb` and `NAME.tsv` as io.noesis.reconstruction.embedded.TrainingPictures writes them."""

    def __init__(self, folder, name):
        rows = [line.split("\t") for line in (Path(folder) / f"{name}.tsv").read_text().splitlines()]
        self.ids = [row[0] for row in rows]
        self.captions = [row[1:] for row in rows]
        self.rgb = np.memmap(Path(folder) / f"{name}.rgb", np.uint8, "r", shape=(len(rows), SIDE, SIDE, 3))
        self.attributes = np.array([i.split("_") for i in self.ids])

    def __len__(self):
        return len(self.ids)

    def batch(self, index):
        """`[n, 3, 64, 64]`, 0 to 1."""
        return torch.from_numpy(self.rgb[np.sort(index)]).permute(0, 3, 1, 2).float() / 255


def classes(pictures):
    """Each attribute's values, in alphabetical order."""
    return [sorted({str(v) for v in pictures.attributes[:, k]}) for k in range(len(ATTRIBUTES))]


def labels(pictures, values):
    columns = [
        np.searchsorted(np.array(values[k]), pictures.attributes[:, k]) for k in range(len(ATTRIBUTES))
    ]
    return torch.from_numpy(np.stack(columns, 1))


WORD = re.compile(r"\w+|[^\w\s]+")


def vocabulary(captions):
    words = sorted({word for row in captions for caption in row for word in WORD.findall(caption.lower())})
    return ["[PAD]", "[BOS]", "[EOS]", "[UNK]", *words]


def encode(captions, words):
    """`[n, 32]` ids, padded."""
    known = {word: k for k, word in enumerate(words)}
    out = np.full((len(captions), TOKENS), PAD, np.int64)
    for row, caption in enumerate(captions):
        ids = [known.get(word, UNKNOWN) for word in WORD.findall(caption.lower())][: TOKENS - 2]
        out[row, : len(ids) + 2] = [BOS, *ids, EOS]
    return out


def narrow():
    """Products in bfloat16 where the processor has instructions for them; emulated they take twice as long."""
    told = torch.cpu.get_capabilities()
    return torch.autocast("cpu", torch.bfloat16, enabled=told.get("avx512_bf16", False) or told.get("amx_bf16", False))


class Clock:
    """Learning rate of a run that has so many minutes: a short warm-up, then half a cosine."""

    def __init__(self, minutes, highest):
        self.seconds = 60 * minutes
        self.highest = highest
        self.start = time.monotonic()
        self.steps = 0

    def progress(self):
        return (time.monotonic() - self.start) / self.seconds

    def set(self, optimizer):
        p = self.progress()
        rate = self.highest * min((self.steps + 1) / 40, 1) * 0.5 * (1 + math.cos(math.pi * min(p, 1)))
        for group in optimizer.param_groups:
            group["lr"] = max(rate, 1e-6)
        self.steps += 1
        return p < 1

    def record(self, **more):
        minutes = (time.monotonic() - self.start) / 60
        return {"steps": self.steps, "minutes": round(minutes, 2), "threads": torch.get_num_threads(), **more}


def blurred(embeds, mean, generator=None):
    """Embeddings as a decoder gives them: shrunk towards the mean and noisy, by a different amount each.

    unit((1 - a) e + a m + s n), a uniform in 0..0.6, n of expected length 1, s the square of a uniform in
    0..1 times 1.2, so that a third of the rows stay nearly clean.
    """
    n = len(embeds)
    shrink = 0.6 * torch.rand(n, 1, generator=generator)
    noise = 1.2 * torch.rand(n, 1, generator=generator) ** 2
    drawn = torch.randn(n, WIDTH, generator=generator) / WIDTH**0.5
    return unit((1 - shrink) * embeds + shrink * mean + noise * drawn)


def write_json(file, value):
    Path(file).write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")
