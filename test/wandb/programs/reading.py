"""What a run is, read back by the public API, as JSON: numbers that JSON lacks as texts."""

import json
import math

import wandb


def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if hasattr(value, "_json_dict"):
        return plain(value._json_dict)
    return value


def tell(value):
    print("TOLD " + json.dumps(plain(value)))


def without_own(row):
    return {key: value for key, value in row.items() if not key.startswith("_") or key == "_step"}


def read(path):
    run = wandb.Api().run(path)
    return {
        "id": run.id,
        "name": run.name,
        "state": run.state,
        "config": dict(run.config),
        "summary": without_own(dict(run.summary)),
        "tags": list(run.tags),
        "notes": run.notes,
        "group": run.group,
        "jobType": run.job_type,
        "history": [without_own(row) for row in run.scan_history()],
        "lastStep": run.lastHistoryStep,
        "files": sorted(file.name for file in run.files()),
        "user": run.user.username,
    }
