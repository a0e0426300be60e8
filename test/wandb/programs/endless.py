"""Logs until it is stopped, or until there is a file `end-RUN`: `endless.py RUN`."""

import os
import sys
import time

import wandb

name = sys.argv[1]
run = wandb.init(project="resumed", id=name, settings=wandb.Settings(x_file_stream_transmit_interval=1))
print("begun", flush=True)
while not os.path.exists(f"end-{name}"):
    run.log({"value": 0})
    time.sleep(0.2)
run.finish()
