"""What of `steady` is there: `steady_read.py RUN…` tells the lines of each run, in order, as the public API scans them, and its console."""

import sys

import wandb
from reading import tell

api = wandb.Api()
told = {}
for name in sys.argv[1:]:
    run = api.run(f"steady/{name}")
    rows = list(run.scan_history())
    told[name] = {
        "state": run.state,
        "lines": [row["line"] for row in rows],
        "steps": [row["_step"] for row in rows],
        "halves": [row["half"] for row in rows],
        "console": [line.content for line in run.console_logs()],
    }
tell(told)
