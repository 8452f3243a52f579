"""Ridge with targets from a file and weights to a file.

    python3 tests/benchmarks/ridge/run_streamed.py [N P T] [PENALTIES] [THREADS] [HEAP]

Needs `mvn -pl encoders -am compile` before. The Natural Scenes shape is 8859 15724 197376 (targets
7 GB, weights 12.4 GB on disk). Checks the weights of the last targets against numpy in float64.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from run import HERE, ROOT, library, machine

sizes = sys.argv[1:4] or ["2215", "3931", "49344"]
penalties = sys.argv[4] if len(sys.argv) > 4 else "3"
threads = sys.argv[5] if len(sys.argv) > 5 else "4"
heap = sys.argv[6] if len(sys.argv) > 6 else "4g"
print("Machine:", machine(threads))
with tempfile.TemporaryDirectory(prefix="noesis-streamed-") as folder:
    subprocess.run([sys.executable, HERE / "make_data.py", folder, *sizes], check=True)
    modules = [ROOT / m / "target/classes" for m in ("ingest", "encoders")]
    path = os.pathsep.join(map(str, [*modules, *library()]))
    subprocess.run(["javac", "-cp", path, "-d", folder, HERE / "RidgeStreamed.java"], check=True)
    process = subprocess.Popen(
        ["java", f"-Xmx{heap}", "-cp", f"{path}:{folder}", "RidgeStreamed", folder, threads, penalties],
        stdout=subprocess.PIPE, text=True)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"ended with {process.returncode}")
    seen = json.loads(out)
    x = np.load(f"{folder}/x.npy").astype("f8")
    y = np.load(f"{folder}/y.npy", mmap_mode="r")[:, -20:].astype("f8")
    w = np.load(f"{folder}/model/weights.npy", mmap_mode="r")[-20:].T
    x -= x.mean(0)
    truth = x.T @ np.linalg.solve(x @ x.T + seen["penalty"] * np.eye(len(x)), y - y.mean(0))
    print(f"\n{' x '.join(sizes)} targets, {penalties} penalties, 5 folds, float32: "
          f"{seen['seconds']:.0f} s, {(usage.ru_utime + usage.ru_stime):.0f} CPU s, peak memory "
          f"{usage.ru_maxrss * 1024 / 1e9:.2f} GB; penalty {seen['penalty']:.0f}; weights of 20 targets "
          f"off by {np.abs(w - truth).max() / np.abs(truth).max():.1e} of the largest.")
print(f"Load average after {os.getloadavg()[0]:.1f}.")
