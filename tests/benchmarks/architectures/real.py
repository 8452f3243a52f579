"""Every architecture on the real recordings, alone and on top of ridge, with true and with shuffled ids.

    python3 tests/benchmarks/architectures/real.py DATA [--seeds 0,1] [--only NAME,...]
        [--starts ridge,random] [--controls none,shuffled-ids] [--results FILE.jsonl]

DATA holds haxby2001-vt and eegutils-spatial-cueing. Needs `mvn -pl cli -am -Dmaven.test.skip=true
package` before. Each is a run from the shipped recipe of the recording with the encoder of another
shipped recipe (`encoder.as`) at its full length, one after another on one thread; ridge stands
beside it in the same report. What is in the results is not done again. Prints the tables of
RESULTS.md.
"""
import argparse
import csv
import json
import os
import pathlib
import platform
import shutil
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
VOXELS = ("haxby2001-vt", "haxby2001-vt", "category_accuracy@8")
EPOCHS = ("eegutils-spatial-cueing", "eegutils-spatial-cueing", "category_accuracy@2")
CATEGORIES = ["bottle", "cat", "chair", "face", "house", "scissors", "scrambledpix", "shoe"]
DIRECTION = "embedding_correlation_centred"
# Architecture: recording, recipe whose encoder it is, and what the recording does not have.
JOBS = {
    "banded-ridge": (VOXELS, "simulated-banded", {}),
    "gaussian-inversion": (VOXELS, "simulated-inversion", {}),
    "residual-mlp": (VOXELS, "haxby2001-vt-network", {}),
    "mindbridge": (VOXELS, "simulated-mindbridge", {"settings": {"pooled": 400}}),
    "sttm": (VOXELS, "simulated-gated", {}),
    "vit-3d": (VOXELS, "simulated-vit3d", {}),
    "flat-map-vit": (VOXELS, "simulated-flatmap", {}),
    "parcel-transformer": (VOXELS, "simulated-parcels", {}),
    # Their own recipes begin pretrained and take the last epoch; ridge needs rows that approve.
    "mind-vis": (VOXELS, "simulated-mae", {"training": {"validation": {"part": 0.15, "patience": 0}}}),
    # One person, no captions: no map of each one's own and no head of texts.
    "mindeye": (VOXELS, "simulated-mindeye2", {
        "subjects": "each", "heads": None,
        "settings": {"backbone": {"adapter": "shared"}, "heads": []},
        "training": {"loss": {"name": "sum", "settings": {"parts": [
            {"loss": "info-nce", "settings": {"temperature": 0.15}, "weight": 1},
            {"loss": "mse", "weight": 30, "head": "tokens"}]}},
            "batches": {"subjects": "any"}}}),
    # One slot: which of the recording's eight categories it was.
    "tensor-brain": (VOXELS, "simulated", {
        "architecture": "tensor-brain",
        "heads": {"category": {"of": "attribute", "attribute": {"column": "category", "concepts": CATEGORIES}}},
        "settings": {
            "backbone": {"width": 256, "blocks": 1, "firstDropout": 0.5, "blockDropout": 0.15, "norm": "last",
                         "adapter": "shared"},
            "width": 256, "hidden": 128, "groups": [{"name": "category", "concepts": len(CATEGORIES)}],
            "windows": [{"step": "input"}, {"step": "evolve"}, {"step": "input"},
                        {"step": "measure", "slot": "category"}],
            "options": {"drive": "rms", "scores": "centred", "sharpness": {"first": 1, "learned": True}}},
        "training": {
            "loss": {"name": "sum", "settings": {"parts": [
                {"loss": "info-nce", "settings": {"temperature": 0.15}, "weight": 1},
                {"loss": "cross-entropy", "weight": 0.5, "head": "category", "target": "category"}]}},
            "epochs": 60, "batchSize": 64, "optimizer": {"learningRate": 0.001},
            "validation": {"part": 0.15, "patience": 0}}}),
    "nice": (EPOCHS, "eegutils-spatial-cueing-nice", {}),
    "atm": (EPOCHS, "simulated-eeg-atm", {}),
    "eegnet": (EPOCHS, "simulated-eeg-eegnet", {}),
    "shallow-fbcsp": (EPOCHS, "simulated-eeg-shallow", {}),
    "deep4": (EPOCHS, "simulated-eeg-deep4", {}),
    "eeg-conformer": (EPOCHS, "simulated-eeg-conformer", {}),
    # The recording names its electrodes and does not say where they are.
    "brainmagick": (EPOCHS, "simulated-eeg-brainmagick", {"settings": {"spatial": "linear"}}),
    "glim": (EPOCHS, "simulated-eeg-glim", {}),
    "du-in": (EPOCHS, "simulated-duin", {"training": {"validation": {"part": 0.2, "patience": 0}}}),
    "labram": (EPOCHS, "simulated-eeg-labram", {}),
    "labram-pretrained": (EPOCHS, "simulated-eeg-labram-pretrained", {"training": {"validation": {"part": 0.2, "patience": 0}}}),
    "causal-sequence": (EPOCHS, "simulated-eeg-sequence", {}),
    # No shipped recipe decodes by it.
    "roi-queries": (EPOCHS, "simulated-eeg", {
        "architecture": "roi-queries",
        "settings": {"rois": 4, "encoder": {"width": 32, "depth": 1, "heads": 4, "hidden": 64, "dropout": 0.2}},
        "training": {"loss": {"name": "info-nce", "settings": {"temperature": 0.2}}, "epochs": 30,
                     "optimizer": {"learningRate": 0.002}, "validation": {"part": 0.2, "patience": 0}}}),
}
LINEAR = ("banded-ridge", "gaussian-inversion")
PRETRAINED = ("labram-pretrained",)


