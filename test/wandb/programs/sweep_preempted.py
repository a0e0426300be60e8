"""A sweep's program whose machine goes at its first try of x = 0.1."""

import os
import sys

import wandb

with wandb.init() as run:
    run.log({"loss": run.config["x"]})
    marker = os.path.join(os.environ["MARKERS"], run.id)
    if run.config["x"] == 0.1 and not os.path.exists(marker):
        open(marker, "w").close()
        run.mark_preempting()
        sys.exit(1)
    run.log({"loss": run.config["x"] / 2})
