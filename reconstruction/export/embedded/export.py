"""Write the trained weights as three model packs: export.py WEIGHTS OUT

WEIGHTS holds towers.pt, captioner.pt, autoencoder.pt, generator.pt (and the .json that each script wrote beside
them); OUT gets towers/, captioner/ and generator/, each with noesis-model.yaml, graphs, and a golden pair that
`noesis models verify` makes again. Matrices are stored as float16 and widened when a graph is loaded, so that all
arithmetic and all ports are float32. Layouts: ../README.md.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import save_file

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from training import ATTRIBUTES, encode  # noqa: E402
from networks import BOS, EOS, MEAN, PAD, SIDE, STD, TOKENS, UNKNOWN, WIDTH  # noqa: E402
from networks import Captioner, Decoder, Encoder, ImageTower, TextTower, Unet, unit  # noqa: E402

SPACE = "noesis-embedded-1"
PRETRAINING = (
    "57,730 drawings and captions of Noesis' own stimulus generator (pool TRAINING, without the combinations of"
    " simulated studies of seeds 0 to 9); no photograph, no text of the web"
)
STEPS, GUIDANCE, SEED = 12, 2.0, 42
SCHEDULER = {
    "_class_name": "DPMSolverMultistepScheduler",
    "algorithm_type": "dpmsolver++",
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "final_sigmas_type": "zero",
    "lower_order_final": True,
    "num_train_timesteps": 1000,
    "prediction_type": "v_prediction",
    "solver_order": 2,
    "solver_type": "midpoint",
    "steps_offset": 0,
    "timestep_spacing": "trailing",
}


def halved(file):
    """Weights of more than 1024 numbers as float16 with a cast behind them."""
    model = onnx.load(str(file))
    graph = model.graph
    casts = []
    for weight in list(graph.initializer):
        if weight.data_type != TensorProto.FLOAT or np.prod(weight.dims) <= 1024:
            continue
        values = numpy_helper.to_array(weight).astype(np.float16)
        name = weight.name
        graph.initializer.remove(weight)
        graph.initializer.append(numpy_helper.from_array(values, name + ".half"))
        casts.append(helper.make_node("Cast", [name + ".half"], [name], name + ".wide", to=TensorProto.FLOAT))
    for cast in reversed(casts):
        graph.node.insert(0, cast)
    del model.metadata_props[:]
    for node in graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(file))


def rounded(module):
    """The module with the weights that `halved` keeps, so that golden pairs are of what ships."""
    with torch.no_grad():
        for parameter in module.parameters():
            if parameter.numel() > 1024:
                parameter.copy_(parameter.half().float())
    return module.eval()


def graph(role, module, inputs, outputs, free, out, config=None):
    common.export(module, inputs, outputs, free, out / role, config)
    halved(out / role / "model.onnx")


def manifest(out, kind, title, facts, scaling=None, more=None):
    """noesis-model.yaml: what common.manifest finds in the folder, and what it cannot know."""
    common.manifest(
        out,
        kind,
        title,
        space={"model": SPACE, "layer": "image_embeds", "dimension": WIDTH, "tokens": 1},
        facts=facts,
        scaling=scaling,
        licence="Apache-2.0",
        source="trained by the scripts of reconstruction/export/embedded",
        pretraining=[PRETRAINING],
    )
    file = out / "noesis-model.yaml"
    tree = {**json.loads(file.read_text()), "name": f"noesis-embedded-{out.name}", "citation": "none", **(more or {})}
    file.write_text(json.dumps(tree, indent=1) + "\n")


def tokenizer(words, out):
    """A tokenizer.json of whole words, as training.encode splits them."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    found = Tokenizer(models.WordLevel({word: k for k, word in enumerate(words)}, unk_token="[UNK]"))
    found.normalizer = normalizers.Lowercase()
    found.pre_tokenizer = pre_tokenizers.Split(Regex(r"\w+|[^\w\s]+"), behavior="removed", invert=True)
    found.post_processor = processors.TemplateProcessing(
        single="[BOS] $A [EOS]", special_tokens=[("[BOS]", BOS), ("[EOS]", EOS)]
    )
    found.decoder = decoders.Sequence(
        [decoders.WordPiece(prefix="##"), decoders.Fuse(), decoders.Replace(" - ", "-")]
    )
    found.enable_padding(pad_id=PAD, pad_token="[PAD]")
    found.enable_truncation(TOKENS)
    found.add_special_tokens(words[:4])
    (out / "tokenizer").mkdir(parents=True, exist_ok=True)
    found.save(str(out / "tokenizer/tokenizer.json"))
    return found


