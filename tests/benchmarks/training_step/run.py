"""A training step of MindEye's shape: Noesis against Python torch of the same libtorch version.

    python3 tests/benchmarks/training_step/run.py [RUNS] [THREADS] [TORCH_PYTHON] [DEVICE]

Needs `mvn -pl alignment -am compile` before, and a Python with torch 2.10.0 and safetensors (the third
argument; default: this one). Both sides start from the same weights and rows (make_start.py), draw the
same dropout, and run 24 steps, of which the first 4 are not timed. Whole processes, alternating; median
over all timed steps of all runs; peak memory by wait4. "Work" is the processors' time in a step, of all
threads: it moves less than the clock where other programs run beside.

DEVICE is cpu (the default), cuda or cuda:n. On a card it needs the jars of the Maven profile 'cuda' and a
torch for cards; there Python draws its dropout on the card, so that losses differ. Never run on a card so
far.
"""
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
OURS, PLAIN, MALLOC, FUSED = (
    "Noesis",
    "Python torch, its defaults",
    "Python torch, the same allocator settings",
    "Python torch, the same allocator settings and fused AdamW",
)
ALLOCATOR = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": "2000000000",
    "MALLOC_TOP_PAD_": "200000000",
    "OMP_WAIT_POLICY": "passive",
}


def library(device):
    """The jars that the launcher puts beside the program, from the local Maven repository."""
    repository = pathlib.Path.home() / ".m2/repository"
    wanted = {
        "pytorch-2.10.0-1.5.13", "pytorch-2.10.0-1.5.13-linux-x86_64", "openblas-0.3.31-1.5.13",
        "openblas-0.3.31-1.5.13-linux-x86_64", "javacpp-1.5.13", "javacpp-1.5.13-linux-x86_64",
        "jna-5.17.0", "jackson-core-2.19.4", "jackson-databind-2.19.4", "jackson-annotations-2.19.4",
        "tribuo-util-onnx-4.3.2", "protobuf-java-3.25.6",
    }
    if device != "cpu":
        wanted |= {"pytorch-2.10.0-1.5.13-linux-x86_64-gpu", "cuda-13.1-9.19-1.5.13",
                   "cuda-13.1-9.19-1.5.13-linux-x86_64"}
        wanted -= {"pytorch-2.10.0-1.5.13-linux-x86_64"}
    return [p for p in repository.rglob("*.jar") if p.stem in wanted]


def measure(command, more):
    process = subprocess.Popen(
        [str(c) for c in command], stdout=subprocess.PIPE, env={**os.environ, **more}, text=True
    )
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return {**json.loads(out), "peak": usage.ru_maxrss * 1024}


def machine(python, threads, device):
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if "model name" in l), "?")
    java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.splitlines()[1]
    torch = subprocess.run(
        [python, "-c", "import torch; print(torch.__version__)"], capture_output=True, text=True
    ).stdout.strip()
    return (f"{model}, {os.cpu_count()} cores, load average before {os.getloadavg()[0]:.1f}; "
            f"{platform.platform()}; {java}; Python torch {torch}; {threads} threads each, device {device}")


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    threads = sys.argv[2] if len(sys.argv) > 2 else "2"
    python = sys.argv[3] if len(sys.argv) > 3 else sys.executable
    device = sys.argv[4] if len(sys.argv) > 4 else "cpu"
    print("Machine:", machine(python, threads, device))
    with tempfile.TemporaryDirectory(prefix="noesis-training-step-") as name:
        parameters = subprocess.run(
            [python, HERE / "make_start.py", name], check=True, capture_output=True, text=True
        ).stdout.strip()
        modules = [ROOT / m / "target/classes" for m in ("ingest", "encoders", "alignment")]
        path = os.pathsep.join(map(str, [*modules, *library(device)]))
        subprocess.run(["javac", "-cp", path, "-d", name, HERE / "TrainingStep.java"], check=True)
        commands = {
            OURS: (["java", "-Xmx600m", "-cp", f"{path}:{name}", "TrainingStep", name, threads,
                    device], {}),
            PLAIN: ([python, HERE / "training_step.py", name, threads, "plain", device], {}),
            MALLOC: ([python, HERE / "training_step.py", name, threads, "plain", device], ALLOCATOR),
            FUSED: ([python, HERE / "training_step.py", name, threads, "fused", device], ALLOCATOR),
        }
        results = {label: [] for label in commands}
        for _ in range(runs):
            for label, (command, more) in commands.items():
                results[label].append(measure(command, more))
        report(results, parameters, runs)


def report(results, parameters, runs):
    print(f"\n{int(parameters):,} weights, batches of 256. Median over the steps of {runs} runs.\n")
    print("| | median ms | fastest ms | slowest ms | work ms | peak memory MB | last loss |")
    print("|---|---|---|---|---|---|---|")
    median, peak, work = {}, {}, {}
    for label, seen in results.items():
        steps = [ms for run in seen for ms in run["ms"][4:]]
        median[label] = statistics.median(steps)
        work[label] = statistics.median(ms for run in seen for ms in run["cpu"][4:])
        peak[label] = statistics.median(run["peak"] for run in seen) / 1e6
        print(f"| {label} | {median[label]:.1f} | {min(steps):.1f} | {max(steps):.1f} | "
              f"{work[label]:.1f} | "
              f"{peak[label]:.0f} | {seen[0]['losses'][-1]:.4f} |")
    difference = max(
        abs(a - b) for a, b in zip(results[OURS][0]["losses"], results[PLAIN][0]["losses"])
    )
    print(f"\nFaster than Python's defaults by {median[PLAIN] / median[OURS]:.2f} (wanted: at least 1.4), "
          f"than with the same allocator settings by {median[MALLOC] / median[OURS]:.2f} (wanted: at "
          f"least 1), with fused AdamW also by {median[FUSED] / median[OURS]:.2f}.")
    print(f"Work of processors per step: {work[PLAIN] / work[OURS]:.2f} x less than Python's defaults, "
          f"{work[MALLOC] / work[OURS]:.2f} x than with the same allocator settings, "
          f"{work[FUSED] / work[OURS]:.2f} x with fused AdamW also. Load average after: "
          f"{os.getloadavg()[0]:.1f}.")
    print(f"Largest difference of the losses of 24 steps: {difference:.1e} (wanted: below 5e-4). "
          f"Peak memory {peak[OURS] / peak[MALLOC]:.2f} x Python's with the same settings "
          "(wanted: at most 1.10).")


if __name__ == "__main__":
    main()
