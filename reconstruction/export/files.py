"""Files of tensors that are the same, byte for byte, in every run."""

import json

from safetensors.torch import save_file


def save(tensors, file, metadata):
    """safetensors writes its metadata in the order of a hash table, anew in every run: here by name."""
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, file, metadata=metadata)
    content = file.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8:8 + length])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode().ljust(length)
    if len(text) != length:
        raise AssertionError(f"{file}: the header takes {len(text)} bytes in another order, before {length}")
    file.write_bytes(content[:8] + text + content[8 + length:])