class Attributes(torch.nn.Module):
    """The read-outs of the six attributes side by side."""

    def __init__(self, reads):
        super().__init__()
        self.head = torch.nn.Linear(WIDTH, sum(len(r["bias"]) for r in reads))
        with torch.no_grad():
            self.head.weight.copy_(10 * torch.cat([r["weight"] for r in reads]))
            self.head.bias.copy_(10 * torch.cat([r["bias"] for r in reads]))

    def forward(self, embeds):
        return self.head(unit(embeds))


def load_towers(state):
    image, text = ImageTower(), TextTower(len(state["words"]))
    image.load_state_dict(state["image"])
    text.load_state_dict(state["text"])
    reads = [
        {p: state["reads"][f"{k}.{p}"] for p in ("weight", "bias")} for k in range(len(ATTRIBUTES))
    ]
    return rounded(image), rounded(text), rounded(Attributes(reads))


def towers(state, out):
    image, text, attributes = load_towers(state)
    words = state["words"]
    made = tokenizer(words, out)
    sentences = ["a picture of a small red cat on the left, in a grassy meadow", "two blue Ice creams at the zoo"]
    ids = torch.tensor([e.ids for e in made.encode_batch(sentences)])
    assert (torch.from_numpy(encode(sentences, words))[:, : ids.shape[1]] == ids).all()
    torch.manual_seed(7)
    pixels = torch.randn(2, 3, SIDE, SIDE)
    free = {0: "batch"}
    graph("vision", image, {"pixel_values": pixels}, ["image_embeds"], {"pixel_values": free, "image_embeds": free}, out)
    graph("text", text, {"input_ids": ids}, ["text_embeds"],
          {"input_ids": {0: "batch", 1: "tokens"}, "text_embeds": free}, out)  # fmt: skip
    graph("attributes", attributes, {"embeds": image(pixels)}, ["logits"], {"embeds": free, "logits": free}, out)
    save_file(
        {"pixel_values": pixels, "image_embeds": image(pixels), "input_ids": ids, "text_embeds": text(ids)},
        out / "golden.safetensors",
        metadata={"texts": json.dumps(sentences)},
    )
    facts = {"scaling": "unit", "max-tokens": str(TOKENS), "attributes": ",".join(ATTRIBUTES)}
    for name, values in zip(ATTRIBUTES, state["values"]):
        facts[f"values-of-{name}"] = ",".join(values)
    pixels = {"size": SIDE, "resize": SIDE, "resample": "pillow-bicubic", "mean": list(MEAN), "std": list(STD)}
    manifest(out, "clip", "Embedded picture and text tower, 128 numbers", facts, more={"preprocessing": pixels})
    return image, text, attributes


class Prefix(torch.nn.Module):
    def __init__(self, captioner):
        super().__init__()
        self.captioner = captioner

    def forward(self, embedding):
        return self.captioner.prefix(embedding)


class NextWord(torch.nn.Module):
    def __init__(self, captioner):
        super().__init__()
        self.captioner = captioner

    def forward(self, prefix, input_ids):
        embeds = torch.cat([prefix, self.captioner.words(input_ids)], 1)
        return self.captioner.decode(embeds)[:, -1]


def greedy(captioner, embeds):
    """The ids of one embedding's caption [1, 128], the end included."""
    prefix, ids = captioner.prefix(embeds), [BOS]
    step = NextWord(captioner)
    while len(ids) < TOKENS and (len(ids) == 1 or ids[-1] != EOS):
        ids.append(int(step(prefix, torch.tensor([ids])).argmax()))
    return ids[1:]


def captioner(state, out, embeds):
    model = Captioner(len(state["words"]))
    model.load_state_dict(state["captioner"])
    rounded(model)
    tokenizer(state["words"], out)
    free = {0: "batch"}
    graph("prefix", Prefix(model), {"embedding": embeds}, ["prefix"], {"embedding": free, "prefix": free}, out)
    graph("decoder", NextWord(model),
          {"prefix": model.prefix(embeds), "input_ids": torch.tensor([[BOS, 5, 6]] * len(embeds))}, ["logits"],
          {"prefix": {0: "batch", 1: "k"}, "input_ids": {0: "batch", 1: "tokens"}, "logits": free}, out)  # fmt: skip
    longest = TOKENS - 1
    sentences = [greedy(model, row[None]) for row in embeds]
    tokens = torch.full((len(sentences), max(map(len, sentences))), -1)
    for row, sentence in enumerate(sentences):
        tokens[row, : len(sentence)] = torch.tensor(sentence)
    save_file(
        {"embeddings": embeds.contiguous(), "tokens": tokens},
        out / "golden.safetensors",
        metadata={"search": "greedy", "width": "1", "length_penalty": "0.0", "max_tokens": str(longest)},
    )
    facts = {
        "captioner": "prefix", "scaling": "unit", "start": str(BOS), "stop": str(EOS), "max-tokens": str(longest)
    }  # fmt: skip
    manifest(out, "caption", "Embedded prefix captioner", facts)
    return model