def encoder(name, start):
    recording, recipe, own = JOBS[name]
    keys = {"as": recipe, **own}
    if name not in LINEAR:
        keys["start"] = start
        if start == "ridge":
            keys["pretraining"] = None
        if recording is EPOCHS:
            training = dict(own.get("training", {}))
            training["batchSize"] = 16
            keys["training"] = training
    return keys


def run(jar, data, name, start, control, seed, options):
    study, base, metric = JOBS[name][0]
    out = pathlib.Path(tempfile.mkdtemp(prefix="noesis-real-"))
    command = [
        "java", "-Xmx3g", "-XX:+UseSerialGC", "-jar", jar, "run", base, str(out / "run"), "--root",
        str(data / study), "--nprocs", "1", "--allow", "NO-SIGNAL", "--seed", str(seed),
        "--set", "encoder=" + json.dumps(encoder(name, start)), "--set", "control=" + control,
        "--set", f"evaluation.permutations={options.permutations}",
        "--set", f"evaluation.bootstraps={options.permutations}", "--set", "evaluation.gallery=0"]
    begun = time.time()
    done = subprocess.run(command, capture_output=True, text=True, env={
        **os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})
    result = {"architecture": name, "start": start, "control": control, "seed": seed,
              "exit": done.returncode, "seconds": round(time.time() - begun, 1)}
    if done.returncode:
        result["error"] = done.stderr.strip().splitlines()[-1][:300]
    else:
        with open(out / "run/scores.tsv") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                # Behind a comma: other ways to read slots out.
                if row["metric"] == metric and row["variant"] == "single trials" and ", " not in row["encoder"]:
                    which = "ridge" if row["encoder"] == "ridge" else "value"
                    result[which] = float(row["value"])
                    if which == "value":
                        result.update({k: float(row[k]) for k in ("low", "high", "chance", "null_low", "null_high", "p")})
        with open(out / "run/differences.tsv") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if ", " in row["first"]:
                    continue
                if row["metric"] == metric and row["variant"] == "single trials":
                    result["difference"] = {k: float(row[k]) for k in ("difference", "low", "high", "p")}
                if row["metric"] == DIRECTION and row["variant"] == "single trials":
                    result["direction"] = {k: float(row[k]) for k in ("difference", "p")}
    shutil.rmtree(out)
    return result


def cell(rows, key="value"):
    return " / ".join(f"{r[key]:.3f}" if key in r else "-" for r in rows)


def tables(results):
    for recording, title in ((VOXELS, "Haxby ventral temporal, category of 8, single volumes (chance 0.125)"),
                             (EPOCHS, "EEG after a cue, left or right, single trials (chance 0.5)")):
        print(f"### {title}\n")
        print("| architecture | ridge beside | on ridge | minus ridge [95 %], p | of r, p | alone "
              "| minus ridge [95 %], p | shuffled ids: on ridge, p | alone, p | ridge | null band |")
        print("|---|---|---|---|---|---|---|---|---|---|---|")
        for name, job in JOBS.items():
            mine = sorted((r for r in results if r["architecture"] == name and not r["exit"]),
                          key=lambda r: r["seed"])
            if job[0] is not recording or not mine:
                continue
            pick = lambda start, control: [r for r in mine if (r["start"], r["control"]) == (start, control)]
            minus = lambda rows: " / ".join(
                "{difference:+.3f} [{low:+.3f}, {high:+.3f}], {p:.3f}".format(**r["difference"]) for r in rows)
            direction = lambda rows: " / ".join(
                "{difference:+.3f}, {p:.3f}".format(**r["direction"]) for r in rows if "direction" in r)
            above = lambda rows: " / ".join(f"{r['value']:.3f}, {r['p']:.3f}" for r in rows)
            on, alone = pick("ridge", "none"), pick("random", "none")
            spoilt = pick("ridge", "shuffled-ids"), pick("random", "shuffled-ids")
            band = " / ".join(f"{r['null_low']:.3f} to {r['null_high']:.3f}" for r in spoilt[0] or spoilt[1])
            print("| " + " | ".join(c or "-" for c in (
                name, cell(on or alone, "ridge"), cell(on), minus(on), direction(on), cell(alone),
                minus(alone), above(spoilt[0]), above(spoilt[1]),
                cell(spoilt[0] or spoilt[1], "ridge"), band)) + " |")
        print()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("data", type=pathlib.Path)
    arguments.add_argument("--seeds", default="0")
    arguments.add_argument("--only", default="")
    arguments.add_argument("--starts", default="ridge,random")
    arguments.add_argument("--controls", default="none,shuffled-ids")
    arguments.add_argument("--permutations", type=int, default=999)
    arguments.add_argument("--jar", default=str(ROOT / "cli/target/noesis.jar"))
    arguments.add_argument("--results", default=str(HERE / "real.jsonl"))
    options = arguments.parse_args()
    file = pathlib.Path(options.results)
    results = [json.loads(l) for l in file.read_text().splitlines()] if file.exists() else []
    done = {(r["architecture"], r["start"], r["control"], r["seed"]) for r in results}
    for seed in map(int, options.seeds.split(",")):
        for control in options.controls.split(","):
            for start in options.starts.split(","):
                for name in JOBS:
                    if options.only and name not in options.only.split(","):
                        continue
                    if name in LINEAR and start == "random" or name in PRETRAINED and start == "ridge":
                        continue
                    if (name, start, control, seed) in done:
                        continue
                    result = run(options.jar, options.data, name, start, control, seed, options)
                    results.append(result)
                    with file.open("a") as out:
                        out.write(json.dumps(result) + "\n")
                    print(json.dumps(result), flush=True)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load average "
          f"{os.getloadavg()[0]:.1f}\n")
    tables(results)


if __name__ == "__main__":
    main()
