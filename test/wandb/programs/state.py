"""The state and exit code of runs, by their paths."""

import sys

import wandb
from reading import tell

api = wandb.Api()
tell({path.split("/")[-1]: api.run(path).state for path in sys.argv[1:]})
