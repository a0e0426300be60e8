"""A run and an artifact by a connection that fails; `endures.py PROJECT`. Read back, it tells what is there."""

import os
import pathlib
import sys
import tempfile
import time

import wandb
from reading import read, tell

project = sys.argv[1]
folder = pathlib.Path(tempfile.mkdtemp(dir=os.environ["HOME"]))
os.chdir(folder)
(folder / "saved.txt").write_text("saved")
# Faults come fast here: a client that waits as it does by itself would take minutes.
quick = {f"x_{kind}_retry_wait_min_seconds": 1 for kind in ("graphql", "file_stream", "file_transfer")}

run = wandb.init(project=project, config={"lr": 0.1}, settings=wandb.Settings(x_file_stream_transmit_interval=1, **quick))
for value in range(60):
    run.log({"value": value})
    print(f"line {value}")
    time.sleep(0.05)
run.save("saved.txt")
run.alert("hot", "it is hot", wait_duration=1)
artifact = wandb.Artifact("data", type="dataset")
for name in ("one", "two"):
    with artifact.new_file(name) as file:
        file.write(name * 1000)
run.log_artifact(artifact, aliases=["kept"]).wait()
path, id = run.path, run.id
run.finish()

api = wandb.Api()
told = read(path)
os.environ["WANDB_CACHE_DIR"] = tempfile.mkdtemp(dir=folder)
fetched = pathlib.Path(api.artifact(f"{project}/data:kept").download(root=tempfile.mkdtemp(dir=folder)))
told["console"] = [line.content for line in api.run(path).console_logs()]
told["runs"] = [found.id == id for found in api.runs(project)]
told["versions"] = [item.version for item in api.artifacts("dataset", f"{project}/data")]
told["same"] = {name: (fetched / name).read_text() == name * 1000 for name in ("one", "two")}
with api.run(path).file("saved.txt").download(root=str(folder / "down")) as file:
    told["saved"] = file.read()
tell(told)
