"""Export the decoder of T5 or BART, fed with encoder states from outside, into the folder layout that Noesis reads.

    python t5.py CHECKPOINT OUT --states 257 [--space NAME]     a folder or hub name of either class
    python t5.py --tiny SEED OUT [--family t5|bart]             random weights of the same classes, for tests

The encoder is left out: the states are decoded from the brain (GLIM, arXiv:2505.17099), [batch, --states, dim].
cross.onnx makes the keys and values that every word looks at, once per caption; decoder.onnx gives the next word.
Written also: noesis-model.yaml, tokenizer/ and golden.safetensors, as CAPTIONERS.md here describes. Run with the versions
of requirements.txt.
"""

import argparse
from pathlib import Path

import packs
import torch
from transformers import (
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    BartConfig,
    BartForConditionalGeneration,
    DynamicCache,
    EncoderDecoderCache,
    T5Config,
    T5ForConditionalGeneration,
)
from transformers.cache_utils import DynamicLayer
from transformers.modeling_outputs import BaseModelOutput


def filled(flat):
    """A cache of transformers that holds these keys and values."""
    cache = DynamicCache()
    for key, value in zip(flat[0::2], flat[1::2]):
        layer = DynamicLayer()
        layer.lazy_initialization(key, value)
        layer.keys, layer.values = key, value
        cache.layers.append(layer)
    return cache


def attentions(model):
    """The cross attention of every layer with its heads, and the names of its two projections."""
    if isinstance(model, T5ForConditionalGeneration):
        found = [block.layer[1].EncDecAttention for block in model.decoder.block]
        return [(a.k, a.v, a.n_heads) for a in found]
    found = [layer.encoder_attn for layer in model.model.decoder.layers]
    return [(a.k_proj, a.v_proj, a.num_heads) for a in found]


class Cross(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, encoder_hidden_states):
        out = []
        batch, states, _ = encoder_hidden_states.shape
        for key, value, heads in attentions(self.model):
            for part in (key, value):
                out.append(part(encoder_hidden_states).view(batch, states, heads, -1).transpose(1, 2))
        return tuple(out)


