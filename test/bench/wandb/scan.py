"""Scans the history of a run: `scan.py RUN` prints rows and seconds."""

import json
import sys
import time

import wandb

run = wandb.Api().run(f"bench/{sys.argv[1]}")
begun = time.perf_counter()
cpu = time.process_time()
rows = sum(1 for _ in run.scan_history())
print(json.dumps({"rows": rows, "seconds": time.perf_counter() - begun, "cpu": time.process_time() - cpu}))
