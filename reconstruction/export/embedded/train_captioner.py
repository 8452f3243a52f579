"""Train the captioner: train_captioner.py PICTURES TOWERS OUT --minutes N [--resume FILE]

Embeddings of the image tower, and for a third of the rows of the text tower, blurred as a decoder blurs them
(CapDec, arXiv:2211.00575); six wordings per picture.
"""

import argparse

import numpy as np
import torch
import torch.nn.functional as F

from training import Clock, Pictures, blurred, encode, narrow, write_json
from networks import MEAN, STD, Captioner, ImageTower, TextTower

SEED = 4
BATCH = 128


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pictures")
    parser.add_argument("towers")
    parser.add_argument("out")
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument("--resume")
    args = parser.parse_args()
    train = Pictures(args.pictures, "train")
    state = torch.load(args.towers)
    words = state["words"]
    image, text = ImageTower().eval(), TextTower(len(words)).eval()
    image.load_state_dict(state["image"])
    text.load_state_dict(state["text"])
    tokens = torch.from_numpy(
        np.stack([encode([row[k] for row in train.captions], words) for k in range(6)], 1)
    )
    mean, std = torch.tensor(MEAN).view(3, 1, 1), torch.tensor(STD).view(3, 1, 1)
    with torch.no_grad(), narrow():
        embeds = torch.cat(
            [
                image((train.batch(np.arange(s, min(s + 256, len(train)))) - mean) / std)
                for s in range(0, len(train), 256)
            ]
        ).float()
        told = torch.cat([text(tokens[s : s + 256, 0]) for s in range(0, len(train), 256)]).float()
    middle = embeds.mean(0)
    torch.manual_seed(SEED)
    captioner = Captioner(len(words))
    if args.resume:
        captioner.load_state_dict(torch.load(args.resume)["captioner"])
    optimizer = torch.optim.AdamW(captioner.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=1e-2)
    clock = Clock(args.minutes, 2e-3)
    seen = 0.0
    while clock.set(optimizer):
        index = torch.randint(len(train), (BATCH,))
        clean = torch.where(torch.rand(BATCH, 1) < 0.33, told[index], embeds[index])
        ids = tokens[index, torch.randint(6, (BATCH,))]
        ids = ids[:, : int((ids != 0).sum(1).max())]
        with narrow():
            logits = captioner(blurred(clean, middle), ids[:, :-1])[:, captioner.PREFIX :].float()
        loss = F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), ignore_index=0)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(captioner.parameters(), 1.0)
        optimizer.step()
        seen = 0.98 * seen + 0.02 * loss.item()
        if clock.steps % 50 == 0:
            print(f"{clock.steps} {clock.progress():.2f} loss {seen / (1 - 0.98**clock.steps):.4f}", flush=True)
        if clock.steps % 400 == 0:
            torch.save({"captioner": captioner.state_dict(), "words": words}, args.out)
    torch.save({"captioner": captioner.state_dict(), "words": words}, args.out)
    write_json(args.out + ".json", clock.record(seed=SEED, batch=BATCH, loss=seen))


if __name__ == "__main__":
    main()
