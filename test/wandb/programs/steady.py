"""Logs steadily, numbers that say which line they are: `steady.py RUN LINES PER_SECOND`."""

import sys
import time

import wandb

name, lines, rate = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with wandb.init(project="steady", id=name, settings=wandb.Settings(x_file_stream_transmit_interval=1)) as run:
    begun = time.monotonic()
    for line in range(lines):
        run.log({"line": line, "half": line / 2})
        if line % rate == 0:
            print(f"line {line}")
        time.sleep(max(0.0, begun + line / rate - time.monotonic()))
