"""An agent that calls a function: makes the sweep of its first argument (JSON), works for it and tells what the public API says."""

import json
import sys
import time

import wandb

config = json.loads(sys.argv[1])


def train():
    with wandb.init(settings=wandb.Settings(x_file_stream_transmit_interval=1)) as run:
        x = run.config["x"]
        for step in range(2_000 if x > 0.5 and "early_terminate" in config else 4):
            run.log({"loss": x})
            time.sleep(0.1)


name = wandb.sweep(config, project="functions")
wandb.agent(name, function=train, project="functions")

sweep = wandb.Api().sweep(f"functions/{name}")
best = sweep.best_run()
print(
    "TOLD "
    + json.dumps(
        {
            "sweep": name,
            "state": sweep.state,
            "expected": sweep.expected_run_count,
            "runs": sorted((run.state, run.config["x"], run.summary["loss"]) for run in sweep.runs),
            "best": best.summary["loss"],
            "agents": len(sweep.agents()),
        }
    )
)
