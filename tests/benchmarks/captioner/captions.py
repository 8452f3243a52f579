"""The peer: ONNX Runtime's Python on the same graphs. captions.py FOLDER THREADS SEARCH; prints one JSON line.

Greedy, and ClipCap's beam of 5, 16 rows in a run, the past handed on as OrtValues (never copied into numpy).
"""
import hashlib
import json
import pathlib
import sys
import time

import numpy as np
import onnxruntime as ort

LONGEST, TOGETHER, WIDTH = 20, 16, 5


def session(file, threads):
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


class Words:
    """One block of rows: logits of the next words, given the rows they go on from."""

    def __init__(self, prefix, decoder, rows):
        self.decoder = decoder
        self.names = [p.name for p in decoder.get_outputs()]
        before = prefix.run(None, {"embedding": rows})[0]
        self.width = before.shape[2]
        past = {p.name: ort.OrtValue.ortvalue_from_numpy(np.zeros((len(rows), p.shape[1], 0, p.shape[3]), np.float32))
                for p in decoder.get_inputs() if p.name.startswith("past")}
        self.pasts = list(past)
        self.logits = self.run(before, np.zeros((len(rows), 0), np.int64), np.arange(len(rows)), past)

    def run(self, before, ids, beams, past):
        given = {"prefix": before, "input_ids": ids, "beam_idx": beams.astype(np.int64)}
        values = {name: ort.OrtValue.ortvalue_from_numpy(value) for name, value in given.items()}
        made = self.decoder.run_with_ort_values(self.names, {**values, **past})
        self.past = dict(zip(self.pasts, made[1:]))
        return made[0].numpy()

    def next(self, beams, ids):
        return self.run(np.zeros((len(ids), 0, self.width), np.float32), ids[:, None], beams, self.past)


def greedy(words, count):
    logits, out = words.logits, []
    while True:
        out.append(logits.argmax(1))
        if len(out) == LONGEST:
            return np.stack(out, 1)
        logits = words.next(np.arange(count), out[-1])


def log_softmax(logits):
    shifted = logits - logits.max(1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(1, keepdims=True))


def beam(words, count):
    logits, tokens, sums = words.logits, None, None
    for length in range(1, LONGEST + 1):
        scores = log_softmax(logits)
        vocabulary = scores.shape[1]
        if tokens is None:
            flat = scores.reshape(count, -1)
        else:
            flat = (sums.reshape(-1, 1) + scores).reshape(count, -1)
        best = np.argpartition(-flat, WIDTH - 1, axis=1)[:, :WIDTH]
        values = np.take_along_axis(flat, best, 1)
        order = np.argsort(-values, axis=1, kind="stable")
        best, sums = np.take_along_axis(best, order, 1), np.take_along_axis(values, order, 1)
        parents, ids = best // vocabulary, (best % vocabulary).reshape(-1)
        if tokens is None:
            tokens, rows = ids[:, None], np.repeat(np.arange(count), WIDTH)
        else:
            rows = (parents + WIDTH * np.arange(count)[:, None]).reshape(-1)
            tokens = np.concatenate([tokens[rows], ids[:, None]], 1)
        if length < LONGEST:
            logits = words.next(rows, ids)
    return tokens.reshape(count, WIDTH, LONGEST)[:, 0]


def main():
    folder, threads, search = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    prefix, decoder = (session(folder / f"pack/{name}.onnx", threads) for name in ("prefix", "decoder"))
    rows = np.fromfile(folder / "embeddings.f32", np.float32).reshape(-1, 512)
    write = greedy if search == "greedy" else beam
    write(Words(prefix, decoder, rows[:TOGETHER]), TOGETHER)
    start, work = time.perf_counter(), time.process_time()
    out = [write(Words(prefix, decoder, rows[i:i + TOGETHER]), TOGETHER) for i in range(0, len(rows), TOGETHER)]
    seconds, work = time.perf_counter() - start, time.process_time() - work
    tokens = np.concatenate(out)
    text = "\n".join(" ".join(map(str, row)) for row in tokens.tolist())
    print(json.dumps({"seconds": seconds, "work": work, "tokens": tokens.size,
                      "sha256": hashlib.sha256(text.encode()).hexdigest()}))


if __name__ == "__main__":
    main()
