"""Stops a run."""

import sys

import wandb

wandb.Api().run(sys.argv[1]).stop()
