"""A trial: its loss is its parameter `x`. Above 0.5 it goes on until it is stopped; LINGER makes every trial do so."""

import argparse
import os
import time

import wandb

parser = argparse.ArgumentParser()
parser.add_argument("--x", type=float, required=True)
x = parser.parse_args().x

with wandb.init(settings=wandb.Settings(x_file_stream_transmit_interval=1)) as run:
    steps = 2_000 if x > 0.5 or "LINGER" in os.environ else 4
    for step in range(steps):
        run.log({"loss": x})
        time.sleep(0.1)
