"""Artifacts, one scene a call: logged, used, fetched, edited, and what the public API says of them."""

import os
import pathlib
import sys
import tempfile

import wandb
from reading import plain, tell

folder = pathlib.Path(tempfile.mkdtemp(dir=os.environ["HOME"]))
os.chdir(folder)
project = "-".join(["artifacts", *sys.argv[1:]])
sent = {
    "plain.txt": b"some text\n",
    "empty.bin": b"",
    "deep/er/inner.bin": bytes(range(256)) * 5000,
    "with space & 100% ü'\".txt": "ü".encode(),
    "same as plain": b"some text\n",
}


def made(name="data", type="dataset", files=sent, **kwargs):
    artifact = wandb.Artifact(name, type=type, **kwargs)
    for path, content in files.items():
        with artifact.new_file(path, mode="wb") as file:
            file.write(content)
    return artifact


def logged(run, *args, aliases=None, tags=None, **kwargs):
    return run.log_artifact(made(*args, **kwargs), aliases=aliases, tags=tags).wait()


def seen(artifact):
    return {
        "name": artifact.name,
        "version": artifact.version,
        "aliases": sorted(artifact.aliases),
        "tags": sorted(artifact.tags),
        "type": artifact.type,
        "state": artifact.state,
        "size": artifact.size,
        "count": artifact.file_count,
        "digest": artifact.digest,
        "metadata": dict(artifact.metadata),
        "description": artifact.description,
    }