@torch.no_grad()
def sample(unet, decoder, scale, embeds, seeds, steps=STEPS, guidance=GUIDANCE):
    """Pictures `[n, 64, 64, 3]` as bytes, by diffusers' sampler, and their latents."""
    import diffusers

    scheduler = diffusers.DPMSolverMultistepScheduler.from_config(SCHEDULER)
    scheduler.set_timesteps(steps)
    shape = (4, 16, 16)
    x = torch.stack([torch.randn(shape, generator=torch.Generator().manual_seed(s)) for s in seeds])
    x = x * scheduler.init_noise_sigma
    for t in scheduler.timesteps:
        both = unet(torch.cat([x, x]), t, torch.cat([torch.zeros_like(embeds), embeds]))
        without, given = both.chunk(2)
        x = scheduler.step(without + guidance * (given - without), t, x).prev_sample
    pixels = (decoder(x / scale) / 2 + 0.5).clamp(0, 1).permute(0, 2, 3, 1)
    return torch.round(pixels * 255).to(torch.uint8), x


def load_generator(autoencoder, generator):
    encoder, decoder, unet = Encoder(), Decoder(), Unet()
    encoder.load_state_dict(autoencoder["encoder"])
    decoder.load_state_dict(autoencoder["decoder"])
    unet.load_state_dict(generator["unet"])
    return rounded(encoder), rounded(decoder), rounded(unet), generator["scale"]


def generator(parts, out, embeds):
    encoder, decoder, unet, scale = parts
    free = {0: "batch"}
    latents, t = torch.randn(2, 4, 16, 16), torch.tensor(500)
    graph("unet", unet, {"sample": latents, "timestep": t, "image_embeds": embeds[:2]}, ["out_sample"],
          {"sample": free, "image_embeds": free, "out_sample": free}, out,
          {"in_channels": 4, "sample_size": SIDE // 4})  # fmt: skip
    graph("vae_encoder", encoder, {"sample": torch.randn(2, 3, SIDE, SIDE)}, ["latent_parameters"],
          {"sample": free, "latent_parameters": free}, out)  # fmt: skip
    graph("vae_decoder", decoder, {"latent_sample": latents}, ["sample"], {"latent_sample": free, "sample": free}, out)
    (out / "scheduler").mkdir(exist_ok=True)
    (out / "scheduler/scheduler_config.json").write_text(json.dumps(SCHEDULER, indent=2) + "\n")
    image, made = sample(unet, decoder, scale, embeds[:1], [SEED])
    save_file(
        {"image": image[0].contiguous(), "embeddings": embeds[:1].contiguous(), "latents": made},
        out / "golden.safetensors",
        metadata={"seed": str(SEED), "steps": str(STEPS), "guidance": str(GUIDANCE)},
    )
    facts = {
        "unconditional": "zeros", "embedding-scaling": "unit", "steps": str(STEPS), "guidance": str(GUIDANCE)
    }  # fmt: skip
    manifest(
        out, "image-embedding-diffusion", "Embedded latent diffusion, 64 by 64 pixels", facts, scaling={"vae": scale}
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("weights", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    torch.set_grad_enabled(False)
    load = lambda name: torch.load(args.weights / f"{name}.pt")  # noqa: E731
    _, text, _ = towers(load("towers"), args.out / "towers")
    words = load("towers")["words"]
    lines = ["a big red cat at the top, on a sandy beach", "in a living room, three tiny blue clocks on the right",
             "two large yellow tents in the middle, in a grassy meadow", "a huge green tree on the left, at night under the moon"]  # fmt: skip
    embeds = text(torch.from_numpy(encode(lines, words)))
    captioner(load("captioner"), args.out / "captioner", embeds)
    generator(load_generator(load("autoencoder"), load("generator")), args.out / "generator", embeds)
    for file in sorted(args.out.rglob("*")):
        if file.is_file():
            print(f"{file.stat().st_size:9d} {file.relative_to(args.out)}")


if __name__ == "__main__":
    main()
