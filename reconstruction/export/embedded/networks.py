"""The networks of the embedded pack: towers, autoencoder, generator, captioner.

Shapes as in the published systems of the same kind, only small. Everything that a graph needs to be used
rightly is inside it: a generator and a captioner bring an embedding to length 1 themselves, so that a decoded
embedding may have any length; a row of zeros stays zeros and means "unconditional".
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

SIDE = 64
WIDTH = 128
TOKENS = 32
PAD, BOS, EOS, UNKNOWN = 0, 1, 2, 3
MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


def unit(x):
    """Rows at length 1; zeros stay zeros."""
    return x / torch.sqrt((x * x).sum(-1, keepdim=True) + 1e-12)


class NormedBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)

    def forward(self, x):
        return F.relu(x + self.norm2(self.second(F.relu(self.norm(self.first(x))))))


def down(inward, outward):
    return nn.Sequential(
        nn.Conv2d(inward, outward, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(outward), nn.ReLU()
    )


class ImageTower(nn.Module):
    """`pixel_values [n, 3, 64, 64]` -> `image_embeds [n, 128]` of length 1."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.PixelUnshuffle(2),
            nn.Conv2d(12, 32, 3, padding=1, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            down(32, 64),
            NormedBlock(64),
            down(64, 96),
            NormedBlock(96),
            NormedBlock(96),
            down(96, 160),
            NormedBlock(160),
            nn.Conv2d(160, 96, 1),
            nn.ReLU(),
            nn.Flatten(),
        )
        self.head = nn.Linear(96 * 16, WIDTH)

    def forward(self, pixel_values):
        return unit(self.head(self.body(pixel_values)))


class TransformerBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x, blocked):
        n, t, d = x.shape
        q, k, v = self.qkv(self.norm(x)).view(n, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        score = q @ k.transpose(-1, -2) / math.sqrt(d // self.heads)
        score = score.masked_fill(blocked, -1e4)
        mixed = (torch.softmax(score, -1) @ v).transpose(1, 2).reshape(n, t, d)
        x = x + self.out(mixed)
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class TextTower(nn.Module):
    """`input_ids [n, tokens]` -> `text_embeds [n, 128]` of length 1; padding is known by its id."""

    def __init__(self, words):
        super().__init__()
        self.words = nn.Embedding(words, WIDTH)
        self.places = nn.Embedding(TOKENS, WIDTH)
        self.blocks = nn.ModuleList([TransformerBlock(WIDTH, 4) for _ in range(2)])
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, WIDTH)

    def forward(self, input_ids):
        place = torch.arange(input_ids.shape[1], device=input_ids.device)
        x = self.words(input_ids) + self.places(place)
        blocked = (input_ids == PAD)[:, None, None, :]
        for block in self.blocks:
            x = block(x, blocked)
        kept = (input_ids != PAD).to(x.dtype).unsqueeze(-1)
        return unit(self.head((self.norm(x) * kept).sum(1) / kept.sum(1)))


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = nn.GroupNorm(8, width)
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.norm2 = nn.GroupNorm(8, width)
        self.second = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):
        y = self.first(F.silu(self.norm(x)))
        return x + self.second(F.silu(self.norm2(y)))


class Encoder(nn.Module):
    """`sample [n, 3, 64, 64]` within -1 and 1 -> `latent_parameters [n, 8, 16, 16]`: mean, log variance."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.PixelUnshuffle(2),
            nn.Conv2d(12, 40, 3, padding=1),
            Residual(40),
            nn.Conv2d(40, 80, 3, stride=2, padding=1),
            Residual(80),
            nn.GroupNorm(8, 80),
            nn.SiLU(),
            nn.Conv2d(80, 8, 3, padding=1),
        )

    def forward(self, sample):
        return self.body(sample)


class Decoder(nn.Module):
    """`latent_sample [n, 4, 16, 16]` -> `sample [n, 3, 64, 64]`."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(4, 80, 3, padding=1),
            Residual(80),
            Residual(80),
            nn.Conv2d(80, 160, 3, padding=1),
            nn.PixelShuffle(2),
            Residual(40),
            nn.GroupNorm(8, 40),
            nn.SiLU(),
            nn.Conv2d(40, 64, 3, padding=1),
            nn.PixelShuffle(2),
            nn.SiLU(),
            nn.Conv2d(16, 3, 3, padding=1),
        )

    def forward(self, latent_sample):
        return self.body(latent_sample)


class ConditionedBlock(nn.Module):
    def __init__(self, inward, outward, told):
        super().__init__()
        self.norm = nn.GroupNorm(8, inward)
        self.first = nn.Conv2d(inward, outward, 3, padding=1)
        self.told = nn.Linear(told, 2 * outward)
        self.norm2 = nn.GroupNorm(8, outward)
        self.second = nn.Conv2d(outward, outward, 3, padding=1)
        self.skip = nn.Conv2d(inward, outward, 1) if inward != outward else nn.Identity()
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, x, told):
        y = self.first(F.silu(self.norm(x)))
        scale, shift = self.told(told)[:, :, None, None].chunk(2, 1)
        y = self.second(F.silu(self.norm2(y) * (1 + scale) + shift))
        return self.skip(x) + y


class SpatialAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(8, width)
        self.qkv = nn.Conv2d(width, 3 * width, 1)
        self.out = nn.Conv2d(width, width, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x):
        n, c, h, w = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(n, 3, self.heads, c // self.heads, h * w).unbind(1)
        score = torch.softmax(q.transpose(-1, -2) @ k / math.sqrt(c // self.heads), -1)
        mixed = (v @ score.transpose(-1, -2)).reshape(n, c, h, w)
        return x + self.out(mixed)


class Layout(nn.Module):
    """What an embedding leads one to expect, before any noise is looked at: mean latents, and a map at half size."""

    def __init__(self, width=96):
        super().__init__()
        self.flat = nn.Sequential(nn.Linear(WIDTH, 256), nn.SiLU(), nn.Linear(256, 64 * width))
        self.width = width
        self.map = nn.Sequential(Residual(width), Residual(width))
        self.latents = nn.Sequential(
            nn.Conv2d(width, 256, 3, padding=1),
            nn.PixelShuffle(2),
            Residual(64),
            nn.GroupNorm(8, 64),
            nn.SiLU(),
            nn.Conv2d(64, 4, 3, padding=1),
        )

    def forward(self, embeds):
        x = self.map(self.flat(embeds).reshape(-1, self.width, 8, 8))
        return x, self.latents(x)


class Unet(nn.Module):
    """`sample [n, 4, 16, 16]`, `timestep`, `image_embeds [n, 128]` -> `out_sample`, the velocity.

    Time and embedding scale and shift every block. Where things are is hard to say that way, so the network also
    sees the mean latents of the embedding beside the sample, as pipelines with a blurry low-level picture do.
    """

    def __init__(self, width=96, told=256):
        super().__init__()
        wide = 2 * width
        self.frequencies = 128
        self.time = nn.Sequential(nn.Linear(128, told), nn.SiLU(), nn.Linear(told, told))
        self.image = nn.Sequential(nn.Linear(WIDTH, told), nn.SiLU(), nn.Linear(told, told))
        self.layout = Layout()
        self.placed = nn.Conv2d(self.layout.width, wide, 1)
        nn.init.zeros_(self.placed.weight)
        nn.init.zeros_(self.placed.bias)
        self.inward = nn.Conv2d(8, width, 3, padding=1)
        self.down1 = ConditionedBlock(width, width, told)
        self.down2 = ConditionedBlock(width, width, told)
        self.shrink = nn.Conv2d(width, wide, 3, stride=2, padding=1)
        self.low1 = ConditionedBlock(wide, wide, told)
        self.look1 = SpatialAttention(wide, 4)
        self.low2 = ConditionedBlock(wide, wide, told)
        self.look2 = SpatialAttention(wide, 4)
        self.low3 = ConditionedBlock(2 * wide, wide, told)
        self.grow = nn.Conv2d(wide, 4 * width, 3, padding=1)
        self.up1 = ConditionedBlock(2 * width, width, told)
        self.up2 = ConditionedBlock(2 * width, width, told)
        self.norm = nn.GroupNorm(8, width)
        self.outward = nn.Conv2d(width, 4, 3, padding=1)
        nn.init.zeros_(self.outward.weight)
        nn.init.zeros_(self.outward.bias)

    def forward(self, sample, timestep, image_embeds, expected=None):
        half = self.frequencies // 2
        rate = torch.exp(-math.log(10000.0) * torch.arange(half, dtype=torch.float32) / half)
        angle = timestep.to(torch.float32).reshape(-1, 1) * rate
        wave = torch.cat([torch.cos(angle), torch.sin(angle)], -1)
        given = unit(image_embeds) * math.sqrt(WIDTH)
        told = F.silu(self.time(wave) + self.image(given))
        layout, expected = self.layout(given) if expected is None else expected
        x = self.inward(torch.cat([sample, expected], 1))
        first = self.down1(x, told)
        second = self.down2(first, told)
        low = self.low1(self.shrink(second) + self.placed(layout), told)
        deep = self.look2(self.low2(self.look1(low), told))
        deep = self.low3(torch.cat([deep, low], 1), told)
        x = F.pixel_shuffle(self.grow(deep), 2)
        x = self.up1(torch.cat([x, second], 1), told)
        x = self.up2(torch.cat([x, first], 1), told)
        return self.outward(F.silu(self.norm(x)))


class Captioner(nn.Module):
    """A prefix of an embedding, then words: the layout of ClipCap (arXiv:2111.09734), small."""

    PREFIX = 6

    def __init__(self, words, width=128, layers=4):
        super().__init__()
        self.width = width
        self.project = nn.Sequential(
            nn.Linear(WIDTH, 4 * width), nn.Tanh(), nn.Linear(4 * width, self.PREFIX * width)
        )
        self.words = nn.Embedding(words, width)
        self.places = nn.Embedding(self.PREFIX + TOKENS, width)
        self.blocks = nn.ModuleList([TransformerBlock(width, 4) for _ in range(layers)])
        self.norm = nn.LayerNorm(width)
        nn.init.normal_(self.words.weight, std=0.02)
        nn.init.normal_(self.places.weight, std=0.02)

    def prefix(self, image_embeds):
        return self.project(unit(image_embeds) * math.sqrt(WIDTH)).view(-1, self.PREFIX, self.width)

    def decode(self, inputs_embeds):
        t = inputs_embeds.shape[1]
        x = inputs_embeds + self.places(torch.arange(t, device=inputs_embeds.device))
        order = torch.arange(t, device=inputs_embeds.device)
        blocked = order[None, :] > order[:, None]
        for block in self.blocks:
            x = block(x, blocked)
        return self.norm(x) @ self.words.weight.T

    def forward(self, image_embeds, input_ids):
        return self.decode(torch.cat([self.prefix(image_embeds), self.words(input_ids)], 1))
