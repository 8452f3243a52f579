"""What the export scripts of this folder share: graphs, manifest, golden files, tiny text encoders."""

import hashlib
import importlib.machinery
import json
import sys
import types
from pathlib import Path

import torch

# transformers imports torchaudio where it is installed, and fails where its CUDA differs from torch's.
sys.modules["torchaudio"] = types.ModuleType("torchaudio")
sys.modules["torchaudio"].__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)

import files  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402

OPSET = 18
TYPES = {1: "float32", 7: "int64", 6: "int32", 9: "bool", 10: "float16"}


def export(module, inputs, outputs, free, folder, config=None, slim=False):
    """Writes folder/model.onnx (and config.json). `free` names the axes that may vary, by input or output."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "model.onnx"
    torch.onnx.export(
        module.eval(), tuple(inputs.values()), str(file), input_names=list(inputs), output_names=outputs,
        dynamic_axes=free, opset_version=OPSET, dynamo=False)
    # ONNX Runtime would save its casts to float32 with it.
    if slim and DTYPE == "float32":
        small(file)
    if config is not None:
        (folder / "config.json").write_text(json.dumps(settled(dict(config)), indent=2, default=str) + "\n")


def settled(config):
    """The same in one order: diffusers keeps the names of its defaults as a set."""
    return {k: sorted(v) if k == "_use_default_values" else v for k, v in config.items()}


def save_scheduler(scheduler, folder):
    scheduler.save_pretrained(folder)
    file = folder / "scheduler_config.json"
    file.write_text(json.dumps(settled(json.loads(file.read_text())), indent=2) + "\n")


# What --dtype says. Of a picture by networks of float16 so many grey levels may differ elsewhere.
DTYPE, LEVELS = "float32", {"float32": 2, "float16": 16}


def precision(parser):
    """--dtype, for what is called at every step; text encoders and autoencoders, called once, stay float32."""
    parser.add_argument("--dtype", choices=list(LEVELS), default="float32", help=(
        "of weights and products of the network, also a ControlNet; its inputs and outputs stay float32"))


def lighten(*models):
    """With --dtype float16: 16 bits inside, 32 at the edges. A pipeline stands for its networks."""
    names = ("unet", "image_unet", "controlnet")
    for model in models:
        if isinstance(model, torch.nn.ModuleList):
            lighten(*model)
        elif not isinstance(model, torch.nn.Module):
            lighten(*(part for name in names if (part := getattr(model, name, None)) is not None))
        elif hasattr(model, "nets"):
            lighten(*model.nets)
        elif DTYPE == "float16" and "forward" not in vars(model):
            halve(model)


def halve(model):
    inner = model.half().forward

    def forward(*given, **named):
        return cast(inner(*cast(given, torch.float16), **cast(named, torch.float16)), torch.float32)

    model.forward = forward
    # Pipelines make their noise in what the network says that it is.
    model.__class__ = type(type(model).__name__, (type(model),), {"dtype": property(lambda _: torch.float32)})


def cast(value, kind):
    """Floats of one axis and more; a time step keeps its digits."""
    if isinstance(value, torch.Tensor):
        return value.to(kind) if value.is_floating_point() and value.dim() > 0 else value
    if isinstance(value, (list, tuple)):
        return type(value)(cast(v, kind) for v in value)
    if isinstance(value, dict):
        made = {k: cast(v, kind) for k, v in value.items()}
        return made if type(value) is dict else type(value)(**made)
    return value


def small(file):
    """For test resources: constants folded, names of inner tensors short. The numbers stay the same."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(file) + ".small"
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    model = onnx.load(str(file) + ".small")
    Path(str(file) + ".small").unlink()
    graph, names = model.graph, {"": ""}
    for port in list(graph.input) + list(graph.output):
        names[port.name] = port.name
    def short(name):
        return names.setdefault(name, f"t{len(names)}")
    for node in graph.node:
        node.name = ""
        node.doc_string = ""
        node.input[:] = [short(n) for n in node.input]
        node.output[:] = [short(n) for n in node.output]
        del node.metadata_props[:]
    for weight in graph.initializer:
        weight.name = short(weight.name)
        weight.doc_string = ""
    del graph.value_info[:]
    del model.metadata_props[:]
    onnx.save(model, str(file))


def ports(values):
    out = []
    for value in values:
        kind = value.type.tensor_type
        axes = [str(d.dim_value) if d.HasField("dim_value") else (d.dim_param or "any") for d in kind.shape.dim]
        out.append({"name": value.name, "type": TYPES[kind.elem_type], "axes": axes})
    return out


