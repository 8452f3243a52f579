"""A prefix captioner of GPT-2's shape with random weights, as a pack: make_pack.py OUT LAYERS WIDTH EMBEDDINGS."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "reconstruction/export"))
import clipcap  # noqa: E402
import packs  # noqa: E402
import torch  # noqa: E402
from transformers import GPT2Config, GPT2LMHeadModel  # noqa: E402


def main():
    out, layers, width = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    torch.set_grad_enabled(False)
    torch.manual_seed(1)
    gpt = GPT2LMHeadModel(GPT2Config(
        n_layer=layers, n_embd=width, n_head=width // 64, initializer_range=0.15, attn_implementation="eager")).eval()
    mapper = clipcap.Mlp(512, 5 * width, 10, width).eval()
    tokenizer = packs.byte_pairs(["red"])
    out.mkdir(parents=True)
    graphs = clipcap.graphs(mapper, gpt, 512, out)
    packs.save_tokenizer(tokenizer, out)
    # No sentence ends before its 20 words: both sides do the same work.
    packs.manifest(out, {
        **clipcap.tiny_told(),
        "facts": {"captioner": "prefix", "scaling": "raw", "start": "", "stop": "", "max-tokens": "20"},
        "space": {"model": "random", "layer": "image_embeds", "dimension": 512, "tokens": 1}}, graphs)
    torch.nn.functional.normalize(torch.randn(int(sys.argv[4]), 512), dim=1).numpy().tofile(out.parent / "embeddings.f32")


if __name__ == "__main__":
    main()
