"""Train the two towers: train_towers.py PICTURES OUT --minutes N [--resume FILE]

InfoNCE between pictures and captions (CLIP, arXiv:2103.00020); beside it a linear read-out of the six
attributes from either embedding, which is thrown away afterwards and keeps attributes linearly decodable.
"""

import argparse

import numpy as np
import torch
import torch.nn.functional as F

from training import ATTRIBUTES, Clock, Pictures, classes, encode, labels, narrow, vocabulary, write_json
from networks import MEAN, STD, WIDTH, ImageTower, TextTower

SEED = 2
BATCH = 128
CELLS = 8


def alike(pictures):
    """Pictures by position, count and background: only category, colour and size tell those of a cell apart."""
    cells = {}
    for k, row in enumerate(pictures.attributes):
        cells.setdefault(tuple(row[3:]), []).append(k)
    return [np.array(cell) for cell in cells.values()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pictures")
    parser.add_argument("out")
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--resume")
    args = parser.parse_args()
    torch.manual_seed(SEED)
    order = np.random.default_rng([SEED, args.resume is not None])
    train = Pictures(args.pictures, "train")
    unseen = Pictures(args.pictures, "heldout")
    words = vocabulary(train.captions)
    values = classes(train)
    truth = labels(train, values)
    tokens = torch.from_numpy(
        np.stack([encode([row[k] for row in train.captions], words) for k in range(6)], 1)
    )
    image, text = ImageTower(), TextTower(len(words))
    reads = torch.nn.ModuleList([torch.nn.Linear(WIDTH, len(v)) for v in values])
    heat = torch.nn.Parameter(torch.tensor(2.3))
    if args.resume:
        state = torch.load(args.resume)
        image.load_state_dict(state["image"])
        text.load_state_dict(state["text"])
        reads.load_state_dict(state["reads"])
        heat.data.copy_(state["heat"])
    parameters = [*image.parameters(), *text.parameters(), *reads.parameters(), heat]
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, betas=(0.9, 0.98), weight_decay=1e-2)
    clock = Clock(args.minutes, 2e-3)
    mean, std = torch.tensor(MEAN).view(3, 1, 1), torch.tensor(STD).view(3, 1, 1)

    def save():
        torch.save(
            {
                "image": image.state_dict(),
                "text": text.state_dict(),
                "reads": reads.state_dict(),
                "heat": heat.detach(),
                "words": words,
                "values": values,
            },
            args.out,
        )

    cells = alike(train)
    while clock.set(optimizer):
        chosen = order.choice(len(cells), CELLS, replace=False)
        index = np.sort(
            np.concatenate([order.choice(cells[c], BATCH // CELLS, replace=False) for c in chosen])
        )
        pixels = (train.batch(index) - mean) / std
        wording = torch.from_numpy(order.integers(0, 6, BATCH))
        ids = tokens[torch.from_numpy(index), wording]
        ids = ids[:, : int((ids != 0).sum(1).max())]
        with narrow():
            a, b = image(pixels), text(ids)
        a, b = a.float(), b.float()
        score = a @ b.T * heat.clamp(max=4.6).exp()
        self = torch.arange(BATCH)
        match = 0.5 * (F.cross_entropy(score, self) + F.cross_entropy(score.T, self))
        told = truth[index]
        read = sum(
            w * (F.cross_entropy(10 * r(a), told[:, k]) + 0.3 * F.cross_entropy(10 * r(b), told[:, k]))
            for k, (r, w) in enumerate(zip(reads, (2.0, 1.0, 1.0, 0.5, 1.0, 0.5)))
        )
        loss = match + 0.5 * read
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 2.0)
        optimizer.step()
        if clock.steps % 50 == 0:
            found = (score.argmax(1) == self).float().mean().item()
            right = [(r(a).argmax(1) == told[:, k]).float().mean().item() for k, r in enumerate(reads)]
            print(
                f"{clock.steps} {clock.progress():.2f} match {match.item():.3f} top1 {found:.2f}",
                " ".join(f"{n} {x:.2f}" for n, x in zip(ATTRIBUTES, right)),
                flush=True,
            )
        if clock.steps % 200 == 0:
            save()
            check(image, text, reads, unseen, words, values, mean, std)
    save()
    check(image, text, reads, unseen, words, values, mean, std)
    write_json(args.out + ".json", clock.record(seed=SEED, batch=BATCH))


@torch.no_grad()
def check(image, text, reads, pictures, words, values, mean, std):
    image.eval()
    text.eval()
    index = np.arange(512)
    a = image((pictures.batch(index) - mean) / std)
    b = text(torch.from_numpy(encode([row[0] for row in pictures.captions[:512]], words)))
    rank = ((a @ b.T) > (a * b).sum(1, keepdim=True)).sum(1)
    told = labels(pictures, values)[:512]
    right = [(r(a).argmax(1) == told[:, k]).float().mean().item() for k, r in enumerate(reads)]
    print(
        f"  held-out of 512: top1 {(rank < 1).float().mean():.3f} top5 {(rank < 5).float().mean():.3f}"
        f" mean length {a.mean(0).norm():.2f}",
        " ".join(f"{n} {x:.2f}" for n, x in zip(ATTRIBUTES, right)),
        flush=True,
    )
    image.train()
    text.train()


if __name__ == "__main__":
    main()