def manifest(out, kind, title, space=None, facts=None, scaling=None, licence="that of the checkpoint", source="",
             pretraining=()):
    """Writes noesis-model.yaml over everything in the folder: graphs with their ports, files with hashes."""
    # A JSON text is a YAML text.
    graphs = []
    for file in sorted(out.glob("*/model.onnx")):
        graph = onnx.load(str(file), load_external_data=False).graph
        weights = {w.name for w in graph.initializer}
        graphs.append({"role": file.parent.name, "path": file.relative_to(out).as_posix(),
                       "inputs": ports([i for i in graph.input if i.name not in weights]),
                       "outputs": ports(graph.output)})
    files = []
    for file in sorted(p for p in out.rglob("*") if p.is_file() and p.name != "noesis-model.yaml"):
        files.append({"path": file.relative_to(out).as_posix(), "bytes": file.stat().st_size,
                      "sha256": hashlib.sha256(file.read_bytes()).hexdigest()})
    name = "".join(c if c.isalnum() else "-" for c in out.name.lower()).strip("-")
    tree = {"name": name, "kind": kind, "title": title, "licence": licence, "source": source or out.name,
            "citation": "not stated", "pretraining": list(pretraining), "files": files,
            "facts": {k: str(v) for k, v in (facts or {}).items()}, "dialect": "noesis", "graphs": graphs,
            "scaling": scaling or {}}
    if space:
        tree["space"] = space
    (out / "noesis-model.yaml").write_text(json.dumps(tree, indent=1) + "\n")


class TextEncoder(torch.nn.Module):
    """Token ids to those outputs of a CLIP text model: last_hidden_state, text_embeds, hidden_states.K."""

    def __init__(self, model, outputs):
        super().__init__()
        self.model, self.outputs = model, outputs

    def forward(self, input_ids):
        found = self.model(input_ids, output_hidden_states=True)
        return tuple(found.hidden_states[int(n.split(".")[1])] if "." in n else found[n] for n in self.outputs)


def text_encoder(model, outputs, folder, slim=False):
    free = {name: {0: "batch"} for name in ["input_ids", *outputs]}
    export(TextEncoder(model, outputs), {"input_ids": torch.zeros(2, 77, dtype=torch.int64)}, outputs, free, folder,
           model.config.to_dict(), slim)


def tiny_tokenizer():
    from transformers import CLIPTokenizer
    letters = [chr(c) for c in list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))]
    letters += [chr(256 + i) for i in range(256 - len(letters))]
    merges = [("c", "a"), ("ca", "t</w>"), ("d", "o"), ("do", "g</w>"), ("t", "h"), ("th", "e</w>"), ("o", "f</w>")]
    tokens = letters + [c + "</w>" for c in letters] + ["".join(m) for m in merges]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    vocab = {t: i for i, t in enumerate(tokens)}
    return CLIPTokenizer(vocab=vocab, merges=merges, model_max_length=77), vocab, merges


def tiny_text(width=8, projection=None, pad=None):
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection
    size = len(tiny_tokenizer()[1])
    config = CLIPTextConfig(
        vocab_size=size, hidden_size=width, intermediate_size=8, num_hidden_layers=2, num_attention_heads=2,
        bos_token_id=size - 2, eos_token_id=size - 1, pad_token_id=size - 1 if pad is None else pad,
        projection_dim=projection or width)
    model = CLIPTextModelWithProjection(config) if projection else CLIPTextModel(config)
    # Random embeddings of CLIP are tiny; larger ones make prompts differ.
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "embedding" in name:
                weight *= 20
    return model.eval()


def plain_text(width, inner):
    """CLIP's text model as its class starts it."""
    from transformers import CLIPTextConfig, CLIPTextModel
    size = len(tiny_tokenizer()[1])
    return CLIPTextModel(CLIPTextConfig(
        vocab_size=size, hidden_size=width, intermediate_size=inner, num_hidden_layers=2, num_attention_heads=2,
        bos_token_id=size - 2, eos_token_id=size - 1, pad_token_id=size - 1))


def tokenizer_files(tokenizer, folder, tiny=False):
    if not tiny:
        tokenizer.save_pretrained(folder)
        return
    folder.mkdir(parents=True, exist_ok=True)
    _, vocab, merges = tiny_tokenizer()
    (folder / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
    (folder / "special_tokens_map.json").write_text(json.dumps({"pad_token": "<|endoftext|>"}))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "CLIPTokenizer", "model_max_length": 77}))


def index(out, class_name, components, **flags):
    """model_index.json, the layout of optimum."""
    import diffusers
    tree = {"_class_name": class_name, "_diffusers_version": diffusers.__version__, **flags, **components}
    (out / "model_index.json").write_text(json.dumps(tree, indent=1) + "\n")


def levels(pictures):
    """[n, 3, h, w] in [-1, 1] to uint8 [n, h, w, 3]."""
    return ((pictures / 2 + 0.5).clamp(0, 1).permute(0, 2, 3, 1) * 255).round().to(torch.uint8).contiguous()


def golden(out, image, tensors, **settings):
    if DTYPE != "float32":
        settings["levels"] = LEVELS[DTYPE]
    files.save({"image": image, **tensors}, out / "golden.safetensors", {k: str(v) for k, v in settings.items()})


SD = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def tiny_unet(**more):
    import diffusers
    settings = dict(
        sample_size=16, block_out_channels=(4, 8), layers_per_block=1, norm_num_groups=2, cross_attention_dim=8,
        attention_head_dim=4, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), mid_block_type=None)
    unet = diffusers.UNet2DConditionModel(**{**settings, **more})
    with torch.no_grad():
        unet.conv_out.weight *= 3
        for name, weight in unet.named_parameters():
            # Random attention is nearly uniform; larger products make the conditions count.
            if "attn2" in name and "weight" in name:
                weight *= 3
    return unet.eval()
