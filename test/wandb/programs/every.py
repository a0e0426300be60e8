"""What other programs leave out: further kinds of media, a console that rewrites its lines, a run taken up by itself, and none at all."""

import os
import pathlib
import subprocess
import sys
import tempfile

import numpy
import wandb
from reading import tell

folder = pathlib.Path(tempfile.mkdtemp(dir=os.environ["HOME"]))
os.chdir(folder)
files = {"clip.mp4": os.urandom(2_000), "shape.obj": b"v 0 0 0\n", "molecule.pdb": b"ATOM\n"}
for name, content in files.items():
    (folder / name).write_bytes(content)

with wandb.init(project="every", mode="disabled") as nothing:
    nothing.log({"x": 1})

# A program that dies leaves its id for the next one in its folder.
dying = "import os, wandb; run = wandb.init(project='every', resume='auto'); run.log({'x': 0}); print('ID', run.id, flush=True); os._exit(1)"
died = subprocess.run([sys.executable, "-c", dying], capture_output=True, text=True)
id = next(line.split()[1] for line in died.stdout.splitlines() if line.startswith("ID "))

run = wandb.init(project="every", resume="auto")
taken_up = run.id == id
box = {"position": {"minX": 0, "minY": 0, "maxX": 1, "maxY": 1}, "class_id": 1}
run.log(
    {
        "clip": wandb.Video("clip.mp4"),
        "shape": wandb.Object3D("shape.obj"),
        "molecule": wandb.Molecule("molecule.pdb"),
        "cloud": wandb.Object3D(numpy.zeros((4, 3))),
        "framed": wandb.Image(
            numpy.zeros((4, 4, 3), dtype=numpy.uint8),
            boxes={"found": {"box_data": [box], "class_labels": {1: "one"}}},
            masks={"found": {"mask_data": numpy.ones((4, 4), dtype=numpy.uint8)}},
        ),
        "gradients/layer": wandb.Histogram([1, 2, 2]),
    }
)
for at in range(5):
    print(f"\rprogress {at}", end="", flush=True)
print("\rprogress done")
path = run.path
run.finish()

read = wandb.Api().run(path)
row = read.summary
down = folder / "down"


def fetched(value):
    with read.file(value["path"]).download(root=str(down), replace=True) as file:
        return pathlib.Path(file.name).read_bytes()


with read.file("output.log").download(root=str(down), replace=True) as log:
    lines = log.read().splitlines()
framed = row["framed"]
tell(
    {
        "takenUp": taken_up,
        "runs": [found.id == id for found in wandb.Api().runs("every")],
        "kinds": {key: row[key]["_type"] for key in ("clip", "shape", "molecule", "cloud", "framed", "gradients/layer")},
        "same": [fetched(row[key]) == files[name] for key, name in (("clip", "clip.mp4"), ("shape", "shape.obj"), ("molecule", "molecule.pdb"))],
        "marks": [len(fetched(framed[kind]["found"])) > 0 for kind in ("boxes", "masks")],
        "console": [line.rsplit("\r", 1)[-1] for line in lines if "progress" in line],
    }
)
