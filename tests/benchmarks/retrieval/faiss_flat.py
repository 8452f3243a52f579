"""faiss IndexFlatIP: faiss_flat.py FOLDER THREADS QUERIES,... Prints JSON; the index is built before."""
import json
import resource
import sys
import time

import faiss
import numpy as np

folder, threads = sys.argv[1], int(sys.argv[2])
faiss.omp_set_num_threads(threads)
gallery, queries = np.load(f"{folder}/gallery.npy"), np.load(f"{folder}/queries.npy")
index = faiss.IndexFlatIP(gallery.shape[1])
index.add(gallery)
lines = {}
for count in map(int, sys.argv[3].split(",")):
    seconds, cpu = [], []
    for _ in range(20):
        before = resource.getrusage(resource.RUSAGE_SELF)
        start = time.perf_counter()
        _, found = index.search(queries[:count], 10)
        seconds.append(time.perf_counter() - start)
        after = resource.getrusage(resource.RUSAGE_SELF)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    np.save(f"{folder}/faiss-{count}.npy", found.astype("f4"))
    lines[count] = dict(seconds=seconds, cpu=cpu)
print(json.dumps(lines))
