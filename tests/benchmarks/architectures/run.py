"""Every network, alone and on top of ridge, against ridge on four simulated studies.

    python3 tests/benchmarks/architectures/run.py [--seeds 1,2] [--processes 2] [--only NAME,...]
        [--studies fmri-linear,...] [--starts RANDOM,RIDGE] [--results FILE.jsonl]

Needs `mvn -pl cli -am -Dmaven.test.skip=true package` before. One process with one thread per
study; results are added to the file, and those that are there are not done again. Prints the
tables of RESULTS.md.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import platform
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
STUDIES = ["fmri-linear", "fmri-gated", "eeg-evoked", "eeg-induced"]


def run(classes, library, networks, job, save):
    study, seed, wanted = job
    process = subprocess.Popen(
        ["java", "-Xmx1500m", "-XX:ActiveProcessorCount=1", "-XX:TieredStopAtLevel=1",
         "-XX:+UseSerialGC", "-cp",
         os.pathsep.join([classes, *library]), "ArchitecturesAgainstRidge", networks, study,
         str(seed), ",".join(wanted)],
        stdout=subprocess.PIPE, text=True, start_new_session=True, env={**os.environ, "OMP_NUM_THREADS": "1",
                                                "OPENBLAS_NUM_THREADS": "1"})
    for line in process.stdout:
        save(json.loads(line))
    if process.wait():
        print(f"{study}, seed {seed}: exit {process.returncode}", flush=True)


def table(results, study):
    lines = [f"### {study}", "",
             "| network | ridge | alone | p | on ridge | p | loss alone / on ridge | s |",
             "|---|---|---|---|---|---|---|---|"]
    names = list(dict.fromkeys(r["network"] for r in results if r["study"] == study))
    for name in names:
        mine = [r for r in results if r["study"] == study and r["network"] == name]
        if not mine:
            continue
        cells = {}
        for start in ("RANDOM", "RIDGE"):
            of = [r for r in mine if r["start"] == start]
            top, two = "image_from_brain.top1", "image_from_brain.two_way"
            cells[start] = (
                " ".join(f"{r[top]['network']:.3f} ({r[two]['network']:.3f})" for r in of),
                " ".join(f"{r[two]['p']:.3f}" for r in of),
                " ".join("start" if r["validation"] is None else f"{r['validation']:.3f}"
                         for r in of))
        ridge = " ".join(f"{r['image_from_brain.top1']['ridge']:.3f} ({r['image_from_brain.two_way']['ridge']:.3f})"
                         for r in mine if r["start"] == mine[0]["start"])
        seconds = max(r["seconds"] for r in mine)
        lines.append(f"| {name} | {ridge} | {cells['RANDOM'][0]} | {cells['RANDOM'][1]} | "
                     f"{cells['RIDGE'][0]} | {cells['RIDGE'][1]} | {cells['RANDOM'][2]} / "
                     f"{cells['RIDGE'][2]} | {seconds:.0f} |")
    return "\n".join(lines) + "\n"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seeds", default="1")
    arguments.add_argument("--processes", type=int, default=2)
    arguments.add_argument("--only", default="")
    arguments.add_argument("--studies", default=",".join(STUDIES))
    arguments.add_argument("--starts", default="RIDGE,RANDOM")
    arguments.add_argument("--networks", default=str(HERE / "networks.json"))
    arguments.add_argument("--target", default=str(ROOT / "cli/target"))
    arguments.add_argument("--results", default=str(HERE / "results.jsonl"))
    chosen = arguments.parse_args()
    networks = json.loads(pathlib.Path(chosen.networks).read_text())
    file = pathlib.Path(chosen.results)
    results = [json.loads(l) for l in file.read_text().splitlines()] if file.exists() else []
    done = {(r["study"], r["network"], r["seed"], r["start"]) for r in results}
    jobs = []
    for seed in map(int, chosen.seeds.split(",")):
        for study in chosen.studies.split(","):
            wanted = [f"{name}/{start}" for start in chosen.starts.split(",")
                      for name in networks[study.split("-")[0]]
                      if (not chosen.only or name in chosen.only.split(","))
                      and (study, name, seed, start) not in done]
            if wanted:
                jobs.append((study, seed, wanted))
    target = pathlib.Path(chosen.target)
    library = [str(target / "noesis.jar"), *map(str, (target / "lib").glob("*.jar"))]

    def save(result):
        results.append(result)
        with file.open("a") as out:
            out.write(json.dumps(result) + "\n")
        print(json.dumps(result), flush=True)

    with tempfile.TemporaryDirectory(prefix="noesis-architectures-") as folder:
        subprocess.run(["javac", "-nowarn", "-cp", os.pathsep.join(library), "-d", folder,
                        HERE / "ArchitecturesAgainstRidge.java"], check=True)
        with concurrent.futures.ThreadPoolExecutor(chosen.processes) as pool:
            list(pool.map(lambda job: run(folder, library, chosen.networks, job, save), jobs))
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load average "
          f"{os.getloadavg()[0]:.1f}\n")
    for study in chosen.studies.split(","):
        print(table(results, study))


if __name__ == "__main__":
    main()
