"""Take the weights out of a pack again, to train on: weights.py --from-pack PACK OUT [--pictures PICTURES]

PACK holds towers/, captioner/ and generator/ as export.py wrote them; OUT gets towers.pt, captioner.pt,
autoencoder.pt and generator.pt. Which number of a graph is which weight is not told by names: the exporter folds and
renames. So the same networks with random weights are written the same way; what a node takes in one graph, the same
node takes in the other. At the end every graph and its network are run side by side, and must agree.

What a pack does not hold: the temperature of the towers (put back to where training starts it), moments of the
optimizer, and, without --pictures, the mean embedding `middle`. Batch norms come back folded into their
convolutions, at mean 0 and variance 1.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper

from export import NextWord, Prefix, common
from networks import BOS, MEAN, SIDE, STD, WIDTH, Captioner, Decoder, Encoder, ImageTower, TextTower, Unet
from training import ATTRIBUTES, Pictures, write_json

TOLERANCE = 2e-4
# As export.py leaves them free; what is not named here, in the batch alone.
FREE = {"input_ids": {0: "batch", 1: "tokens"}, "prefix": {0: "batch", 1: "k"}}


class Read(torch.nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.head = torch.nn.Linear(WIDTH, classes)

    def forward(self, embeds):
        return self.head(embeds / torch.sqrt((embeds * embeds).sum(-1, keepdim=True) + 1e-12))


def slots(graph):
    """What nodes take of stored numbers, in order, and the nodes' kinds; a widening cast is not a node here."""
    stored = {w.name: numpy_helper.to_array(w) for w in graph.initializer}
    kinds, taken = [], []
    for node in graph.node:
        if node.op_type == "Cast" and node.input[0] in stored:
            stored[node.output[0]] = stored[node.input[0]].astype(np.float32)
            continue
        kinds.append(node.op_type)
        taken += [stored[name] for name in node.input if name in stored]
    return kinds, taken


def scattered(module):
    """Random everywhere, so that every weight is known by its values; batch norms fold away to nothing."""
    torch.manual_seed(0)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_()
        for part in module.modules():
            if isinstance(part, torch.nn.BatchNorm2d):
                part.running_mean.zero_()
                part.running_var.fill_(1)
                part.weight.fill_((1 + part.eps) ** 0.5)
    return module.eval()


def used(module, inputs):
    """The parameters that the output depends on; a graph holds no others."""
    named = dict(module.named_parameters())
    with torch.enable_grad():
        found = torch.autograd.grad(module(*inputs.values()).sum(), list(named.values()), allow_unused=True)
    return {name: p for (name, p), gradient in zip(named.items(), found) if gradient is not None}


def same(a, b):
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-4, atol=1e-5)


def filled(module, file, inputs, outputs, free):
    """The module with the weights of a graph."""
    scattered(module)
    with tempfile.TemporaryDirectory() as folder:
        common.export(module, inputs, outputs, free, Path(folder))
        kinds, known = slots(onnx.load(f"{folder}/model.onnx").graph)
    held, taken = slots(onnx.load(str(file)).graph)
    if [k for k in held if k != "Constant"] != [k for k in kinds if k != "Constant"] or len(taken) != len(known):
        raise SystemExit(f"{file}: not the graph that this version of torch ({torch.__version__}) writes")
    left = used(module, inputs)
    made = {}
    for probe, value in zip(known, taken):
        for name, parameter in left.items():
            was = parameter.detach().numpy()
            if same(probe, was):
                made[name] = value
            elif was.ndim == 2 and same(probe, was.T):
                made[name] = value.T
            elif probe.size == was.size and same(probe.ravel(), was.ravel()):
                made[name] = value.reshape(was.shape)
            else:
                continue
            del left[name]
            break
    norms = {f"{n}.weight" for n, part in module.named_modules() if isinstance(part, torch.nn.BatchNorm2d)}
    if left.keys() - norms:
        raise SystemExit(f"{file}: no weights for {', '.join(sorted(left.keys() - norms))}")
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if name in made:
                parameter.copy_(torch.from_numpy(made[name].copy()))
    return module


@torch.no_grad()
def proven(module, file, inputs):
    """Graph and network give the same, to TOLERANCE of the largest number."""
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    want = session.run(None, {k: v.numpy() for k, v in inputs.items()})[0]
    found = module(*inputs.values()).numpy()
    off = float(np.abs(want - found).max() / np.abs(want).max())
    print(f"{file.parent.parent.name}/{file.parent.name}: largest difference {off:.1e} of the largest number")
    if not off < TOLERANCE:
        raise SystemExit(f"{file}: network and graph differ by {off:.1e}, expected at most {TOLERANCE}")


