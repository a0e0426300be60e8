"""A run with every kind of value, and what it reads back."""

import sys
import time

import wandb
from reading import read, tell

run = wandb.init(
    project="life",
    name="first name",
    notes="some notes",
    tags=["b", "a"],
    group="a group",
    job_type="train",
    settings=wandb.Settings(x_stats_sampling_interval=0.1),
    config={"lr": 0.1, "nested": {"a": 1, "b": [1, 2.5, "x"], "c.d": None}, "big": 1152921504606846977, "flag": True},
)
run.define_metric("val/*", summary="min", step_metric="epoch")
run.config.update({"late": "yes"})
for step in range(5):
    run.log(
        {
            "loss": 1 / (step + 1),
            "odd": [float("nan"), float("inf"), float("-inf"), -0.0, 5e-324][step],
            "big": 1152921504606846977 + step,
            "nested": {"a": {"b": step}},
            "val/acc": [3, 1, 2, 5, 4][step],
            "epoch": step // 2,
        }
    )
run.log({"early": 1}, step=10, commit=False)
run.log({"late": 1}, step=10)
# Back is no direction: the client drops it.
run.log({"back": 1}, step=3)
run.log({"histogram": wandb.Histogram(np_histogram=([1, 2], [0.0, 0.5, 1.0]))}, step=11)
run.summary["best"] = 0.25
run.summary["deep"] = {"er": {"x": 1}}
run.name = "second name"
run.tags = run.tags + ("c",)
print("a line on the console")
print("a line of error", file=sys.stderr)
# Long enough for some samples of the system.
time.sleep(1)
path = run.path
run.finish()
told = read(path)
api = wandb.Api()
again = api.run(path)
told["sampled"] = [row for row in again.history(keys=["loss"], pandas=False)]
told["full"] = len(again.history(pandas=False))
told["range"] = [row["_step"] for row in again.scan_history(min_step=2, max_step=10, page_size=2)]
told["keyed"] = [row for row in again.scan_history(keys=["big", "_step"])]
told["samples"] = len(again.history(stream="events", pandas=False))
told["system"] = sorted(again.system_metrics)
told["console"] = [[line.level, line.content] for line in again.console_logs(per_page=1)]
told["lastLine"] = [line.content for line in again.console_logs(last=1)]
tell(told)