def fetched(artifact):
    """From the server, whatever was cached when it was logged. (`skip_cache` mixes up files that are fetched at once.)"""
    os.environ["WANDB_CACHE_DIR"] = tempfile.mkdtemp(dir=folder)
    root = pathlib.Path(artifact.download(root=tempfile.mkdtemp(dir=folder)))
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def error_of(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def log():
    with wandb.init(project=project) as run:
        first = logged(run, aliases=["best", "a"], tags=["t1"], metadata={"rows": 3, "nested": {"x": [1, 2.5]}}, description="words")
        maker = run.path
    with wandb.init(project=project) as run:
        used = run.use_artifact("data:best")
        same = fetched(used) == sent
        user = run.path
    api = wandb.Api()
    path = f"{maker.rsplit('/', 1)[0]}/data:v0"
    artifact = api.artifact(path)
    entry = pathlib.Path(artifact.get_entry("plain.txt").download(root=tempfile.mkdtemp(dir=folder)))
    return {
        "first": seen(first),
        "read": seen(artifact),
        "same": same,
        "apiSame": fetched(artifact) == sent,
        "verified": error_of(lambda: artifact.verify(root=artifact.download(root=tempfile.mkdtemp(dir=folder)))),
        "entry": entry.read_bytes().decode(),
        "maker": artifact.logged_by().path == maker.split("/"),
        "users": [run.path == user.split("/") for run in artifact.used_by()],
        "outputs": [item.name for item in api.run(maker).logged_artifacts()],
        "inputs": [item.name for item in api.run(user).used_artifacts()],
        "files": sorted(file.name for file in artifact.files()),
        "named": [file.name for file in artifact.files(names=["plain.txt"])],
        "exists": [api.artifact_exists(path), api.artifact_exists(path.replace(":v0", ":v7"))],
        "collection": api.artifact_collection_exists(path.split(":")[0], "dataset"),
        "missing": error_of(lambda: api.artifact(path.replace("data", "nothing"))),
    }


def versions():
    with wandb.init(project=project) as run:
        names = [logged(run).version, logged(run).version]
        names.append(logged(run, files={**sent, "new": b"1"}, aliases=["good"]).version)
        names.append(logged(run, files={"new": b"2"}, aliases=["good", "x"]).version)
        names.append(logged(run, files={"new": b"2"}, aliases=["y"]).version)
        other = error_of(lambda: logged(run, type="model"))
        reserved = error_of(lambda: logged(run, files={"r": b""}, aliases=["v7"]))
        path = run.path.rsplit("/", 1)[0]
    api = wandb.Api()
    all = [(item.version, sorted(item.aliases)) for item in api.artifacts("dataset", f"{path}/data")]
    return {
        "names": names,
        "all": all,
        "latest": api.artifact(f"{path}/data").version,
        "other": other,
        "reserved": reserved,
        "types": [item.name for item in api.artifact_types(path)],
        "collections": [item.name for item in api.artifact_type("dataset", path).collections()],
    }


def edit():
    with wandb.init(project=project) as run:
        logged(run, files={"a": b"1"}, aliases=["old"], metadata={"n": 1}, tags=["t0"])
        logged(run, files={"a": b"2"})
        path = run.path.rsplit("/", 1)[0]
    api = wandb.Api()
    artifact = api.artifact(f"{path}/data:v0")
    artifact.metadata["n"] = 2
    artifact.metadata["nan"] = "text"
    artifact.description = "new words"
    artifact.aliases.append("new")
    artifact.aliases.remove("old")
    artifact.tags = ["t1", "t2"]
    artifact.save()
    after = seen(wandb.Api().artifact(f"{path}/data:new"))
    second = wandb.Api().artifact(f"{path}/data:v1")
    kept = error_of(second.delete)
    second.delete(delete_aliases=True)
    first = wandb.Api().artifact(f"{path}/data:v0")
    collection = wandb.Api().artifact_collection("dataset", f"{path}/data")
    collection.description = "a shelf"
    collection.name = "renamed"
    collection.tags = ["c1"]
    collection.save()
    again = wandb.Api().artifact_collection("dataset", f"{path}/renamed")
    result = {
        "after": after,
        "gone": error_of(lambda: wandb.Api().artifact(f"{path}/data:old")) is not None,
        "kept": kept,
        "deleted": error_of(lambda: wandb.Api().artifact(f"{path}/renamed:v1")) is not None,
        "moved": sorted(first.aliases),
        "collection": {"name": again.name, "description": again.description, "tags": sorted(again.tags), "aliases": sorted(again.aliases)},
    }
    again.change_type("other")
    result["retyped"] = wandb.Api().artifact(f"{path}/renamed:v0").type
    wandb.Api().artifact_collection("other", f"{path}/renamed").delete()
    result["emptied"] = [item.name for item in wandb.Api().artifact_type("other", path).collections()]
    return result


def link():
    with wandb.init(project=project) as run:
        first = logged(run, files={"a": b"1"})
        second = logged(run, files={"a": b"2"})
        run.link_artifact(second, f"{project}/shelf", aliases=["good"])
        linked = first.link(f"{project}/shelf")
        path = run.path.rsplit("/", 1)[0]
    api = wandb.Api()
    shelf = api.artifact(f"{path}/shelf:good")
    result = {
        "linked": linked.name,
        "shelf": [shelf.name, shelf.version, shelf.source_version, sorted(shelf.aliases), shelf.is_link],
        "content": {name: content.decode() for name, content in fetched(shelf).items()},
        "all": [(item.name, item.source_version) for item in api.artifacts("dataset", f"{path}/shelf")],
        "links": [item.name for item in api.artifact(f"{path}/data:v1").linked_artifacts],
    }
    shelf.unlink()
    result["left"] = [item.source_version for item in wandb.Api().artifacts("dataset", f"{path}/shelf")]
    result["source"] = wandb.Api().artifact(f"{path}/data:v1").state
    return result


def kinds():
    (folder / "referenced.txt").write_text("elsewhere")
    (folder / "code.py").write_text("print(1)")
    with wandb.init(project=project) as run:
        table = wandb.Table(columns=["x", "y"], data=[[1, "a"], [2.5, "b"]])
        run.log({"table": table})
        references = wandb.Artifact("refs", type="dataset")
        references.add_reference(f"file://{folder}/referenced.txt", name="elsewhere.txt")
        references.add(wandb.Table(columns=["z"], data=[[3]]), "inner")
        run.log_artifact(references).wait()
        far = wandb.Artifact("far", type="dataset")
        far.add_reference("https://example.invalid/x", name="web", checksum=False)
        run.log_artifact(far).wait()
        code = run.log_code(str(folder))
        code.wait()
        base = logged(run, "drafted", files={"kept": b"1", "changed": b"2", "dropped": b"3"})
        draft = base.new_draft()
        draft.remove("dropped")
        draft.remove("changed")
        with draft.new_file("changed") as file:
            file.write("4")
        drafted = run.log_artifact(draft).wait()
        nested = wandb.Artifact("nested", type="dataset")
        nested.add_reference(base.get_entry("kept").ref_url(), name="through")
        run.log_artifact(nested).wait()
        (folder / "weights.bin").write_bytes(b"weights")
        run.log_model(str(folder / "weights.bin"), name="weights", aliases=["m"])
        registered = run.link_model(str(folder / "weights.bin"), registered_model_name="champion", name="weights", aliases=["prod"])
        path, id = run.path.rsplit("/", 1)[0], run.id
    api = wandb.Api()
    run = api.run(f"{path}/{id}")
    champion = api.artifact(f"{run.entity}/model-registry/champion:prod")
    row = next(iter(run.scan_history()))
    table = api.artifact(f"{path}/run-{id}-table:latest").get("table")
    refs = api.artifact(f"{path}/refs:latest")
    far = api.artifact(f"{path}/far:latest")
    kept = far.manifest.entries["web"]
    with wandb.init(project=project) as other:
        model = pathlib.Path(other.use_model("weights:m")).read_bytes().decode()
    return {
        "row": {name: row["table"][name] for name in ("_type", "nrows", "ncols", "artifact_path")},
        "table": {"columns": table.columns, "data": table.data},
        "inner": refs.get("inner").data,
        "listed": sorted(file.name for file in refs.files()),
        "web": [kept.ref, kept.digest, [(file.name, file.direct_url) for file in far.files()]],
        "elsewhere": pathlib.Path(refs.get_entry("elsewhere.txt").download(root=str(folder / "down"))).read_text(),
        "code": sorted(name for name in fetched(api.artifact(f"{path}/{code.name.split(':')[0]}:latest"))),
        "drafted": {name: content.decode() for name, content in fetched(drafted).items()},
        "version": drafted.version,
        "nested": {name: content.decode() for name, content in fetched(api.artifact(f"{path}/nested:latest")).items()},
        "model": model,
        "registered": [registered.name, champion.version, champion.source_name, sorted(champion.aliases)],
        "types": sorted(item.name for item in api.artifact_types(path)),
        "outputs": sorted(item.name.replace(id, "ID") for item in run.logged_artifacts()),
    }


def growing():
    with wandb.init(project=project) as run:
        table = wandb.Table(columns=["x"], log_mode="INCREMENTAL")
        for x in range(3):
            table.add_data(x)
            run.log({"grows": table})
        again = wandb.Table(columns=["x"], log_mode="MUTABLE")
        for x in range(2):
            again.add_data(x)
            run.log({"changes": again})
        path, id = run.path.rsplit("/", 1)[0], run.id
    with wandb.init(project=project, group="together") as run:
        for part in ("one", "two"):
            run.upsert_artifact(made("shared", files={part: part.encode()}), distributed_id="d")
        run.finish_artifact(wandb.Artifact("shared", type="dataset"), distributed_id="d")
    api = wandb.Api()
    rows = [row["grows"] for row in api.run(f"{path}/{id}").scan_history() if "grows" in row]
    return {
        "rows": [(row["_type"], row.get("increment_num")) for row in rows],
        "versions": [item.version for item in api.artifacts("wandb-run-incremental-table", f"{path}/run-{id}-incr-grows")],
        "files": sorted(fetched(api.artifact(f"{path}/run-{id}-incr-grows:latest"))),
        "changes": len(api.artifact(f"{path}/run-{id}-changes:latest").get("changes").data),
        "shared": sorted(fetched(api.artifact(f"{path}/shared:latest"))),
    }


def repeated():
    with wandb.init(project=project) as run:
        for _ in range(2):
            run.log({"same": wandb.Table(columns=["x"], data=[[1]])})
        path, id = run.path.rsplit("/", 1)[0], run.id
    api = wandb.Api()
    rows = [row["same"] for row in api.run(f"{path}/{id}").scan_history() if "same" in row]
    return {
        "versions": [item.version for item in api.artifacts("run_table", f"{path}/run-{id}-same")],
        "references": [row["artifact_path"].split("/")[2] for row in rows],
    }


def run_deleted():
    with wandb.init(project=project) as run:
        logged(run, files={"a": b"1"}, aliases=["mine"])
        maker = run.path
    with wandb.init(project=project) as run:
        logged(run, files={"a": b"1"})
        repeater = run.path
    path = maker.rsplit("/", 1)[0]
    wandb.Api().run(repeater).delete(delete_artifacts=True)
    kept = wandb.Api().artifact_exists(f"{path}/data:v0")
    wandb.Api().run(maker).delete(delete_artifacts=True)
    return [kept, wandb.Api().artifact_exists(f"{path}/data:v0")]


def offline():
    with wandb.init(project=project, mode="offline", dir=os.environ["HOME"]) as run:
        run.log_artifact(made("later", files={"x": b"written offline"}), aliases=["off"])
        run.log({"table": wandb.Table(columns=["a"], data=[[1]])})
        return run.id


def synced():
    path = f"{wandb.Api().default_entity}/artifacts-offline"
    return {
        "files": {name: content.decode() for name, content in fetched(wandb.Api().artifact(f"{path}/later:off")).items()},
        "versions": [item.version for item in wandb.Api().artifacts("dataset", f"{path}/later")],
        "types": sorted(item.name for item in wandb.Api().artifact_types(path)),
    }


tell(plain(globals()[sys.argv[1]]()))