class Decoder(torch.nn.Module):
    """The logits of the next word; `tensors` are keys and values of the states, then those of earlier words."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, beam_idx, *tensors):
        half = len(tensors) // 2
        cross, past = tensors[:half], [tensor.index_select(0, beam_idx) for tensor in tensors[half:]]
        cache = EncoderDecoderCache(filled(past), filled(cross))
        # Only its number of states is asked for: keys and values are there.
        told = {"input_ids": input_ids, "attention_mask": packs.causal(past[0].shape[2], input_ids.shape[1]),
                "encoder_hidden_states": cross[0][:, 0], "past_key_values": cache, "use_cache": True}
        model = self.model
        if isinstance(model, T5ForConditionalGeneration):
            hidden = model.decoder(**told).last_hidden_state[:, -1]
            if model.config.scale_decoder_outputs:
                hidden = hidden * model.model_dim**-0.5
            logits = model.lm_head(hidden)
        else:
            logits = model.lm_head(model.model.decoder(**told).last_hidden_state[:, -1]) + model.final_logits_bias
        flat = [t for layer in cache.self_attention_cache.layers for t in (layer.keys, layer.values)]
        return (logits, *flat)


def tiny(seed, family):
    torch.manual_seed(seed)
    tokenizer = packs.unigrams(["red", "blue", "circle", "square", "a", "on", "the"])
    size = tokenizer.get_vocab_size()
    if family == "t5":
        model = T5ForConditionalGeneration(T5Config(
            vocab_size=size, d_model=16, d_kv=8, d_ff=32, num_layers=2, num_decoder_layers=2, num_heads=3,
            relative_attention_num_buckets=8, relative_attention_max_distance=12, pad_token_id=0, eos_token_id=1,
            decoder_start_token_id=0, initializer_factor=3.0, attn_implementation="eager")).eval()
    else:
        model = BartForConditionalGeneration(BartConfig(
            vocab_size=size, d_model=16, encoder_layers=1, decoder_layers=2, encoder_attention_heads=2,
            decoder_attention_heads=2, encoder_ffn_dim=32, decoder_ffn_dim=32, max_position_embeddings=64,
            pad_token_id=0, bos_token_id=0, eos_token_id=1, decoder_start_token_id=1, forced_eos_token_id=None,
            init_std=0.8, attn_implementation="eager")).eval()
    return model, tokenizer


def greedy(model, states, stop, longest):
    ids = [model.config.decoder_start_token_id]
    while len(ids) <= longest and (len(ids) == 1 or ids[-1] != stop):
        logits = model(encoder_outputs=BaseModelOutput(last_hidden_state=states),
                       decoder_input_ids=torch.tensor([ids]), use_cache=False).logits
        ids.append(int(logits[0, -1].argmax()))
    return ids[1:]


def write(model, tokenizer, out, told, space, states, longest):
    out.mkdir(parents=True, exist_ok=True)
    config, dim = model.config, model.config.d_model
    layers = len(attentions(model))
    crossed = [f"cross.{i}.{part}" for i in range(layers) for part in ("key", "value")]
    cross = packs.export(
        Cross(model), {"encoder_hidden_states": torch.randn(2, 4, dim)}, crossed,
        {"encoder_hidden_states": {0: "batch", 1: "states"}, **{name: {0: "batch", 2: "states"} for name in crossed}},
        out / "cross.onnx")
    made = Cross(model)(torch.randn(3, 4, dim))
    heads, head = made[0].shape[1], made[0].shape[3]
    names = packs.past_names(layers, "past_key_values")
    inputs = {"input_ids": torch.ones(3, 2, dtype=torch.int64), "beam_idx": torch.tensor([0, 1, 1])}
    inputs.update(dict(zip(crossed, made)))
    inputs.update({name: torch.randn(2, heads, 3, head) for name in names})
    free = {"input_ids": {0: "batch", 1: "tokens"}, "beam_idx": {0: "batch"}, "logits": {0: "batch"},
            **{name: {0: "batch", 2: "states"} for name in crossed}, **packs.past_axes(layers)}
    decoder = packs.export(
        Decoder(model), inputs, ["logits"] + packs.past_names(layers, "present"), free, out / "decoder.onnx")
    packs.save_tokenizer(tokenizer, out)
    torch.manual_seed(7)
    given = torch.randn(4, states, dim)
    stop = config.eos_token_id
    packs.golden(given, [greedy(model, row[None], stop, longest) for row in given], longest, out)
    packs.manifest(out, {
        **told, "facts": {"captioner": "encoder-decoder", "scaling": "raw", "start": str(config.decoder_start_token_id),
                          "stop": str(stop), "max-tokens": str(longest)},
        "space": {"model": space, "layer": "last_hidden_state", "dimension": dim, "tokens": states}},
        [packs.graph("cross", cross, out), packs.graph("decoder", decoder, out)])


def tiny_told(family):
    return packs.told(f"tiny-{family}", "caption", "random weights, for tests", "CC0-1.0", "t5.py", "none", [])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("out", type=Path)
    parser.add_argument("--space")
    parser.add_argument("--states", type=int, default=257)
    parser.add_argument("--longest", type=int, default=64)
    parser.add_argument("--tiny", type=int, metavar="SEED")
    parser.add_argument("--family", choices=["t5", "bart"], default="t5")
    options = parser.parse_intermixed_args()
    torch.set_grad_enabled(False)
    if options.tiny is not None:
        model, tokenizer = tiny(options.tiny, options.family)
        write(model, tokenizer, options.out, tiny_told(options.family), f"tiny-{options.family}", 5, 12)
        return
    model = AutoModelForSeq2SeqLM.from_pretrained(options.checkpoint, attn_implementation="eager").eval()
    tokenizer = AutoTokenizer.from_pretrained(options.checkpoint).backend_tokenizer
    told = packs.told("encoder-decoder", "caption", "decoder of " + options.checkpoint, "see its model card",
                      options.checkpoint, "arXiv:1910.10683, arXiv:1910.13461", ["see its model card"])
    write(model, tokenizer, options.out, told, options.space or options.checkpoint, options.states, options.longest)


if __name__ == "__main__":
    main()
