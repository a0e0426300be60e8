"""Calls a method of a run: `on_run.py METHOD PATH`."""

import sys

import wandb

getattr(wandb.Api().run(sys.argv[2]), sys.argv[1])()
