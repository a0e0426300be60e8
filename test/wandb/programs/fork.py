"""A run of six steps, and a fork of it at its third; with `again`, the fork begun anew and shorter."""

import wandb
from reading import read, tell

origin = wandb.init(project="forks", id="origin", config={"lr": 1})
for value in range(6):
    origin.log({"value": value})
origin.finish()

told = {}
for name, count in (("first", 3), ("second", 1)):
    run = wandb.init(project="forks", id="fork", fork_from="origin?_step=2")
    for value in range(count):
        run.log({"value": 100 + value})
    path = run.path
    run.finish()
    told[name] = read(path)

run = wandb.init(project="forks", id="fork", resume="must")
run.log({"value": 200})
run.finish()
told["resumed"] = read(path)
told["origin"] = read("forks/origin")
try:
    wandb.init(project="forks", fork_from="nobody?_step=2")
    told["nobody"] = None
except Exception as error:
    told["nobody"] = str(error)
tell(told)
