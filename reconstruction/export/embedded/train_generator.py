"""Train the latent diffusion model: train_generator.py PICTURES AUTOENCODER TOWERS OUT --minutes N [--resume FILE]

Velocity prediction on 1000 steps of scaled-linear betas (as Stable Diffusion), every step weighted alike: min-SNR
weights were tried and made the embedding matter too late, since what is drawn is decided at high noise. A tenth of
the conditions is replaced by zeros, the others are blurred as a decoder blurs them; the weights that ship are a
running mean. With RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT set, several processes train on a part of the
pictures each and take the mean of their weights every 16 steps (local SGD, arXiv:1805.09767), which needs no barrier
at every product and so suits a busy machine.
"""

import argparse
import copy
import os

import numpy as np
import torch
import torch.distributed as dist

from networks import MEAN, STD, WIDTH, Encoder, ImageTower, Unet, unit
from training import Clock, Pictures, blurred, narrow, write_json

SEED = 3
BATCH = 16
SOME = 2048
STEPS = 1000
TOGETHER = 16
EMA = 0.998**TOGETHER


def alphas():
    betas = torch.linspace(0.00085**0.5, 0.012**0.5, STEPS, dtype=torch.float64) ** 2
    return torch.cumprod(1 - betas, 0).float()


class Prepared:
    """Latents (their means) and embeddings of pictures, each made when it is first asked for."""

    def __init__(self, pictures, autoencoder, towers, rows):
        self.pictures, self.rows = pictures, rows
        self.encoder, self.image = Encoder().eval(), ImageTower().eval()
        self.encoder.load_state_dict(torch.load(autoencoder)["encoder"])
        self.image.load_state_dict(torch.load(towers)["image"])
        self.latents = torch.full((len(rows), 4, 16, 16), torch.nan)
        self.embeds = torch.empty(len(rows), WIDTH)
        self.mean, self.std = torch.tensor(MEAN).view(3, 1, 1), torch.tensor(STD).view(3, 1, 1)

    def __len__(self):
        return len(self.rows)

    @torch.no_grad()
    def batch(self, index):
        """`[n, 4, 16, 16]` and `[n, 128]`."""
        missing = index[self.latents[index, 0, 0, 0].isnan()].unique()
        if len(missing):
            x = self.pictures.batch(self.rows[missing.numpy()])
            with narrow():
                self.latents[missing] = self.encoder(x * 2 - 1).float().chunk(2, 1)[0]
                self.embeds[missing] = self.image((x - self.mean) / self.std).float()
        return self.latents[index], self.embeds[index]


def together(values, world):
    """The mean over all processes, in place."""
    if world > 1:
        flat = torch.cat([v.detach().reshape(-1) for v in values])
        dist.all_reduce(flat)
        flat /= world
        offset = 0
        for v in values:
            v.data.copy_(flat[offset : offset + v.numel()].view_as(v))
            offset += v.numel()


