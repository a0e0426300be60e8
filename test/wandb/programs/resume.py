"""One run in several segments: `resume.py RUN MODE FIRST COUNT`; MODE is what `init` is told about resuming."""

import sys

import wandb
from reading import read, tell

name, mode, first, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
keywords = {} if mode == "none" else {"resume_from": f"{name}?_step={first - 1}"} if mode == "rewind" else {"resume": mode}
if mode != "rewind":
    keywords["id"] = name
run = wandb.init(project="resumed", config={mode: first}, **keywords)
for value in range(first, first + count):
    run.log({"value": value})
print(f"segment from {first}")
path = run.path
run.finish()
tell(read(path))
