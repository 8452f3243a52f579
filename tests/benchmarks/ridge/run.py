"""Cross-validated multi-target ridge: Noesis against numpy, himalaya and scikit-learn.

    python3 tests/benchmarks/ridge/run.py [RUNS] [THREADS] [NAME ...]

Needs `mvn -pl encoders -am compile` before, and a Python with numpy, himalaya and scikit-learn.
2000 rows x 8000 columns to 5000 targets, 10 penalties, 5 folds, final weights; see peers.py. Only
the fit is timed; one process per fit, alternating; every side may use THREADS threads. NAMEs pick
contenders, for example `noesis-float32-shared numpy-float32`: shared is one penalty for all targets
by 5 folds (numpy), each is one per target (himalaya), one-out is one for all by leaving one row out
(scikit-learn's RidgeCV without cv).
"""
import importlib.metadata
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
NAMES = ["noesis-float32-shared", "numpy-float32", "himalaya-float32", "noesis-float32-each",
         "noesis-float32-one-out", "sklearn-float64", "sklearncv-float64", "noesis-float64-shared",
         "numpy-float64", "noesis-float64-one-out"]
PAIRS = [("noesis-float32-shared", "numpy-float32"), ("noesis-float32-shared", "himalaya-float32"),
         ("noesis-float32-each", "himalaya-float32"), ("noesis-float64-shared", "numpy-float64"),
         ("noesis-float32-one-out", "sklearn-float64"), ("noesis-float64-one-out", "sklearn-float64"),
         ("noesis-float32-shared", "sklearncv-float64"),
         ("noesis-float64-shared", "sklearncv-float64")]


def library():
    """The jars that the launcher puts beside the program, from the local Maven repository."""
    wanted = {
        "pytorch-2.10.0-1.5.13", "pytorch-2.10.0-1.5.13-linux-x86_64", "openblas-0.3.31-1.5.13",
        "openblas-0.3.31-1.5.13-linux-x86_64", "javacpp-1.5.13", "javacpp-1.5.13-linux-x86_64",
        "jna-5.17.0", "jackson-core-2.19.4", "jackson-databind-2.19.4", "jackson-annotations-2.19.4",
        "ejml-core-0.46.1", "ejml-ddense-0.46.1", "commons-math3-3.6.1",
    }
    return [p for p in (pathlib.Path.home() / ".m2/repository").rglob("*.jar") if p.stem in wanted]


def machine(threads):
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if "model name" in l), "?")
    java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.splitlines()[1]
    versions = ", ".join(f"{p} {importlib.metadata.version(p)}"
                         for p in ("numpy", "himalaya", "scikit-learn"))
    return (f"{model}, {os.cpu_count()} cores, load average before {os.getloadavg()[0]:.1f}; "
            f"{platform.platform()}; {java}; {versions}; {threads} threads each")


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    threads = sys.argv[2] if len(sys.argv) > 2 else "4"
    names = sys.argv[3:] or NAMES
    print("Machine:", machine(threads))
    with tempfile.TemporaryDirectory(prefix="noesis-ridge-") as folder:
        subprocess.run([sys.executable, HERE / "make_data.py", folder], check=True)
        modules = [ROOT / m / "target/classes" for m in ("ingest", "encoders")]
        path = os.pathsep.join(map(str, [*modules, *library()]))
        subprocess.run(["javac", "-cp", path, "-d", folder, HERE / "RidgeScale.java"], check=True)
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
        results = {name: [] for name in names}
        for _ in range(runs):
            for name in names:
                who, dtype, *how = name.split("-", 2)
                command = (
                    ["java", "-Xmx6g", "-cp", f"{path}:{folder}", "RidgeScale", folder, threads,
                     dtype.upper(), *how]
                    if who == "noesis"
                    else [sys.executable, "-W", "ignore", HERE / "peers.py", folder, who, dtype])
                out = subprocess.run(command, check=True, capture_output=True, text=True,
                                     env=environment)
                results[name].append(json.loads(out.stdout))
        report(results, folder, runs)
    print(f"\nLoad average after {os.getloadavg()[0]:.1f}.")


def report(results, folder, runs):
    import numpy as np
    print(f"\nMedian of {runs} fits.\n")
    print("| | median s | fastest s | slowest s | median CPU s | penalty | weights off by |")
    print("|---|---|---|---|---|---|---|")
    reference = f"{folder}/numpy-float64.npy"
    for name, seen in results.items():
        off = "-"
        if pathlib.Path(reference).exists() and (name.startswith("numpy") or "-shared" in name):
            truth = np.load(reference)
            off = f"{np.abs(np.load(f'{folder}/{name}.npy') - truth).max() / np.abs(truth).max():.1e}"
        seconds = [s["seconds"] for s in seen]
        print(f"| {name} | {statistics.median(seconds):.1f} | {min(seconds):.1f} | {max(seconds):.1f}"
              f" | {statistics.median(s['cpu'] for s in seen):.1f} | {seen[0]['alpha']:.0f} | {off} |")
    for mine, other in PAIRS:
        if mine in results and other in results:
            wall = [statistics.median(r["seconds"] for r in results[n]) for n in (other, mine)]
            cpu = [statistics.median(r["cpu"] for r in results[n]) for n in (other, mine)]
            print(f"\n{mine} is faster than {other} by {wall[0] / wall[1]:.2f} "
                  f"(CPU time: {cpu[0] / cpu[1]:.2f}).")


if __name__ == "__main__":
    main()
