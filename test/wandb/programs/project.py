"""Makes a project: `project.py NAME`."""

import sys

import wandb

api = wandb.Api()
api.create_project(sys.argv[1], api.default_entity)
