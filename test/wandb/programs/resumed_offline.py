"""A run of three steps, then five more that resume it without a network; tells where these lie."""

import wandb
from reading import tell

run = wandb.init(project="offline", id="taken-up")
for value in range(3):
    run.log({"value": value})
run.finish()
run = wandb.init(project="offline", id="taken-up", mode="offline", resume="must")
for value in range(3, 8):
    run.log({"value": value})
print("a line written offline")
folder = run.dir
run.finish()
tell({"folder": folder.removesuffix("/files")})
