"""How much of a new subject's score can be had from a tenth of its trials, at best.

    java ... AdaptationCurve CEILING VOXELS SEED,SEED,... DUMP
    OMP_NUM_THREADS=1 python3 tests/benchmarks/architectures/adaptation_ideal.py DUMP

Reads what AdaptationCurve dumps of the fourth subject (numpy 2.x; about 5 s per seed) and prints, for
72 and for 720 training trials, top-1 of 72, two-way and r of three learners:

ridge   each target from all voxels, penalty by 5 parts of the trials;
linear  the best linear decoder of a Bayesian who knows the covariance of pictures, but not the
        weights: voxels are predicted from pictures (weights Gaussian, size per voxel by evidence,
        sizes shared through their distribution over voxels), and the prediction is inverted with its
        uncertainty. What else subjects could teach each other here, other than pictures, is nothing:
        their weights are drawn independently;
ideal   knows also every region's variance of weights, the size of every voxel's effect, the noise,
        and that what is seen is one of the study's 792 pictures: the posterior over pictures (for
        top-1 and two-way over the 72 candidates) given the mean of a picture's three responses. No
        learner can have more top-1; r is that of its posterior mean.

The last line of each condition gives shares of the full score above chance (1/72, 1/2, 0), and of
the ideal also relative to what ridge has with all trials.
"""
import collections
import pathlib
import sys

import numpy as np

CHANCE = np.array([1 / 72, 0.5, 0.0])


def scores(table, r):
    true = np.diag(table)[:, None]
    n = len(table)
    return np.array([np.mean((table >= true).sum(1) == 1), np.mean((table < true).sum(1) / (n - 1)), r])


def compared(decoded, stimuli, pool, pictures, mean):
    """As runs do: decoded trials of a stimulus are averaged, cosine about the training mean."""
    found = np.stack([decoded[stimuli == p].mean(0) for p in pool]) - mean
    wanted = pictures[pool] - mean
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    table = found @ wanted.T
    return scores(table, np.diag(table).mean())


def ridge(x, y, penalties=np.logspace(-2, 8, 21), parts=5):
    part = np.arange(len(x)) % parts
    errors = np.zeros(len(penalties))
    for k in range(parts):
        a = part != k
        xm, ym = x[a].mean(0), y[a].mean(0)
        w, u = np.linalg.eigh((x[a] - xm) @ (x[a] - xm).T)
        p, q = (x[~a] - xm) @ (x[a] - xm).T @ u, u.T @ (y[a] - ym)
        for i, penalty in enumerate(penalties):
            errors[i] += ((y[~a] - ym - p @ (q / (w + penalty)[:, None])) ** 2).sum()
    penalty = penalties[errors.argmin()]
    xm, ym = x.mean(0), y.mean(0)
    weights = (x - xm).T @ np.linalg.solve((x - xm) @ (x - xm).T + penalty * np.eye(len(x)), y - ym)
    return lambda new: (new - xm) @ weights + ym


def linear(x, y, pictures_seen):
    mean = pictures_seen.mean(0)
    values, axes = np.linalg.eigh(np.cov(pictures_seen.T))
    axes, values = axes[:, values > 1e-6 * values.max()], values[values > 1e-6 * values.max()]
    z = (y - mean) @ (axes / np.sqrt(values))  # pictures with covariance 1
    zm, xm = z.mean(0), x.mean(0)
    u, s, vt = np.linalg.svd(z - zm, full_matrices=False)
    rank = s > 1e-9 * s.max()
    u, s, vt = u[:, rank], s[rank], vt[rank]
    projected = u.T @ (x - xm)
    rest = ((x - xm) ** 2).sum(0) - (projected ** 2).sum(0)
    ratios = np.concatenate([[0], np.logspace(-4, 2, 49)])  # variance of weights over that of noise
    freedom = len(x) - 1
    noise = np.stack([((projected ** 2 / (1 + g * s ** 2)[:, None]).sum(0) + rest) / freedom for g in ratios])
    evidence = -0.5 * (np.log1p(ratios[:, None] * s ** 2).sum(1)[:, None] + freedom * np.log(noise))
    prior = np.full(len(ratios), 1 / len(ratios))
    for _ in range(20):
        post = np.exp(evidence - evidence.max(0) + np.log(prior)[:, None])
        post /= post.sum(0)
        prior = post.mean(1) + 1e-9
        prior /= prior.sum()
    k = z.shape[1]
    precision, pull, constant = np.eye(k), np.zeros((k, x.shape[1])), np.zeros((k, x.shape[1]))
    for g, variance, share in zip(ratios, noise, post):
        weights = vt.T @ ((g * s / (1 + g * s ** 2))[:, None] * projected)
        pull += weights * (share / variance)
        constant += weights * (share / variance) * (zm @ weights)
        precision += (weights * (share / variance)) @ weights.T
        precision += share.sum() * g * (np.eye(k) - vt.T @ np.diag(g * s ** 2 / (1 + g * s ** 2)) @ vt)
    decoder = np.linalg.solve(precision, pull)
    offset = np.linalg.solve(precision, constant).sum(1)
    back = np.sqrt(values)[:, None] * axes.T
    return lambda new: ((new - xm) @ decoder.T + offset) @ back + mean


