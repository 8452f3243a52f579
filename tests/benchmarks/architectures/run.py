"""Every network, alone and on top of ridge, against ridge on four simulated studies.

    python3 tests/benchmarks/architectures/run.py [--seeds 1,2] [--processes 2] [--only NAME,...]
        [--studies fmri-linear,...] [--starts RANDOM,RIDGE] [--controls NONE,SHUFFLED]
        [--results FILE.jsonl]

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


def several(rows, cell):
    return " / ".join(cell(r) for r in sorted(rows, key=lambda r: r["seed"])) or "-"


def scores(r, who="network"):
    return f"{r['image_from_brain.top1'][who]:.3f} ({r['image_from_brain.two_way'][who]:.3f})"


def table(results, study):
    """Seeds stand behind each other, with a slash between."""
    lines = [f"### {study}", "",
             "| network | ridge | alone | p | on ridge | p | epoch alone / on ridge "
             "| shuffled ids: alone, p | on ridge, p | null band |",
             "|---|---|---|---|---|---|---|---|---|---|"]
    for name in dict.fromkeys(r["network"] for r in results if r["study"] == study):
        mine = [r for r in results if r["study"] == study and r["network"] == name]
        of = lambda start, control="NONE": [
            r for r in mine if (r["start"], r["control"]) == (start, control)]
        p = lambda r: f"{r['image_from_brain.two_way']['p']:.3f}"
        epoch = lambda r: "start" if r["validation"] is None else r["epoch"].split()[0]
        spoilt = lambda r: f"{r['image_from_brain.two_way']['network']:.3f}, {r['null']['p']:.3f}"
        band = lambda r: f"{r['null']['low']:.3f} to {r['null']['high']:.3f}"
        alone, on = of("RANDOM"), of("RIDGE")
        lines.append("| " + " | ".join([
            name, several(on or alone, lambda r: scores(r, "ridge")), several(alone, scores),
            several(alone, p), several(on, scores), several(on, p),
            several(alone, epoch) + "; " + several(on, epoch),
            several(of("RANDOM", "SHUFFLED"), spoilt), several(of("RIDGE", "SHUFFLED"), spoilt),
            several(of("RANDOM", "SHUFFLED"), band)]) + " |")
    return "\n".join(lines) + "\n"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seeds", default="1")
    arguments.add_argument("--processes", type=int, default=2)
    arguments.add_argument("--only", default="")
    arguments.add_argument("--studies", default=",".join(STUDIES))
    arguments.add_argument("--starts", default="RIDGE,RANDOM")
    arguments.add_argument("--controls", default="NONE,SHUFFLED")
    arguments.add_argument("--networks", default=str(HERE / "networks.json"))
    arguments.add_argument("--target", default=str(ROOT / "cli/target"))
    arguments.add_argument("--results", default=str(HERE / "results.jsonl"))
    chosen = arguments.parse_args()
    networks = json.loads(pathlib.Path(chosen.networks).read_text())
    file = pathlib.Path(chosen.results)
    results = [json.loads(l) for l in file.read_text().splitlines()] if file.exists() else []
    done = {(r["study"], r["network"], r["seed"], r["start"], r["control"])
            for r in results}
    jobs = []
    for seed in map(int, chosen.seeds.split(",")):
        for study in chosen.studies.split(","):
            wanted = [f"{name}/{start}/{control}" for control in chosen.controls.split(",")
                      for start in chosen.starts.split(",")
                      for name, own in networks[study.split("-")[0]].items()
                      # What is pretrained starts from that.
                      if not (start == "RIDGE" and "pretraining" in own)
                      if (not chosen.only or name in chosen.only.split(","))
                      and (study, name, seed, start, control) not in done]
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
