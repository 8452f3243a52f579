"""Write the pack's card: card.py WEIGHTS CARD.json PACK     PACK/README.md and PACK/card.json"""

import argparse
import json
from pathlib import Path

from training import write_json

ATTRIBUTES = ("category", "colour", "size", "position", "count", "background", "all")
ROWS = (
    ("read from pictures", "attributes read from pictures"),
    ("read after the autoencoder", "attributes after the autoencoder"),
    ("named by captions", "attributes of captions"),
    ("named by captions of blurred embeddings", "attributes of captions, blurred embeddings"),
    ("read from drawn pictures", "attributes of drawn pictures"),
    ("read from pictures drawn of blurred embeddings", "attributes of drawn pictures, blurred embeddings"),
)
SETS = {
    "heldout": "Held-out pairs of category and colour (half of a simulated study's test pictures are of these)",
    "unseen": "Unseen combinations of pairs that were trained on (the other half)",
}


def percent(p):
    return f"{100 * p:.1f}"


def table(card):
    lines = []
    for name, title in SETS.items():
        found = card[name]
        lines += [f"### {title}", ""]
        lines += ["| search among " + str(card["count"]) + " | top 1 % | top 5 % |", "|---|---|---|"]
        for way in ("image to text", "text to image"):
            lines.append(f"| {way} | {percent(found[way]['top1'])} | {percent(found[way]['top5'])} |")
        lines.append(f"| chance | {percent(card['chance']['top1'])} | {percent(card['chance']['top5'])} |")
        lines += ["", "| right % | " + " | ".join(ATTRIBUTES) + " |", "|---" * 8 + "|"]
        for title, key in ROWS:
            lines.append(f"| {title} | " + " | ".join(percent(found[key][a]) for a in ATTRIBUTES) + " |")
        lines.append("| chance | " + " | ".join(percent(card["chance"][a]) for a in ATTRIBUTES) + " |")
        lines += ["", f"Pictures through the autoencoder: PSNR {found['autoencoder psnr dB']} dB.", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("weights", type=Path)
    parser.add_argument("card", type=Path)
    parser.add_argument("pack", type=Path)
    args = parser.parse_args()
    card = json.loads(args.card.read_text())
    runs = {n: json.loads((args.weights / f"{n}.pt.json").read_text()) for n in ("autoencoder", "towers", "generator", "captioner")}
    size = sum(f.stat().st_size for f in args.pack.rglob("*") if f.is_file() and f.parent != args.pack)
    trained = "\n".join(
        f"| {name} | {r['seed']} | {r['batch']} x {r.get('processes', 1)} | {r['steps']} | {r['minutes']:.0f} |" for name, r in runs.items()
    )
    text = f"""# The models on board

Three small packs in one space, `{card["space"]}` (128 numbers, length 1), {size / 1e6:.1f} MB, licence Apache-2.0 as the rest of
Noesis. Trained by us, from nothing, on drawings and captions of the stimulus generator; no photograph and no text of
the web. They know 24 kinds of drawn things, 10 colours, 3 sizes, 5 positions, 1 to 3 of a kind and 8 backgrounds, and
nothing else: what they say of a photograph means nothing.

| pack | graphs | what |
|---|---|---|
| `towers` | `vision`, `text`, `attributes` | pictures of 64 by 64 pixels and captions to the space; a linear read-out of six attributes |
| `captioner` | `prefix`, `decoder` | embeddings to captions (ClipCap's layout) |
| `generator` | `unet`, `vae_encoder`, `vae_decoder` | embeddings to pictures of 64 by 64 pixels: latent diffusion, velocity, {card["steps"]} steps of DPM-Solver++ 2M, guidance {card["guidance"]} |

## Data

57,730 scenes drawn at 64 to 256 pixels and brought to 64 by the resizer that is used in use (Pillow's bicubic), six
wordings of the caption each. Never trained on: the pairs of category and colour of the generator's pool `HELD_OUT`
(2 of 10 colours of each category), and every whole combination that simulated studies of seeds 0 to 9 can show among
their first 1000 scenes of the pool `TRAINING` (the demo's study has 756). So no combination of attributes in the demo,
training pictures included, was trained on. Studies of other seeds may show combinations of trained pairs that were
trained on, in another drawing (position, turn and size vary a little); their held-out half stays unseen.

## Training

On a CPU with 4 cores that others used too, by the scripts of `reconstruction/export/embedded`. Steps follow the clock,
so a rerun gives models of the same kind, not the same numbers. The table has the last run of each. Before it,
autoencoder and towers had a first run of 12 and 13 minutes (677 and 654 steps), and the generator 17 minutes in three
processes (672 steps of 32 each, bfloat16, rate 8e-4) after about 25 minutes of earlier settings (without the layout
network, then 4 minutes of that alone, and min-SNR weights, which made the embedding matter too late). Its last run
went on from there in one process on one thread in float32, at a rate of 4e-4 and down.

| model | seed | batch | steps | minutes |
|---|---|---|---|---|
{trained}

Captioner and generator learned from *blurred* embeddings: `unit((1 - a) e + a m + s n)` with the mean embedding m, a
uniform in 0 to 0.6, noise n of expected length 1 and s up to 1.2, since a decoder's output is shrunk and noisy. Both
bring embeddings to length 1 inside the graph, so an embedding's length changes nothing; zeros mean unconditional.

## Quality

Measured on pictures that no weight was fitted to; the first {card["count"]} of each set, {card["drawn"]} for drawn pictures. "Right" is exact: one value of
each attribute, `all` the six together. Attributes of drawn pictures are read by the picture tower: the recovery
ceiling of decoding, beside what it reads from the pictures themselves. Numbers for machines: `card.json`.

{table(card)}
Matrices are kept as float16 and widened when loaded; the numbers above are of these weights.
"""
    (args.pack / "README.md").write_text(text)
    write_json(args.pack / "card.json", card | {"training": runs})


if __name__ == "__main__":
    main()
