"""The same tasks in PyTorch, one line of JSON in (the task's name), one out (milliseconds). Started by `npm run bench`."""
import copy
import json
import os
import re
import sys
import time

try:
    import torch
    from torch import nn
except ImportError as error:
    print(json.dumps({"missing": str(error)}), flush=True)
    sys.exit(0)

CLASSES, PROBES, ETA, WIDE_ETA = 10, 1000, 0.001, 1e-5
torch.set_num_threads(os.cpu_count())
torch.manual_seed(1)


def blas():
    """The file of the BLAS that is loaded, else what PyTorch says of it."""
    try:
        with open("/proc/self/maps") as maps:
            paths = {os.path.basename(line.split()[-1]) for line in maps if re.search(r"(blas|mkl|blis|atlas)[^/]*$", line, re.IGNORECASE)}
    except OSError:
        paths = set()
    return ", ".join(sorted(paths)) or re.search(r"BLAS_INFO=(\w+)|$", torch.__config__.show()).group(1) or "unknown"


def dense_network(width, outputs=CLASSES):
    return nn.Sequential(nn.Linear(3072, width), nn.ReLU(), nn.Linear(width, outputs))


def cnn2():
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(),
        nn.Flatten(), nn.Linear(2048, CLASSES),
    )


def half_squares(scores, label):
    return ((scores[:, 0] - 1) ** 2).sum() / 2


def literal(network, probes, anchors, labels, loss=nn.functional.cross_entropy, eta=ETA):
    """Each anchor in turn: copy, one SGD step, all probes, subtract."""
    with torch.no_grad():
        before = network(probes)
    changes = []
    for x, label in zip(anchors, labels):
        moved = copy.deepcopy(network)
        moved.zero_grad()
        loss(moved(x[None]), label[None]).backward()
        with torch.no_grad():
            for weight in moved.parameters():
                weight -= eta * weight.grad
            changes.append(moved(probes) - before)
    return changes


def propagated(network, probes, anchors, labels):
    """All anchors by carrying the change through; the weights' change has rank one and is never made."""
    first, second = network[0], network[2]
    with torch.no_grad():
        z, za = first(probes), first(anchors)
        h, ha = z.relu(), za.relu()
        out = second(ha)
        top = (out.softmax(1) - nn.functional.one_hot(labels, out.shape[1]))
        delta = (top @ second.weight) * (za > 0)
        overlap = anchors @ probes.T + 1
        upper = ha @ h.T + 1
        changes = []
        for k in range(len(anchors)):
            dz = (-ETA * overlap[k])[:, None] * delta[k]
            dh = torch.maximum(dz, -z) + z.clamp(max=0)
            both = upper[k] + dh @ ha[k]
            changes.append(dh @ second.weight.T - ETA * both[:, None] * top[k])
        return changes


def train_step(network, optimiser, x, labels):
    optimiser.zero_grad()
    nn.functional.cross_entropy(network(x), labels).backward()
    optimiser.step()


def images(count, flat):
    return torch.randn(count, 3072) if flat else torch.randn(count, 3, 32, 32)


def labels_of(count):
    return torch.arange(count) % CLASSES


def two_layer():
    """The network of the paper at images that are anchors and probes: 10 anchors stand for all."""
    network, probes, few = dense_network(40960, 1), images(PROBES, True), 10
    return timed(lambda: literal(network, probes, probes[:few], labels_of(few), half_squares, WIDE_ETA)) * PROBES / few


def timed(work, repeat=1):
    start = time.perf_counter()
    for _ in range(repeat):
        work()
    return 1000 * (time.perf_counter() - start) / repeat


def tasks():
    """By name: a function that returns milliseconds."""
    made = {}
    for name, network, flat in (
        ("mlp-512", dense_network(512), True),
        ("mlp-4096", dense_network(4096), True),
        ("cnn2", cnn2(), False),
    ):
        probes, anchors, labels = images(PROBES, flat), images(100, flat), labels_of(100)
        few = 3
        made[f"{name} literal"] = lambda n=network, p=probes, a=anchors, y=labels: (
            timed(lambda: literal(n, p, a[:few], y[:few])) * len(a) / few
        )
        if flat:
            made[f"{name} propagated"] = lambda n=network, p=probes, a=anchors, y=labels: timed(
                lambda: propagated(n, p, a, y)
            )
    network = cnn2()
    optimiser = torch.optim.SGD(network.parameters(), lr=0.01)
    batch, labels = images(64, False), labels_of(64)
    made["cnn2 train step"] = lambda: timed(lambda: train_step(network, optimiser, batch, labels), 10)
    made["two-layer-40960 literal"] = two_layer
    return made


known = tasks()
versions = {"PyTorch": torch.__version__, "threads": torch.get_num_threads(), "BLAS": blas()}
print(json.dumps({"versions": versions}), flush=True)
for line in sys.stdin:
    print(json.dumps({"ms": known[json.loads(line)]()}), flush=True)
