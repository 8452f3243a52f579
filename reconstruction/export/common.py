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
    if slim:
        small(file)
    if config is not None:
        (folder / "config.json").write_text(json.dumps(dict(config), indent=2, default=str) + "\n")


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
