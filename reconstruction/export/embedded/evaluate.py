"""Measure the weights: evaluate.py PICTURES WEIGHTS OUT.json [--count N]

All on pictures that no weight was fitted to: `heldout` (pairs of category and colour never trained on) and `unseen`
(combinations never trained on, of pairs that were). Every number stands beside its chance level.
"""

import argparse
import re
from pathlib import Path

import numpy as np
import torch

from export import GUIDANCE, SPACE, STEPS, load_generator, load_towers, rounded, sample
from networks import BOS, EOS, MEAN, STD, TOKENS, Captioner
from training import ATTRIBUTES, Pictures, blurred, encode, labels, write_json

# As io.noesis.ingest.simulate.stimulus.SceneCaption words them.
SIZES = {"small": "small|little|tiny", "medium": "medium-sized|mid-sized|average-sized", "large": "large|big|huge"}
ANY_SIZE = "|".join(SIZES.values())
PLACES = {
    "left": "on the left|at the left",
    "right": "on the right|at the right",
    "top": "at the top|near the top|in the upper part",
    "bottom": "at the bottom|near the bottom|in the lower part",
    "centre": "in the centre|in the middle|at the centre",
}
SETTINGS = {
    "studio": "on a plain grey background|in a plain grey studio|in front of a grey wall",
    "white": "on a white background|on a plain white background|on empty white paper",
    "sky": "in a cloudy sky|against a bright sky with clouds|up among the clouds",
    "meadow": "in a grassy meadow|on a meadow with hills|in a field of grass",
    "beach": "on a sandy beach|at the beach by the sea|on the sand by the sea",
    "night": "under a starry night sky|at night under the moon|in front of a night sky",
    "city": "on a city street|in front of a city skyline|on a road in the city",
    "room": "in a room with a wooden floor|inside a room with a window|in a living room",
}
DRAWN = 192
PLURALS = {"butterfly": "butterflies", "cactus": "cacti", "fish": "fish"}


def patterns(values):
    def thing(name):
        word = name.replace("-", " ")
        return f"{word}|{PLURALS.get(name, word + 's')}"

    found = {
        "category": {v: thing(v) for v in values[0]},
        "colour": {v: f"(?:{ANY_SIZE}) {v}" for v in values[1]},
        "size": SIZES,
        "position": PLACES,
        "count": {"one": f"an? (?:{ANY_SIZE})", "two": f"two (?:{ANY_SIZE})", "three": f"three (?:{ANY_SIZE})"},
        "background": SETTINGS,
    }
    return {a: {v: re.compile(rf"\b(?:{p})\b") for v, p in group.items()} for a, group in found.items()}


def read(sentence, known):
    out = {}
    for attribute, group in known.items():
        named = [value for value, pattern in group.items() if pattern.search(sentence)]
        out[attribute] = named[0] if len(named) == 1 else None
    return out


def ranks(a, b):
    score = a @ b.T
    own = score.diagonal()[:, None]
    return (score > own).sum(1), (score.T > own).sum(1)


def captions(captioner, embeds, words):
    """Greedy sentences of all rows at once."""
    ids = torch.full((len(embeds), 1), BOS)
    prefix = captioner.prefix(embeds)
    while ids.shape[1] < TOKENS:
        logits = captioner.decode(torch.cat([prefix, captioner.words(ids)], 1))[:, -1]
        ids = torch.cat([ids, logits.argmax(1, keepdim=True)], 1)
    out = []
    for row in ids[:, 1:].tolist():
        sentence = row[: row.index(EOS)] if EOS in row else row
        out.append(" ".join(words[i] for i in sentence).replace(" - ", "-").replace(" ,", ","))
    return out


def share(hits):
    return round(float(np.mean(hits)), 4)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pictures")
    parser.add_argument("weights", type=Path)
    parser.add_argument("out")
    parser.add_argument("--count", type=int, default=512)
    args = parser.parse_args()
    torch.set_grad_enabled(False)
    load = lambda name: torch.load(args.weights / f"{name}.pt")  # noqa: E731
    state, made = load("towers"), load("generator")
    image, text, reader = load_towers(state)
    encoder, decoder, unet, scale = load_generator(load("autoencoder"), made)
    captioner = Captioner(len(state["words"]))
    captioner.load_state_dict(load("captioner")["captioner"])
    rounded(captioner)
    values, words = state["values"], state["words"]
    widths = [len(v) for v in values]
    known = patterns(values)
    mean, std = torch.tensor(MEAN).view(3, 1, 1), torch.tensor(STD).view(3, 1, 1)
    n = args.count

    def recovered(pixels, truth):
        logits = reader(image((pixels - mean) / std)).split(widths, 1)
        hits = torch.stack([part.argmax(1) for part in logits], 1) == truth
        return {a: share(hits[:, k].numpy()) for k, a in enumerate(ATTRIBUTES)} | {"all": share(hits.all(1).numpy())}

    def told(embeds, pictures):
        rows = [read(c, known) for c in captions(captioner, embeds, words)]
        hits = np.array([[row[a] == pictures.attributes[i, k] for k, a in enumerate(ATTRIBUTES)] for i, row in enumerate(rows)])
        return {a: share(hits[:, k]) for k, a in enumerate(ATTRIBUTES)} | {"all": share(hits.all(1))}

    def drawn(embeds, truth):
        pixels = [
            sample(unet, decoder, scale, embeds[s : s + 64], list(range(s, s + len(embeds[s : s + 64]))))[0]
            for s in range(0, len(embeds), 64)
        ]
        return recovered(torch.cat(pixels).permute(0, 3, 1, 2).float() / 255, truth)

    chance = {a: round(1 / len(v), 4) for a, v in zip(ATTRIBUTES, values)}
    card = {
        "space": SPACE,
        "count": n,
        "drawn": min(n, DRAWN),
        "steps": STEPS,
        "guidance": GUIDANCE,
        "chance": {"top1": round(1 / n, 5), "top5": round(5 / n, 5), **chance, "all": round(float(np.prod(list(chance.values()))), 6)},
    }  # fmt: skip
    for name in ("heldout", "unseen"):
        pictures = Pictures(args.pictures, name)
        truth = labels(pictures, values)[:n]
        x = pictures.batch(np.arange(n))
        a = image((x - mean) / std)
        b = text(torch.from_numpy(encode([row[0] for row in pictures.captions[:n]], words)))
        to_text, to_image = ranks(a, b)
        y = (decoder(encoder(x * 2 - 1).chunk(2, 1)[0]) / 2 + 0.5).clamp(0, 1)
        generator = torch.Generator().manual_seed(0)
        blur = blurred(a, made["middle"], generator)
        few = min(n, DRAWN)
        card[name] = {
            "image to text": {"top1": share((to_text < 1).numpy()), "top5": share((to_text < 5).numpy())},
            "text to image": {"top1": share((to_image < 1).numpy()), "top5": share((to_image < 5).numpy())},
            "attributes read from pictures": recovered(x, truth),
            "attributes after the autoencoder": recovered(y, truth),
            "autoencoder psnr dB": round(float(-10 * torch.log10((x - y).square().mean((1, 2, 3))).mean()), 2),
            "attributes of captions": told(a, pictures),
            "attributes of captions, blurred embeddings": told(blur, pictures),
            "attributes of drawn pictures": drawn(a[:few], truth[:few]),
            "attributes of drawn pictures, blurred embeddings": drawn(blur[:few], truth[:few]),
        }
        print(name, card[name], flush=True)
    write_json(args.out, card)


if __name__ == "__main__":
    main()