def expectations(layout, prepared, scale, middle, minutes, world):
    """Mean latents by least squares: cheap, and soon right about where things are and of what colour."""
    optimizer = torch.optim.AdamW(layout.parameters(), lr=1e-3, betas=(0.9, 0.99), weight_decay=1e-3, fused=True)
    clock = Clock(minutes, 2e-3)
    going = torch.ones(1)
    seen = 0.0
    while going.item() > 0:
        within = clock.set(optimizer)
        x, embeds = prepared.batch(torch.randint(len(prepared), (BATCH,)))
        condition = blurred(embeds, middle)
        condition[torch.rand(BATCH) < 0.1] = 0
        with narrow():
            found = layout(unit(condition) * WIDTH**0.5)[1].float()
        loss = (found - scale * x).square().mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(layout.parameters(), 1.0)
        optimizer.step()
        seen = 0.99 * seen + 0.01 * loss.item()
        if clock.steps % TOGETHER == 0:
            together(list(layout.parameters()), world)
            going.fill_(float(within))
            if world > 1:
                dist.broadcast(going, 0)
        if clock.steps % (5 * TOGETHER) == 0:
            print(f"layout {clock.steps} {clock.progress():.2f} {seen / (1 - 0.99**clock.steps):.4f}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pictures")
    parser.add_argument("autoencoder")
    parser.add_argument("towers")
    parser.add_argument("out")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--layout-minutes", type=float, default=4, help="of mean latents alone, before the rest")
    parser.add_argument("--rate", type=float, default=8e-4)
    parser.add_argument("--resume")
    args = parser.parse_args()
    world, rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
    pictures = Pictures(args.pictures, "train")
    prepared = Prepared(pictures, args.autoencoder, args.towers, np.arange(rank, len(pictures), world))
    if world > 1:
        dist.init_process_group("gloo")
    torch.manual_seed(SEED + 100 * rank + (args.resume is not None))
    latents, embeds = prepared.batch(torch.randperm(len(prepared))[:SOME])
    middle, square = embeds.mean(0), latents.square().mean().reshape(1)
    centre = latents.mean().reshape(1)
    together([middle, square, centre], world)
    scale = 1 / (square - centre**2).sqrt().item()
    unet = Unet()
    if args.resume:
        made = torch.load(args.resume)
        fits = {k: v for k, v in made["unet"].items() if k in unet.state_dict() and unet.state_dict()[k].shape == v.shape}
        unet.load_state_dict({**unet.state_dict(), **fits})
        scale, middle = made["scale"], made.get("middle", middle)
    print(f"latents scaled by {scale:.4f}, mean embedding of length {middle.norm():.3f}", flush=True)
    unet = unet.to(memory_format=torch.channels_last)
    if args.layout_minutes > 0:
        expectations(unet.layout, prepared, scale, middle, args.layout_minutes, world)
    mean = copy.deepcopy(unet)
    optimizer = torch.optim.AdamW(unet.parameters(), lr=1e-3, betas=(0.9, 0.99), weight_decay=1e-2, fused=True)
    kept = alphas()
    clock = Clock(args.minutes, args.rate)
    going = torch.ones(1)
    seen = 0.0

    def save():
        if rank == 0:
            torch.save({"unet": mean.state_dict(), "scale": scale, "middle": middle}, args.out + ".part")
            os.replace(args.out + ".part", args.out)

    while going.item() > 0:
        within = clock.set(optimizer)
        x, embeds = prepared.batch(torch.randint(len(prepared), (BATCH,)))
        x = scale * x
        condition = blurred(embeds, middle)
        condition[torch.rand(BATCH) < 0.1] = 0
        t = torch.randint(STEPS, (BATCH,))
        a = kept[t].view(-1, 1, 1, 1)
        noise = torch.randn_like(x)
        with narrow():
            expected = unet.layout(unit(condition) * WIDTH**0.5)
            found = unet(a.sqrt() * x + (1 - a).sqrt() * noise, t, condition, expected).float()
        error = (found - (a.sqrt() * noise - (1 - a).sqrt() * x)).square().mean((1, 2, 3))
        loss = error.mean() + 0.2 * (expected[1].float() - x).square().mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        optimizer.step()
        seen = 0.99 * seen + 0.01 * error.mean().item()
        if clock.steps % TOGETHER == 0:
            together(list(unet.parameters()), world)
            pace = min(EMA, clock.steps / (clock.steps + 10 * TOGETHER))
            with torch.no_grad():
                for slow, fast in zip(mean.parameters(), unet.parameters()):
                    slow.lerp_(fast, 1 - pace)
            going.fill_(float(within))
            if world > 1:
                dist.broadcast(going, 0)
        if clock.steps % (5 * TOGETHER) == 0:
            print(f"{clock.steps} {clock.progress():.2f} v {seen / (1 - 0.99**clock.steps):.4f}", flush=True)
            save()
    save()
    if rank == 0:
        write_json(args.out + ".json", clock.record(seed=SEED, batch=BATCH, processes=world, v_loss=seen, scale=scale))


if __name__ == "__main__":
    main()
