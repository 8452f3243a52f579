"""300 MB of int16 BOLD in .nii.gz to a masked, z-scored matrix: Noesis against nibabel + NumPy.

    python3 tests/benchmarks/nifti_mask/run.py [RUNS]

Needs `mvn -pl ingest -am compile` before, and Python with nibabel and NumPy. Makes the file in a
temporary folder, compares the matrices of both once, then runs whole processes alternately, and
prints medians, ratio and peak memory (ru_maxrss of each process by wait4). Nothing large is imported
here: a child's ru_maxrss is never below what its parent held when it was started.
"""
import importlib.metadata
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
OURS = "Noesis, heap sized to the matrix"
DEFAULTS = "Noesis, JVM defaults"
FLOAT = "nibabel + NumPy, float32"
INT16 = "nibabel + NumPy, int16 until masked"


def text(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def measure(command):
    """Wall seconds and peak resident bytes of a process."""
    start = time.perf_counter()
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return seconds, usage.ru_maxrss * 1024


def machine():
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if "model name" in l), "?")
    java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.splitlines()[1]
    versions = ", ".join(f"{p} {importlib.metadata.version(p)}" for p in ("nibabel", "numpy"))
    return (f"{model}, {os.cpu_count()} cores, load average before {os.getloadavg()[0]:.1f}; "
            f"{platform.platform()}; {java}; Python {platform.python_version()}, {versions}")


def contenders(folder, matrix):
    classes = ROOT / "ingest/target/classes"
    subprocess.run(["javac", "-cp", classes, "-d", folder, HERE / "NiftiMask.java"], check=True)
    # What Masker.bytesNeeded says, and 24 MB for everything else on the heap.
    heap = f"-Xmx{(matrix >> 20) + 32}m"
    java = ["-cp", f"{classes}:{folder}", "NiftiMask"]
    return {
        OURS: ["java", "-XX:+UseSerialGC", heap, "-Xmn8m", *java],
        DEFAULTS: ["java", *java],
        FLOAT: [sys.executable, HERE / "nifti_mask.py"],
        INT16: [sys.executable, HERE / "nifti_mask_int16.py"],
    }


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory(prefix="noesis-nifti-mask-") as name:
        folder = pathlib.Path(name)
        volumes, voxels, packed = map(int, text(sys.executable, HERE / "make_bold.py", name).split())
        matrix = 4 * voxels * volumes
        commands = contenders(folder, matrix)
        inputs = [folder / "bold.nii.gz", folder / "mask.nii.gz"]
        print("Machine:", machine())
        print(f"\nFile: {90 * 90 * 60 * volumes * 2 / 1e6:.0f} MB of int16, {packed / 1e6:.0f} MB "
              f"gzipped. Matrix: [{volumes}, {voxels}] float32, {matrix / 1e6:.0f} MB.")
        measure(commands[OURS] + inputs + [folder / "a"])
        measure(commands[FLOAT] + inputs + [folder / "b"])
        difference = text(sys.executable, HERE / "compare.py", folder / "a", folder / "b")
        print(f"Largest difference of the two matrices: {difference}.")
        results = {label: [] for label in commands}
        for _ in range(runs):
            for label, command in commands.items():
                results[label].append(measure(command + inputs))
        report(results, matrix, runs)


def report(results, matrix, runs):
    print("\n| | median s | fastest s | slowest s | peak memory MB | peak / matrix |")
    print("|---|---|---|---|---|---|")
    median = {}
    peak = {}
    for label, pairs in results.items():
        seconds = [p[0] for p in pairs]
        median[label] = statistics.median(seconds)
        peak[label] = max(p[1] for p in pairs)
        print(f"| {label} | {median[label]:.2f} | {min(seconds):.2f} | {max(seconds):.2f} | "
              f"{peak[label] / 1e6:.0f} | {peak[label] / matrix:.2f} |")
    ratio = min(median[FLOAT], median[INT16]) / median[OURS]
    print(f"\nFaster than the faster nibabel way by {ratio:.2f} (wanted: at least 1.5); "
          f"peak {peak[OURS] / matrix:.2f} x the matrix (wanted: below 1.5).")
    print(f"{runs} runs each, alternating; whole processes with start-up; file in the page cache.")


if __name__ == "__main__":
    main()
