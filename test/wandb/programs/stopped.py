"""Logs until it is told to stop."""

import time

import wandb

run = wandb.init(project="stopped", id="stopped-run", settings=wandb.Settings(x_file_stream_transmit_interval=1))
print("begun", flush=True)
for step in range(10_000):
    run.log({"step": step})
    time.sleep(0.2)
