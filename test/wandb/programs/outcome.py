"""A run that ends as its first argument says."""

import sys

import wandb
from reading import tell

how = sys.argv[1]
run = wandb.init(project="outcomes", id=how)
run.log({"loss": 1})
if how == "error":
    raise ValueError("as asked")
if how == "exit-3":
    sys.exit(3)
if how == "preempted":
    run.mark_preempting()
    sys.exit(1)
if how == "finish-2":
    run.finish(exit_code=2)
tell(run.path)
