"""Timed fits: peers.py FOLDER numpy|himalaya|sklearn|sklearncv float32|float64 FITS. Prints JSON.

Dual ridge with an intercept, 10 penalties from 1 to 1e5, 5 contiguous folds, one penalty for all
targets (himalaya and scikit-learn choose as they do: per target, and by leaving one out; sklearncv
is scikit-learn's RidgeCV with cv=5).
"""
import json
import resource
import sys
import time

import numpy as np

folder, which, dtype, fits = sys.argv[1:5]
x = np.load(f"{folder}/x.npy").astype(dtype)
y = np.load(f"{folder}/y.npy").astype(dtype)
alphas = np.logspace(0, 5, 10).astype(dtype)


def by_numpy():
    n = len(x)
    gram = x @ x.T
    errors = np.zeros((len(alphas), y.shape[1]))
    spread = np.zeros(y.shape[1])
    for test in np.array_split(np.arange(n), 5):
        train = np.setdiff1d(np.arange(n), test)
        k = gram[np.ix_(train, train)]
        means = k.mean(0)
        values, vectors = np.linalg.eigh(k - means - means[:, None] + means.mean())
        cross = gram[np.ix_(test, train)]
        cross = cross - cross.mean(1, keepdims=True) - means + means.mean()
        y_mean = y[train].mean(0)
        z = vectors.T @ (y[train] - y_mean)
        m, truth = cross @ vectors, y[test] - y_mean
        spread += (truth ** 2).sum(0)
        for i, alpha in enumerate(alphas):
            errors[i] += ((truth - (m / (values + alpha)) @ z) ** 2).sum(0)
    alpha = alphas[(1 - errors / spread).mean(1).argmax()]
    means = gram.mean(0)
    values, vectors = np.linalg.eigh(gram - means - means[:, None] + means.mean())
    dual = (vectors / (values + alpha)) @ (vectors.T @ (y - y.mean(0)))
    return x.T @ dual, alpha


def by_himalaya():
    from himalaya.kernel_ridge import KernelRidgeCV
    model = KernelRidgeCV(alphas=alphas, cv=5).fit(x - x.mean(0), y - y.mean(0))
    return model.get_primal_coef(), np.median(model.best_alphas_)


def by_sklearn():
    from sklearn.linear_model import RidgeCV
    model = RidgeCV(alphas=alphas).fit(x, y)
    return model.coef_.T, model.alpha_


def by_sklearn_folds():
    from sklearn.linear_model import RidgeCV
    model = RidgeCV(alphas=alphas, cv=5).fit(x, y)
    return model.coef_.T, model.alpha_


def imported():
    """What a fit imports, before the clock starts."""
    if which == "himalaya":
        import himalaya.kernel_ridge  # noqa: F401
    if which.startswith("sklearn"):
        import sklearn.linear_model  # noqa: F401


imported()
fit = {"numpy": by_numpy, "himalaya": by_himalaya, "sklearn": by_sklearn,
       "sklearncv": by_sklearn_folds}[which]
seconds, cpu = [], []
for _ in range(int(fits)):
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    coef, alpha = fit()
    seconds.append(time.perf_counter() - start)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
np.save(f"{folder}/{which}-{dtype}.npy", coef[:, :50].astype("f8"))
print(json.dumps(dict(seconds=seconds, cpu=cpu, alpha=float(alpha))))
