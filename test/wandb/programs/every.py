"""What other programs leave out: media of every kind, a watched model, code that differs from its commit, a console that rewrites its
lines, a run taken up by itself, and none at all."""

import hashlib
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import wave

import numpy
import stand_ins
import wandb
from reading import plain, tell
from wandb.sdk.data_types.trace_tree import Trace

stand_ins.install()
folder = pathlib.Path(tempfile.mkdtemp(dir=os.environ["HOME"]))
os.chdir(folder)
for name, content in {"clip.mp4": os.urandom(2_000), "shape.obj": b"v 0 0 0\n", "molecule.pdb": b"ATOM\n", "committed.py": b"x = 1\n"}.items():
    (folder / name).write_bytes(content)
for command in (["init", "--quiet"], ["add", "committed.py"], ["-c", "user.name=x", "-c", "user.email=x@y", "commit", "--quiet", "-m", "x"]):
    subprocess.run(["git", *command], check=True)
(folder / "committed.py").write_text("x = 2\n")

with wandb.init(project="every", mode="disabled") as nothing:
    nothing.log({"x": 1})

# A program that dies leaves its id for the next one in its folder.
dying = "import os, wandb; run = wandb.init(project='every', resume='auto'); run.log({'x': 0}); print('ID', run.id, flush=True); os._exit(1)"
died = subprocess.run([sys.executable, "-c", dying], capture_output=True, text=True)
id = next(line.split()[1] for line in died.stdout.splitlines() if line.startswith("ID "))


def sound(level):
    with io.BytesIO() as out:
        with wave.open(out, "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(2)
            writer.setframerate(8_000)
            writer.writeframes(bytes([level]) * 800)
        path = folder / f"{level}.wav"
        path.write_bytes(out.getvalue())
    return wandb.Audio(str(path), caption=f"level {level}")


def picture(level=0, **marks):
    return wandb.Image(numpy.full((4, 4, 3), level, dtype=numpy.uint8), caption=f"level {level}", **marks)


run = wandb.init(project="every", resume="auto", settings=wandb.Settings(git_root=str(folder), save_code=True))
taken_up = run.id == id
box = {"position": {"minX": 0, "minY": 0, "maxX": 1, "maxY": 1}, "class_id": 1}
labels = {"class_labels": {1: "one"}}
model = stand_ins.Module(first=stand_ins.Module([1, 2, 4]), second=stand_ins.Module([0.5]))
run.watch(model, log="all", log_freq=1, log_graph=True)
model([0])
model.backward()
run.log(
    {
        "clip": wandb.Video("clip.mp4"),
        "shape": wandb.Object3D("shape.obj"),
        "molecule": wandb.Molecule("molecule.pdb"),
        "cloud": wandb.Object3D(numpy.zeros((4, 3))),
        "framed": picture(
            boxes={"found": {"box_data": [box], **labels}}, masks={"found": {"mask_data": numpy.ones((4, 4), dtype=numpy.uint8), **labels}}
        ),
        "pictures": [picture(level) for level in (1, 2)],
        "hum": sound(3),
        "hums": [sound(level) for level in (4, 5)],
        "page": wandb.Html("<b>page</b>"),
        "pages": [wandb.Html(f"<b>{number}</b>") for number in (1, 2)],
        "figure": stand_ins.Figure(),
        "plot": wandb.data_types.Bokeh(stand_ins.Model("a")),
        "weights": wandb.Histogram([1, 2, 2], num_bins=2),
        "bars": wandb.plot.bar(wandb.Table(columns=["label", "value"], data=[["a", 3]]), "label", "value", title="Bars"),
        "curve": wandb.plot.line_series(xs=[0, 1], ys=[[1, 2], [3, 4]], keys=["a", "b"]),
        "mixed": wandb.Table(columns=["picture", "hum", "page"], data=[[picture(6), sound(7), wandb.Html("<i>cell</i>")]]),
    }
)
Trace("asked", inputs={"q": "?"}, outputs={"a": "!"}).log("trace")
tables = wandb.Artifact("tables", type="dataset")
halves = [wandb.Table(columns=["id", "n"], data=[[1, half]]) for half in (1, 2)]
for half, table in enumerate(halves):
    tables.add(table, f"parts/{half}")
tables.add(wandb.JoinedTable(*halves, "id"), "joined")
tables.add(wandb.data_types.PartitionedTable("parts"), "whole")
tables.add(picture(8, classes=wandb.Classes([{"id": 1, "name": "one"}])), "picture")
run.log_artifact(tables).wait()
for at in range(5):
    print(f"\rprogress {at}", end="", flush=True)
print("\rprogress done")
path = run.path
run.finish()

api = wandb.Api()
read = api.run(path)
row = read.summary
down = folder / "down"


def fetched(name):
    with read.file(name).download(root=str(down), replace=True) as file:
        return pathlib.Path(file.name).read_bytes()


def blobs(value):
    """Everything within that names a file and its digest."""
    if isinstance(value, dict):
        return ([value] if "sha256" in value else []) + [found for inner in value.values() for found in blobs(inner)]
    return [found for inner in value for found in blobs(inner)] if isinstance(value, (list, tuple)) else []


whole = [hashlib.sha256(fetched(blob["path"])).hexdigest() == blob["sha256"] for blob in blobs(plain(row))]
os.environ["WANDB_CACHE_DIR"] = tempfile.mkdtemp(dir=folder)
[cell] = api.artifact(f"every/run-{id}-mixed:latest").get("mixed").data
tables = api.artifact("every/tables:latest")
charts = read.rawconfig["_wandb"]["visualize"]
tell(
    {
        "takenUp": taken_up,
        "runs": [found.id == id for found in api.runs("every")],
        "kinds": {key: value["_type"] for key, value in plain(row).items() if isinstance(value, dict) and "_type" in value},
        "whole": [len(whole), all(whole)],
        "lists": [fetched(name).decode("latin1")[1:4] for name in row["pictures"]["filenames"]] + [row["hums"]["count"], row["pages"]["count"]],
        "watched": {key: sum(row[key]["values"]) for key in row.keys() if key.startswith(("gradients/", "parameters/"))},
        "cell": [type(value).__name__ for value in cell] + [pathlib.Path(cell[1]._path).read_bytes()[44], cell[2].html[-11:]],
        "joined": [row for _, row in tables.get("joined")._table1.iterrows()],
        "partitioned": sorted(row[1] for _, row in tables.get("whole").iterrows()),
        "classes": tables.get("picture")._classes._class_set,
        "charts": {key: chart["panel_type"] for key, chart in charts.items()},
        "diff": [line for line in fetched("diff.patch").decode().splitlines() if line[:1] in "+-" and line[1:2] == "x"],
        "commit": len(read.commit),
        "console": [line.rsplit("\r", 1)[-1] for line in fetched("output.log").decode().splitlines() if "progress" in line],
    }
)
