"""Exact retrieval of queries in batches: Noesis against faiss IndexFlatIP.

    python3 tests/benchmarks/retrieval/run.py [RUNS] [THREADS] [ROWS] [FAISS_PYTHON] [QUERIES,...]

Needs `mvn -pl alignment -am compile` before, and a Python with faiss-cpu and numpy (FAISS_PYTHON;
default: this one). ROWS x 768 float32, the 10 best of each query, so many QUERIES at a time (at most
and by default 1000), 20 searches of each number one after the other. Above 200,000 rows only Noesis
is run, from the file, with a heap of 1 GB. The first search of a process also rounds the gallery;
processes alternate; vectors are read before the clock starts, but not those of a file that is
streamed.
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
sys.path.insert(0, str(HERE.parent / "ridge"))
from run import library  # noqa: E402  The same jars.


def measure(command, environment):
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, text=True,
                               env=environment)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return {**json.loads(out), "peak": usage.ru_maxrss * 1024}


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    threads = sys.argv[2] if len(sys.argv) > 2 else "4"
    rows = sys.argv[3] if len(sys.argv) > 3 else "100000"
    python = sys.argv[4] if len(sys.argv) > 4 else sys.executable
    sizes = sys.argv[5] if len(sys.argv) > 5 else "1000"
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if "model name" in l), "?")
    print(f"Machine: {model}, {os.cpu_count()} cores, load average before {os.getloadavg()[0]:.1f}; "
          f"{threads} threads each; {rows} rows")
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
    with tempfile.TemporaryDirectory(prefix="noesis-retrieval-") as folder:
        subprocess.run([python, HERE / "make_data.py", folder, rows], check=True)
        modules = [ROOT / m / "target/classes" for m in ("ingest", "encoders", "alignment")]
        path = os.pathsep.join(map(str, [*modules, *library()]))
        subprocess.run(["javac", "-cp", path, "-d", folder, HERE / "RetrievalScale.java"], check=True)
        ours = ["java", "-cp", f"{path}:{folder}", "RetrievalScale", folder, threads]
        commands = {"Noesis, from a file": [*ours[:1], "-Xmx1g", *ours[1:], "file", rows, sizes]}
        if int(rows) <= 200_000:
            commands["Noesis"] = [*ours, "memory", rows, sizes]
            commands["faiss IndexFlatIP"] = [python, HERE / "faiss_flat.py", folder, threads, sizes]
        results = {label: [] for label in commands}
        for _ in range(runs):
            for label, command in commands.items():
                results[label].append(measure(command, environment))
        for size in sizes.split(","):
            report(results, size, folder, runs, python)
    print(f"Load average after {os.getloadavg()[0]:.1f}.")


def report(results, size, folder, runs, python):
    print(f"\nMedian of {runs} x 20 searches of {size} queries.\n")
    print("| | median s | fastest s | slowest s | ms per query | median CPU s | peak memory MB |")
    print("|---|---|---|---|---|---|---|")
    median, cpu = {}, {}
    for label, seen in results.items():
        seconds = [s for run in seen for s in run[size]["seconds"]]
        median[label] = statistics.median(seconds)
        cpu[label] = statistics.median(s for run in seen for s in run[size]["cpu"])
        peak = max(run["peak"] for run in seen) / 1e6
        print(f"| {label} | {median[label]:.3f} | {min(seconds):.3f} | {max(seconds):.2f} | "
              f"{1000 * median[label] / int(size):.2f} | {cpu[label]:.3f} | {peak:.0f} |")
    if "faiss IndexFlatIP" in results:
        same = subprocess.run(
            [python, "-c", "import numpy as np, sys; a, b = (np.load(f'{sys.argv[1]}/{who}-"
             "{sys.argv[2]}.npy') for who in ('noesis', 'faiss')); print((a == b).all(1).mean(), "
             "(np.sort(a) == np.sort(b)).all(1).mean())", folder, size],
            capture_output=True, text=True, check=True)
        order, sets = same.stdout.split()
        print(f"\nFaster than faiss by {median['faiss IndexFlatIP'] / median['Noesis']:.2f} (CPU time "
              f"{cpu['faiss IndexFlatIP'] / cpu['Noesis']:.2f}; wanted: at least 2). The same ten in "
              f"the same order for {float(order):.1%} of the queries, the same set for "
              f"{float(sets):.1%}.")


if __name__ == "__main__":
    main()
