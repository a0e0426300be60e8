"""Pages of runs, filtered and ordered: prints the milliseconds of each."""

import json
import sys
import time

import wandb

runs = wandb.Api().runs("bench", filters={"config.lr": {"$gt": 0.2}, "tags": "even"}, order="+summary_metrics.loss", per_page=50)
milliseconds = []
for _ in range(int(sys.argv[1])):
    begun = time.perf_counter()
    runs._load_page()
    milliseconds.append(1000 * (time.perf_counter() - begun))
losses = [run.summary["loss"] for run in list(runs.objects)[:3]]
print(json.dumps({"ms": milliseconds, "total": len(runs), "sorted": losses == sorted(losses)}))
