"""300 MB of int16 BOLD in .nii.gz to a masked, z-scored matrix: Noesis against nibabel + NumPy.

    python3 tests/benchmarks/nifti_mask/run.py [RUNS]

Needs `mvn package` before, and Python with nibabel and NumPy. Noesis is the command as users give it,
`./noesis convert IN.nii.gz OUT.npy --mask MASK --zscore`, launcher included. Makes the file in a
temporary folder, compares the matrices of both once, then runs whole processes alternately, and
prints medians, ratio and peak memory (ru_maxrss of each process by wait4). All write the matrix as
.npy; Noesis also forces it to disk before it takes its name. Nothing large is imported here: a child's
ru_maxrss is never below what its parent held when it was started.
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


def measure(contender, folder, out="matrix.npy"):
    """Wall seconds, CPU seconds and peak resident bytes of a process."""
    arguments, options = contender
    command = [str(a) for a in arguments(folder / "bold.nii.gz", folder / "mask.nii.gz", folder / out)]
    environment = {**os.environ, "NOESIS_JAVA_OPTS": options}
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def machine():
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if "model name" in l), "?")
    java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.splitlines()[1]
    versions = ", ".join(f"{p} {importlib.metadata.version(p)}" for p in ("nibabel", "numpy"))
    return (f"{model}, {os.cpu_count()} cores, load average before {os.getloadavg()[0]:.1f}; "
            f"{platform.platform()}; {java}; Python {platform.python_version()}, {versions}")


def noesis(bold, mask, out):
    return [ROOT / "noesis", "convert", bold, out, "--mask", mask, "--zscore", "--force"]


def python(script):
    return lambda bold, mask, out: [sys.executable, HERE / script, bold, mask, out]


def contenders(matrix):
    """What each process is started with: arguments, and options for Java."""
    # What Masker.bytesNeeded says, and 24 MB for everything else on the heap.
    return {
        OURS: (noesis, f"-Xmx{(matrix >> 20) + 32}m -Xmn8m"),
        DEFAULTS: (noesis, ""),
        FLOAT: (python("nifti_mask.py"), ""),
        INT16: (python("nifti_mask_int16.py"), ""),
    }


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory(prefix="noesis-nifti-mask-") as name:
        folder = pathlib.Path(name)
        volumes, voxels, packed = map(int, text(sys.executable, HERE / "make_bold.py", name).split())
        matrix = 4 * voxels * volumes
        commands = contenders(matrix)
        print("Machine:", machine())
        print(f"\nFile: {90 * 90 * 60 * volumes * 2 / 1e6:.0f} MB of int16, {packed / 1e6:.0f} MB "
              f"gzipped. Matrix: [{volumes}, {voxels}] float32, {matrix / 1e6:.0f} MB.")
        measure(commands[OURS], folder, "a.npy")
        measure(commands[FLOAT], folder, "b.npy")
        difference = text(sys.executable, HERE / "compare.py", folder / "a.npy", folder / "b.npy")
        print(f"Largest difference of the two matrices: {difference}.")
        results = {label: [] for label in commands}
        for _ in range(runs):
            for label, contender in commands.items():
                results[label].append(measure(contender, folder))
        report(results, matrix, runs)


def report(results, matrix, runs):
    print("\n| | median s | fastest s | slowest s | median CPU s | peak memory MB | peak / matrix |")
    print("|---|---|---|---|---|---|---|")
    median = {}
    peak = {}
    for label, measured in results.items():
        seconds, cpu, bytes_ = zip(*measured)
        median[label] = statistics.median(seconds)
        peak[label] = max(bytes_)
        print(f"| {label} | {median[label]:.2f} | {min(seconds):.2f} | {max(seconds):.2f} | "
              f"{statistics.median(cpu):.2f} | {peak[label] / 1e6:.0f} | {peak[label] / matrix:.2f} |")
    ratio = min(median[FLOAT], median[INT16]) / median[OURS]
    print(f"\nFaster than the faster nibabel way by {ratio:.2f} (wanted: at least 1.5); "
          f"peak {peak[OURS] / matrix:.2f} x the matrix (wanted: below 1.5).")
    print(f"{runs} runs each, alternating; whole processes with start-up; file in the page cache.")


if __name__ == "__main__":
    main()
