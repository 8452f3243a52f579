"""The null of zero-shot decoding by brute force: which category has which embedding is permuted
and the decoder fitted anew, 1000 times. Beside it stands what Noesis prints, a t test over
categories with doubled variance.

Usage: python3 permuted_embeddings.py RUN STUDY, after
    noesis run haxby2001-vt-zero-shot RUN --root STUDY --allow NO-SIGNAL
Ridge with the penalty 316 that most folds choose; NumPy 2.4.

Result (22 November 2026): haxby2001-vt, one subject, runs 1-8: 0.607 of pairs, null 0.498 +- 0.090,
p 0.11. Noesis: 0.614, p 0.064.
"""
import csv
import itertools
import json
import sys

import numpy as np

run, study = sys.argv[1:]
embeddings = np.load(f"{run}/targets.npy").astype(float)
names = json.load(open(f"{run}/targets.json"))["ids"]
x = np.load(f"{study}/patterns_runs01-08.npy").astype(float)
trials = csv.DictReader(open(f"{run}/sub-1/trials.tsv"), delimiter="\t")
label = np.array([names.index(trial["category"]) for trial in trials])
count = len(names)

folds = []
for a, b in itertools.combinations(range(count), 2):
    test = (label == a) | (label == b)
    mean, deviation = x[~test].mean(0), x[~test].std(0)
    deviation[deviation == 0] = 1
    train, left_out = (x[~test] - mean) / deviation, (x[test] - mean) / deviation
    gram = train @ train.T
    weights = left_out @ train.T @ np.linalg.inv(gram + 316 * np.eye(len(gram)))
    shown = np.eye(count)[label[~test]]
    folds.append((a, b, weights @ (shown - shown.mean(0)), shown.mean(0), label[test]))


def score(vectors):
    hits = [[] for _ in range(count)]
    for a, b, weights, shown, truth in folds:
        decoded, mean = weights @ vectors, shown @ vectors
        of_a = decoded @ (vectors[a] - mean) / np.linalg.norm(vectors[a] - mean)
        of_b = decoded @ (vectors[b] - mean) / np.linalg.norm(vectors[b] - mean)
        hits[a].append(np.mean((of_a > of_b)[truth == a]))
        hits[b].append(np.mean((of_b > of_a)[truth == b]))
    return np.mean([np.mean(h) for h in hits])


random = np.random.default_rng(1)
observed = score(embeddings)
null = np.array([score(embeddings[random.permutation(count)]) for _ in range(1000)])
p = (1 + (null >= observed).sum()) / 1001
print(f"{observed:.3f}, null {null.mean():.3f} +- {null.std():.3f}, p {p:.3f}")
