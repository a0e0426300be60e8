"""One of many clients: begins, waits for a line on stdin, logs for a while, says so, and ends when stdin does. `log.py SECONDS`."""

import math
import sys
import time

import wandb

seconds, rate = float(sys.argv[1]), 10
with wandb.init(project="bench") as run:
    print("begun", flush=True)
    sys.stdin.readline()
    begun = time.monotonic()
    for step in range(int(seconds * rate)):
        run.log({f"metric-{index}": math.sin(step + index) for index in range(10)})
        time.sleep(max(0.0, begun + (step + 1) / rate - time.monotonic()))
    print("logged", flush=True)
    sys.stdin.read()
