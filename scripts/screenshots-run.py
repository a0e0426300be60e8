"""A training run as the `wandb` client logs it, for the pictures of its pages: curves, pictures, tables, histograms, charts, artifacts."""

import os
import sys
import time

import numpy
import wandb

random = numpy.random.default_rng(3)
lr, name = float(sys.argv[1]), sys.argv[2]
names = [str(digit) for digit in range(10)]
classes = wandb.Classes([{"id": 0, "name": "ground"}, {"id": 1, "name": "stroke"}])


def digit(seed, sharpness):
    """A ring or a bar with noise, 28 by 28."""
    y, x = numpy.mgrid[0:28, 0:28]
    ring = numpy.exp(-((numpy.hypot(x - 14, y - 14) - 5 - seed % 4) ** 2) / 3)
    bar = numpy.exp(-((x - 8 - seed % 12) ** 2) / 4) * (abs(y - 14) < 9)
    shape = ring if seed % 2 else bar
    noise = random.normal(0, 0.3 * (1 - sharpness), (28, 28))
    return (255 * numpy.clip(shape + noise, 0, 1)).astype(numpy.uint8), (shape > 0.4).astype(numpy.uint8)


def picture(seed, sharpness, caption):
    pixels, mask = digit(seed, sharpness)
    rows, columns = numpy.where(mask == 1)
    position = {"minX": int(columns.min()), "maxX": int(columns.max()), "minY": int(rows.min()), "maxY": int(rows.max())}
    box = {"position": position, "domain": "pixel", "class_id": 1, "box_caption": "digit"}
    return wandb.Image(
        pixels,
        caption=caption,
        masks={"stroke": {"mask_data": mask, "class_labels": {0: "ground", 1: "stroke"}}},
        boxes={"found": {"box_data": [box], "class_labels": {1: "digit"}}},
        classes=classes,
    )


run = wandb.init(
    project="digits",
    name=name,
    group="convnet",
    job_type="train",
    tags=["baseline"],
    notes="Two convolutions and a head, on the small set.",
    settings=wandb.Settings(x_stats_sampling_interval=1),
    config={"lr": lr, "batch_size": 128, "optimizer": {"name": "adam", "betas": [0.9, 0.999]}, "epochs": 8, "augment": True},
)
data = wandb.Artifact("digits-small", type="dataset", description="6,000 digits, 28 by 28", metadata={"rows": 6000, "classes": 10})
with data.new_file("train.csv") as out:
    out.write("label,pixels\n" * 50)
run.log_artifact(data).wait()
run.use_artifact("digits-small:latest")
for step in range(160):
    progress = 1 - numpy.exp(-step * lr * 12)
    row = {"train/loss": 2.3 * (1 - progress) + random.normal(0, 0.04), "train/acc": progress * 0.97 + random.normal(0, 0.01), "epoch": step / 20}
    if step % 10 == 0:
        row |= {"val/loss": 2.3 * (1 - progress) + 0.08, "val/acc": progress * 0.95, "lr": lr * (1 - step / 200)}
    if step % 20 == 0:
        row["samples"] = [picture(step + i, progress, f"seen as {names[(step + i) % 10]}") for i in range(4)]
        row["weights/conv1"] = wandb.Histogram(random.normal(progress / 3, 0.4 + progress / 2, 2000))
    run.log(row)
    print(f"\033[1mstep {step:3d}\033[0m  loss \033[36m{row['train/loss']:.4f}\033[0m  acc {row['train/acc']:.4f}")
    time.sleep(0.02)
print("\033[33mwarning: 3 of 6,000 pictures are blank\033[0m")
truth, guess = random.integers(0, 10, 400), random.integers(0, 10, 400)
guess = numpy.where(random.random(400) < 0.85, truth, guess)
answers = wandb.Table(
    columns=["picture", "truth", "guess", "sure", "note"],
    data=[
        [picture(i, 0.9, f"{i}"), int(truth[i]), int(guess[i]), float(random.random()), "blank?" if i % 5 == 0 else None]
        for i in range(12)
    ],
)
run.log({"answers": answers})
run.log({"confusion": wandb.plot.confusion_matrix(y_true=truth.tolist(), preds=guess.tolist(), class_names=names, title="Confusion")})
counts = wandb.Table(columns=["digit", "count"], data=[[label, int(count)] for label, count in zip(names, numpy.bincount(truth, minlength=10))])
run.log({"counts": wandb.plot.bar(counts, "digit", "count", title="Digits in the set")})
run.log({"report": wandb.Html("<h2>Epoch 8</h2><p>Validation accuracy <b>0.95</b>; fours are taken for nines.</p>", inject=False)})
model = wandb.Artifact("digits-model", type="model", metadata={"layers": 3, "params": 21840})
with model.new_file("model.txt") as out:
    out.write("weights\n" * 400)
run.log_artifact(model, aliases=["best"]).wait()
print(run.path)
run.finish()
