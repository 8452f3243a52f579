"""A random Stable Diffusion of the shapes of the real one, small enough for a processor: about 25 million weights.

    python make_pack.py OUT

Latents 32 x 32 x 4, channels 64 / 128 / 256, text tokens 77 x 256, pictures 128 x 128.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "reconstruction/export"))
import stable_diffusion as export  # noqa: E402
import diffusers  # noqa: E402
import torch  # noqa: E402
from transformers import CLIPTextConfig, CLIPTextModel  # noqa: E402


def main():
    torch.set_grad_enabled(False)
    pipeline, vocabulary = export.tiny(1)
    size = pipeline.text_encoder.config.vocab_size
    pipeline.text_encoder = CLIPTextModel(CLIPTextConfig(
        vocab_size=size, hidden_size=256, intermediate_size=1024, num_hidden_layers=4, num_attention_heads=8,
        bos_token_id=size - 2, eos_token_id=size - 1, pad_token_id=size - 1)).eval()
    pipeline.unet = diffusers.UNet2DConditionModel(
        sample_size=32, block_out_channels=(64, 128, 256), layers_per_block=2, cross_attention_dim=256,
        attention_head_dim=8, down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D")).eval()
    pipeline.vae = diffusers.AutoencoderKL(
        block_out_channels=(32, 64, 64), down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3, latent_channels=4, sample_size=128).eval()
    print("weights of the network", sum(p.numel() for p in pipeline.unet.parameters()))
    pipeline.scheduler = diffusers.DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False,
        steps_offset=1)
    export.write(pipeline, vocabulary, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
