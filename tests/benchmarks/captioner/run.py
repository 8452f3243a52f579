"""Captions from embeddings, 20 words each: Noesis against ONNX Runtime's Python on the same graphs.

    python3 tests/benchmarks/captioner/run.py [RUNS] [THREADS] [LAYERS] [WIDTH] [PYTHON] [CLASSPATH] [EMBEDDINGS]

Needs `mvn -pl reconstruction -am compile` before, and a Python with torch, transformers, onnx and onnxruntime.
64 EMBEDDINGS where none are named: about 2 s, of which Java compiles for some 0.1. GPT-2's vocabulary of 50,257; LAYERS x WIDTH 12 x 768 is GPT-2 small. Both sides take 16 rows in a run and hand the
past on without copying it; the same words must come out. One process per measurement, alternating; loading and the
first 16 rows are not measured. "Work" is the time of all processors together.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
LAUNCHER = ["-XX:+UseParallelGC", "-XX:MaxNewSize=256m"]  # What ./noesis starts Java with.
sys.path.insert(0, str(HERE.parent / "ridge"))


def main():
    given = dict(enumerate(sys.argv[1:]))
    runs, threads = int(given.get(0, 3)), given.get(1, "2")
    layers, width, python = given.get(2, "12"), given.get(3, "768"), given.get(4, sys.executable)
    embeddings = given.get(6, "64")
    environment = {**os.environ, "OMP_NUM_THREADS": threads}
    with tempfile.TemporaryDirectory(prefix="noesis-captions-") as folder:
        subprocess.run([python, HERE / "make_pack.py", f"{folder}/pack", layers, width, embeddings], check=True,
                       stderr=subprocess.DEVNULL)
        path = given.get(5, "")
        if not path:
            from run import library  # noqa: E402  The jars of the ridge benchmark.

            modules = [ROOT / m / "target/classes" for m in ("ingest", "encoders", "alignment", "reconstruction")]
            path = os.pathsep.join(map(str, [*modules, *library()]))
        subprocess.run(["javac", "-cp", path, "-d", folder, HERE / "CaptionScale.java"], check=True)
        model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line), "?")
        print(f"Machine: {model}, {os.cpu_count()} cores, load average before {os.getloadavg()[0]:.1f}; "
              f"{threads} threads each; {layers} layers of {width}; {embeddings} embeddings")
        for search in ("greedy", "beam"):
            commands = {"Noesis": ["java", *LAUNCHER, "-Xmx2g", "-cp", f"{path}:{folder}", "CaptionScale", folder, threads, search],
                        "Python": [python, HERE / "captions.py", folder, threads, search]}
            results = {label: [] for label in commands}
            for _ in range(runs):
                for label, command in commands.items():
                    out = subprocess.run([str(c) for c in command], check=True, stdout=subprocess.PIPE, text=True,
                                         env=environment).stdout
                    results[label].append(json.loads(out.splitlines()[-1]))
            same = len({one["sha256"] for all_ in results.values() for one in all_}) == 1
            for label, all_ in results.items():
                seconds = [one["seconds"] for one in all_]
                work = [one["work"] for one in all_]
                print(f"{search:7s}{label:8s} {all_[0]['tokens'] / statistics.median(seconds):8.1f} tokens/s, "
                      f"median {statistics.median(seconds):.2f} s, work {statistics.median(work):.2f} s, "
                      f"all {[round(s, 2) for s in seconds]}")
            ratio = [statistics.median(o[k] for o in results["Python"]) / statistics.median(o[k] for o in results["Noesis"])
                     for k in ("seconds", "work")]
            print(f"{search:7s}ratio {ratio[0]:.2f} on the clock, {ratio[1]:.2f} of work; same words: {same}")
    print(f"Load average after {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()
