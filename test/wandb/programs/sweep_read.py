"""What the public API says of a sweep."""

import sys

import wandb
from reading import tell

sweep = wandb.Api().sweep(sys.argv[1])
tell(
    {
        "state": sweep.state,
        "best": sweep.best_run().summary["loss"],
        # Not by `config`, which is empty in lists of 0.25.
        "runs": sorted(run.summary["loss"] for run in sweep.runs),
        "expected": sweep.expected_run_count,
    }
)
