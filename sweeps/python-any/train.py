"""Logistic regression by gradient descent on synthetic points; plain Python, no library.

The metrics file is written by hand here, to show that reporting is one JSON object a line and needs no library of ours.
`libs/sdk/python/sweep_report.py` does the same and also handles checkpoints and stop requests.

By hand: python3 sweeps/python-any/train.py --lr=0.5 --l2=0.001
"""

import argparse
import json
import math
import os
import random


def points(count, seed):
    """Two clouds that overlap a little."""
    rng = random.Random(seed)
    rows = []
    for i in range(count):
        label = i % 2
        centre = 1.0 if label else -1.0
        rows.append(([1.0, rng.gauss(centre, 1.0), rng.gauss(-centre, 1.5)], label))
    return rows


def predict(weights, features):
    z = sum(w * x for w, x in zip(weights, features))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def mean_loss(weights, rows):
    total = 0.0
    for features, label in rows:
        p = min(max(predict(weights, features), 1e-9), 1 - 1e-9)
        total -= math.log(p if label else 1 - p)
    return total / len(rows)


def accuracy(weights, rows):
    return sum((predict(weights, features) > 0.5) == bool(label) for features, label in rows) / len(rows)


def step(weights, rows, lr, l2):
    gradient = [l2 * w for w in weights]
    for features, label in rows:
        error = predict(weights, features) - label
        for i, x in enumerate(features):
            gradient[i] += error * x / len(rows)
    return [w - lr * g for w, g in zip(weights, gradient)]


def main():
    flags = argparse.ArgumentParser()
    flags.add_argument("--lr", type=float, default=0.5)
    flags.add_argument("--l2", type=float, default=0.001)
    flags.add_argument("--epochs", type=int, default=20)
    config = flags.parse_args()

    train, test = points(400, seed=1), points(200, seed=2)
    weights = [0.0, 0.0, 0.0]
    # Without a sweep there is no metrics file; the null device takes the lines instead.
    with open(os.environ.get("SWEEP_METRICS", os.devnull), "a", encoding="utf-8", buffering=1) as metrics:
        for epoch in range(1, config.epochs + 1):
            weights = step(weights, train, config.lr, config.l2)
            record = {"step": epoch, "loss": mean_loss(weights, train), "val_loss": mean_loss(weights, test), "val_acc": accuracy(weights, test)}
            metrics.write(json.dumps(record) + "\n")
    print("val_loss %.4f, val_acc %.3f" % (record["val_loss"], record["val_acc"]))


if __name__ == "__main__":
    main()