def taken(pack, role, module, inputs, output):
    file = pack / role / "model.onnx"
    free = {name: FREE.get(name, {0: "batch"}) for name in (*inputs, output) if name != "timestep"}
    filled(module, file, inputs, [output], free)
    torch.manual_seed(1)
    proven(module, file, {k: torch.randn_like(v) if v.is_floating_point() else v for k, v in inputs.items()})
    return module


@torch.no_grad()
def towers(pack):
    facts = json.loads((pack / "noesis-model.yaml").read_text())["facts"]
    values = [facts[f"values-of-{a}"].split(",") for a in ATTRIBUTES]
    ids = json.loads((pack / "tokenizer/tokenizer.json").read_text())["model"]["vocab"]
    words = sorted(ids, key=ids.get)
    image = taken(pack, "vision", ImageTower(), {"pixel_values": torch.randn(2, 3, SIDE, SIDE)}, "image_embeds")
    some = torch.tensor([[1, 9, 8, 7, 2, 0], [1, 5, 6, 7, 8, 2]])
    text = taken(pack, "text", TextTower(len(words)), {"input_ids": some}, "text_embeds")
    widths = [len(v) for v in values]
    head = taken(pack, "attributes", Read(sum(widths)), {"embeds": torch.randn(2, WIDTH)}, "logits").head
    reads = {}
    for k, (w, b) in enumerate(zip(head.weight.split(widths), head.bias.split(widths))):
        reads |= {f"{k}.weight": w / 10, f"{k}.bias": b / 10}
    return {"image": image.state_dict(), "text": text.state_dict(), "reads": reads, "heat": torch.tensor(2.3),
            "words": words, "values": values}  # fmt: skip


@torch.no_grad()
def captioner(pack, words):
    model = Captioner(len(words))
    taken(pack, "decoder", NextWord(model),
          {"prefix": torch.randn(2, 6, model.width), "input_ids": torch.tensor([[BOS, 5, 6]] * 2)}, "logits")  # fmt: skip
    body = {k: v.clone() for k, v in model.state_dict().items()}
    taken(pack, "prefix", Prefix(model), {"embedding": torch.randn(2, WIDTH)}, "prefix")
    ahead = {k: v for k, v in model.state_dict().items() if k.startswith("project")}
    return {"captioner": {**body, **ahead}, "words": words}


@torch.no_grad()
def generator(pack):
    latents = torch.randn(2, 4, SIDE // 4, SIDE // 4)
    given = {"sample": latents, "timestep": torch.tensor(500), "image_embeds": torch.randn(2, WIDTH)}
    unet = taken(pack, "unet", Unet(), given, "out_sample")
    scale = json.loads((pack / "noesis-model.yaml").read_text())["scaling"]["vae"]
    encoder = taken(pack, "vae_encoder", Encoder(), {"sample": torch.randn(2, 3, SIDE, SIDE)}, "latent_parameters")
    decoder = taken(pack, "vae_decoder", Decoder(), {"latent_sample": latents}, "sample")
    return {"encoder": encoder.state_dict(), "decoder": decoder.state_dict()}, {"unet": unet.state_dict(), "scale": scale}


@torch.no_grad()
def middle(tower, folder):
    """The mean embedding of all training pictures."""
    image = ImageTower().eval()
    image.load_state_dict(tower)
    pictures = Pictures(folder, "train")
    mean, std = torch.tensor(MEAN).view(3, 1, 1), torch.tensor(STD).view(3, 1, 1)
    total = torch.zeros(WIDTH)
    for start in range(0, len(pictures), 256):
        x = pictures.batch(np.arange(start, min(start + 256, len(pictures))))
        total += image((x - mean) / std).sum(0)
    return total / len(pictures)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--from-pack", type=Path, required=True)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pictures", help="folder of TrainingPictures, for the mean embedding")
    args = parser.parse_args()
    tower = towers(args.from_pack / "towers")
    told = captioner(args.from_pack / "captioner", tower["words"])
    autoencoder, drawn = generator(args.from_pack / "generator")
    if args.pictures:
        drawn["middle"] = middle(tower["image"], args.pictures)
    args.out.mkdir(parents=True, exist_ok=True)
    for name, state in (("towers", tower), ("captioner", told), ("autoencoder", autoencoder), ("generator", drawn)):
        torch.save(state, args.out / f"{name}.pt")
    card = args.from_pack / "card.json"
    for name, run in (json.loads(card.read_text()).get("training", {}) if card.exists() else {}).items():
        write_json(args.out / f"{name}.pt.json", run)


if __name__ == "__main__":
    main()
