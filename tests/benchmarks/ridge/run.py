"""Cross-validated multi-target ridge: Noesis against numpy, himalaya and scikit-learn.

    python3 tests/benchmarks/ridge/run.py [RUNS] [THREADS] [NAME ...]

Needs `mvn -pl encoders -am compile` before, and a Python with numpy, himalaya and scikit-learn.
2000 rows x 8000 columns to 5000 targets, 10 penalties, 5 folds, final weights; see peers.py. Only
the fits are timed: FITS (3) in each process, the first of which also compiles (Java) and warms up, and stands
apart; processes alternate; every side may use THREADS threads. NAMEs pick
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

FITS = "3"
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
        "onnxruntime-1.28.0", "protobuf-java-3.25.6", "tribuo-util-onnx-4.3.2", "ejml-core-0.46.1",
        "ejml-ddense-0.46.1", "commons-math3-3.6.1",
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
                     dtype.upper(), *how, FITS]
                    if who == "noesis"
                    else [sys.executable, "-W", "ignore", HERE / "peers.py", folder, who, dtype, FITS])
                out = subprocess.run(command, check=True, capture_output=True, text=True,
                                     env=environment)
                results[name].append(json.loads(out.stdout))
        report(results, folder, runs)
    print(f"\nLoad average after {os.getloadavg()[0]:.1f}.")


def report(results, folder, runs):
    import numpy as np
    print(f"\n{runs} processes of {FITS} fits each; medians.\n")
    print("| | first fit, s | its CPU s | later fits, s | fastest | slowest | their CPU s | penalty | weights off by |")
    print("|---|---|---|---|---|---|---|---|---|")
    reference = f"{folder}/numpy-float64.npy"
    for name, seen in results.items():
        off = "-"
        if pathlib.Path(reference).exists() and (name.startswith("numpy") or "-shared" in name):
            truth = np.load(reference)
            off = f"{np.abs(np.load(f'{folder}/{name}.npy') - truth).max() / np.abs(truth).max():.1e}"
        first, later = times(seen, "seconds")
        first_cpu, later_cpu = times(seen, "cpu")
        median = statistics.median
        print(f"| {name} | {median(first):.1f} | {median(first_cpu):.1f} | {median(later):.1f} | {min(later):.1f} | "
              f"{max(later):.1f} | {median(later_cpu):.1f} | {seen[0]['alpha']:.0f} | {off} |")
    for mine, other in PAIRS:
        if mine in results and other in results:
            both = [[statistics.median(t) for key in ("seconds", "cpu") for t in times(results[n], key)]
                    for n in (other, mine)]
            ratio = [theirs / ours for theirs, ours in zip(*both)]
            print(f"\n{mine} is faster than {other} by {ratio[1]:.2f} (CPU time: {ratio[3]:.2f}); first fits by "
                  f"{ratio[0]:.2f} ({ratio[2]:.2f}).")


def times(seen, key):
    """Of first and of later fits."""
    return [s[key][0] for s in seen], [t for s in seen for t in s[key][1:]]


if __name__ == "__main__":
    main()
