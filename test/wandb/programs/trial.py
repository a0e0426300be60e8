"""A training program that knows wandb only: where it reports, and its parameters, come from the environment."""

import wandb

run = wandb.init(config={"own": 1})
for step in range(3):
    run.log({"loss": (run.config.x - 2) ** 2 + 1 / (step + 1)})
print(f"x is {run.config.x}")
run.finish()
