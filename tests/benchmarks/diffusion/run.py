"""Runs both sides in turn and writes the table of RESULTS.md.

    python run.py CLASSPATH PACK [THREADS] [REPEATS]

CLASSPATH: classes of Noesis' modules and their jars. Times are the least of the runs after the first two; those of
the processor count the calling thread, which with one thread does all the work, and so do not see other programs.
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def lines(command):
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


def least(rows, key, skip=2):
    return min(row[key] for row in [row for row in rows if key in row][skip:])


def main():
    classpath, pack = sys.argv[1:3]
    threads, repeats = (sys.argv[3:] + ["1", "6"])[:2] if len(sys.argv) < 5 else sys.argv[3:5]
    java = ["java", "-Xmx256m", "-XX:+UseSerialGC", "-cp", classpath, str(HERE / "DiffusionRun.java"), pack, threads, repeats]
    ours = lines(java + ["bare"])
    peer = lines([sys.executable, str(HERE / "peer.py"), pack, threads, repeats])
    alone = lines(java)
    ours2 = [row for row in alone]
    for clock in ("cpu", "wall"):
        pipeline, bare, python = least(ours, clock), least(ours, "bare_" + clock), least(peer, clock)
        inside = least(peer, "inside_" + clock)
        print(f"{clock}: pipeline {pipeline:.3f} s, bare calls {bare:.3f} s, overhead {100 * (pipeline / bare - 1):.2f} %; "
              f"Python {python:.3f} s, of it {100 * (1 - inside / python):.2f} % outside session.run; "
              f"ratio Python / Noesis {python / min(pipeline, least(ours2, clock)):.3f}")
    print("peak MB: Noesis", alone[-1]["peak_mb"], "Python", peer[-1]["peak_mb"])


if __name__ == "__main__":
    main()
