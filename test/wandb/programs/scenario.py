"""What every release of the client must be able to do: `scenario.py PROJECT`. A run, resumed once; an artifact, used; and all of it read back."""

import os
import pathlib
import sys
import tempfile

import wandb
from reading import plain, read, tell

project = sys.argv[1]
folder = pathlib.Path(tempfile.mkdtemp(dir=os.environ["HOME"]))
os.chdir(folder)
content = bytes(range(256)) * 500

run = wandb.init(project=project, name="first", notes="noted", tags=["a", "b"], group="g", config={"lr": 0.1, "nested": {"a": [1, 2.5]}})
for step in range(4):
    run.log({"loss": 1 / (step + 1), "deep": {"er": step}, "odd": [float("nan"), float("inf"), -0.5, 1152921504606846977][step]})
run.summary["best"] = 0.25
print("the first line")
(folder / "saved.bin").write_bytes(content)
run.save(str(folder / "saved.bin"), base_path=str(folder))
artifact = wandb.Artifact("data", type="dataset", metadata={"rows": 3})
with artifact.new_file("inner/file.bin", mode="wb") as file:
    file.write(content)
run.log_artifact(artifact, aliases=["best"]).wait()
run.log({"table": wandb.Table(columns=["x"], data=[[1], [2]])})
path, id = run.path, run.id
run.finish()

run = wandb.init(project=project, id=id, resume="must")
run.log({"loss": 0.125})
print("a line on the console")
# What is still in the cache from logging would hide that nothing can be fetched.
os.environ["WANDB_CACHE_DIR"] = tempfile.mkdtemp(dir=folder)
used = run.use_artifact("data:best")
fetched = pathlib.Path(used.download(root=str(folder / "fetched")))
run.finish()

api = wandb.Api()
told = read(path)
again = api.run(path)
kept = api.artifact(f"{path.rsplit('/', 1)[0]}/data:latest")
with again.file("saved.bin").download(root=str(folder / "down"), replace=True):
    pass
with again.file("output.log").download(root=str(folder / "down"), replace=True) as log:
    told["console"] = "a line on the console" in log.read()
told.update(
    {
        "exact": told["history"][3]["odd"] == 1152921504606846977,
        "sampled": [row["loss"] for row in again.history(keys=["loss"], pandas=False)],
        "saved": (folder / "down" / "saved.bin").read_bytes() == content,
        "fetched": (fetched / "inner/file.bin").read_bytes() == content,
        "artifact": [kept.version, sorted(kept.aliases), dict(kept.metadata), kept.file_count, kept.size],
        "makerAndUser": [kept.logged_by().id == id, [user.id == id for user in kept.used_by()]],
        "outputs": sorted(item.type for item in again.logged_artifacts()),
        "found": [found.name for found in api.runs(project, filters={"config.lr": {"$lt": 0.2}, "tags": "a"}, order="-created_at")],
    }
)
tell(plain(told))
