"""Train the autoencoder: train_autoencoder.py PICTURES OUT --minutes N [--resume FILE]"""

import argparse

import numpy as np
import torch
import torch.nn.functional as F

from training import Clock, Pictures, narrow, write_json
from networks import Decoder, Encoder

SEED = 1
BATCH = 16


def edges(x):
    return x[:, :, 1:] - x[:, :, :-1], x[:, :, :, 1:] - x[:, :, :, :-1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pictures")
    parser.add_argument("out")
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--resume")
    parser.add_argument("--decoder-only", action="store_true", help="leave the latents as they are")
    args = parser.parse_args()
    torch.manual_seed(SEED)
    order = np.random.default_rng(SEED + args.decoder_only)
    train = Pictures(args.pictures, "train")
    encoder, decoder = Encoder(), Decoder()
    if args.resume:
        state = torch.load(args.resume)
        encoder.load_state_dict(state["encoder"])
        decoder.load_state_dict(state["decoder"])
    encoder.requires_grad_(not args.decoder_only)
    parameters = [p for p in (*encoder.parameters(), *decoder.parameters()) if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, betas=(0.9, 0.95), weight_decay=1e-3)
    clock = Clock(args.minutes, 1.5e-3)
    seen = 0.0
    while clock.set(optimizer):
        x = train.batch(order.choice(len(train), BATCH, replace=False)) * 2 - 1
        with narrow():
            mean, log_variance = encoder(x).float().chunk(2, 1)
            log_variance = log_variance.clamp(-20, 4)
            z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            y = decoder(z).float()
        l1 = (y - x).abs().mean()
        sharp = sum((a - b).abs().mean() for a, b in zip(edges(y), edges(x)))
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean()
        loss = l1 + 2 * (y - x).square().mean() + 0.5 * sharp + 2e-4 * kl
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        seen = 0.98 * seen + 0.02 * l1.item()
        if clock.steps % 50 == 0:
            print(f"{clock.steps} {clock.progress():.2f} l1 {seen / (1 - 0.98**clock.steps):.4f} kl {kl.item():.2f}", flush=True)
        if clock.steps % 200 == 0:
            save(args.out, encoder, decoder)
    save(args.out, encoder, decoder)
    write_json(args.out + ".json", clock.record(seed=SEED, batch=BATCH, l1=seen))


def save(out, encoder, decoder):
    torch.save({"encoder": encoder.state_dict(), "decoder": decoder.state_dict()}, out)


if __name__ == "__main__":
    main()
