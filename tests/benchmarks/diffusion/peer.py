"""The same graphs in onnxruntime for Python, looped as diffusers does, with its scheduler and torch's noise.

    python peer.py PACK THREADS REPEATS

Prints one line of JSON per run: wall and processor seconds of the calling thread, seconds inside session.run, and at
the end the peak memory of the process in MB.
"""

import importlib.machinery
import json
import sys
import time
import types
from pathlib import Path

sys.modules["torchaudio"] = types.ModuleType("torchaudio")
sys.modules["torchaudio"].__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)

import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
import torch  # noqa: E402
from diffusers import DDIMScheduler  # noqa: E402

STEPS, GUIDANCE = 20, 7.5


def main():
    pack, threads, repeats = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    sessions = {role: onnxruntime.InferenceSession(str(pack / role / "model.onnx"), options)
                for role in ("text_encoder", "unet", "vae_decoder")}
    scheduler = DDIMScheduler.from_pretrained(pack / "scheduler")
    inside = [0.0, 0.0]

    def run(role, **feed):
        wall, cpu = time.perf_counter(), time.thread_time()
        out = sessions[role].run(None, feed)[0]
        inside[0] += time.perf_counter() - wall
        inside[1] += time.thread_time() - cpu
        return out

    for i in range(repeats):
        inside[:] = [0.0, 0.0]
        wall, cpu = time.perf_counter(), time.thread_time()
        # Token ids of "" and "the cat": their values do not change the time.
        ids = np.full((2, 77), 5, dtype=np.int64)
        context = run("text_encoder", input_ids=ids)
        scheduler.set_timesteps(STEPS)
        latents = torch.randn(1, 4, 32, 32, generator=torch.Generator().manual_seed(i)) * scheduler.init_noise_sigma
        for t in scheduler.timesteps:
            rows = scheduler.scale_model_input(torch.cat([latents] * 2), t)
            out = torch.from_numpy(run("unet", sample=rows.numpy(), timestep=np.array(float(t), dtype=np.float32),
                                       encoder_hidden_states=context))
            without, given = out.chunk(2)
            latents = scheduler.step(without + GUIDANCE * (given - without), t, latents).prev_sample
        sample = run("vae_decoder", latent_sample=(latents / 0.18215).numpy())
        image = ((torch.from_numpy(sample) / 2 + 0.5).clamp(0, 1) * 255).round().to(torch.uint8)
        print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.thread_time() - cpu, "inside_wall": inside[0],
                          "inside_cpu": inside[1], "pixels": int(image.sum())}), flush=True)
    status = Path("/proc/self/status").read_text()
    print(json.dumps({"peak_mb": int(status.split("VmHWM:")[1].split()[0]) // 1024}))


if __name__ == "__main__":
    main()
