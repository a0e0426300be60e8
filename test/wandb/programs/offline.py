"""An offline run; tells where it lies."""

import wandb
from reading import tell

run = wandb.init(project="offline", mode="offline", config={"lr": 1})
for value in range(20):
    run.log({"value": value, "nan": float("nan")})
print("a line written offline")
path, folder = run.id, run.dir
run.finish()
tell({"id": path, "folder": folder.removesuffix("/files")})