def ideal(of, rows, pool, test_means, stimuli, mean):
    pictures, rois = of["features"], of["rois3"]
    all_weights = np.concatenate([of[f"weights{s}"] for s in range(4)], 1).astype(float)
    all_rois = np.concatenate([of[f"rois{s}"] for s in range(4)])
    y = pictures[stimuli[rows]] - mean
    ym = y.mean(0)
    yc, about = y - ym, pictures - mean - ym
    log = np.zeros((len(pool), len(pictures)))
    for v in range(of["betas"].shape[1]):
        variance = (all_weights[:, all_rois == rois[v]] ** 2).mean(1)
        if variance.sum() == 0:
            continue
        own = of["weights3"][:, v].astype(float)
        variance = variance * np.mean(own ** 2 / np.maximum(variance, 1e-12))
        sigma2 = float(of["noise"][v]) ** 2
        x = of["betas"][rows, v]
        if len(rows) < len(variance):
            gain = yc * variance
            inverse = np.linalg.inv(yc @ gain.T + sigma2 * np.eye(len(rows)))
            weights = gain.T @ (inverse @ (x - x.mean()))
            spread = np.diag(variance) - gain.T @ inverse @ gain
        else:
            spread = np.linalg.inv(np.diag(1 / np.maximum(variance, 1e-12)) + yc.T @ yc / sigma2)
            weights = spread @ (yc.T @ (x - x.mean())) / sigma2
        expected = x.mean() + about @ weights
        width = sigma2 / 3 + sigma2 / len(rows) + ((about @ spread) * about).sum(1)
        log -= 0.5 * (np.log(width) + (test_means[:, v][:, None] - expected) ** 2 / width)
    post = np.exp(log - log.max(1, keepdims=True))
    post /= post.sum(1, keepdims=True)
    found, wanted = post @ pictures - mean, pictures[pool] - mean
    r = np.mean((found * wanted).sum(1) / np.linalg.norm(found, axis=1) / np.linalg.norm(wanted, axis=1))
    return scores(log[:, pool], r)


def one(folder):
    of = {f.stem: np.load(f) for f in folder.glob("*.npy")}
    stimuli, train, few = of["trials"].T
    stimuli = stimuli.astype(int)
    train, few, test = np.where(train)[0], np.where(few)[0], np.where(train == 0)[0]
    betas, pictures = of["betas"].astype(float), of["features"].astype(float)
    x = (betas - betas[train].mean(0)) / np.maximum(betas[train].std(0), 1e-9)
    seen = pictures[stimuli[train]]
    pool = np.array(list(dict.fromkeys(stimuli[test])))
    means = np.stack([betas[test][stimuli[test] == p].mean(0) for p in pool])
    out = {}
    for name, rows in (("72", few), ("720", train)):
        for learner, decode in (("ridge", ridge(x[rows], pictures[stimuli[rows]])),
                                ("linear", linear(x[rows], pictures[stimuli[rows]], seen))):
            out[learner, name] = compared(decode(x[test]), stimuli[test], pool, pictures, seen.mean(0))
        out["ideal", name] = ideal(of | {"features": pictures}, rows, pool, means, stimuli, seen.mean(0))
    return out


def main():
    conditions = collections.defaultdict(list)
    for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        conditions[folder.name.rsplit("-", 1)[0]].append(one(folder))
    for condition, seeds in conditions.items():
        mean = {key: np.mean([s[key] for s in seeds], 0) for key in seeds[0]}
        for learner in ("ridge", "linear", "ideal"):
            few, full = mean[learner, "72"], mean[learner, "720"]
            print(f"{condition}, {len(seeds)} seeds, {learner:6} 72: {few.round(3)}, 720: {full.round(3)}, recovered "
                  + ", ".join(f"{100 * v:.0f} %" for v in (few - CHANCE) / (full - CHANCE))
                  + "; of ridge with 720: "
                  + ", ".join(f"{100 * v:.0f} %" for v in (few - CHANCE) / (mean['ridge', '720'] - CHANCE)),
                  flush=True)


if __name__ == "__main__":
    main()
