"""Several runs, found by filters, orders and pages."""

import wandb
from reading import tell

for number in range(6):
    run = wandb.init(project="many", name=f"run-{number}", config={"lr": 0.1 * number, "opt": {"name": ["sgd", "adam"][number % 2]}}, tags=["even"] if number % 2 == 0 else [], group=f"g{number // 3}")
    run.log({"loss": 10 - number, "val": {"acc": number}})
    run.finish(exit_code=number % 3)

api = wandb.Api()


def names(**keywords):
    runs = api.runs("many", per_page=2, **keywords)
    found = [run.name for run in runs]
    assert len(runs) == len(found), (len(runs), found)
    return found


tell(
    {
        "all": names(),
        "newest": names(order="-created_at"),
        "loss": names(order="+summary_metrics.loss"),
        "config": names(order="-config.lr"),
        "tag": names(filters={"tags": "even"}),
        "tagIn": names(filters={"tags": {"$in": ["even", "odd"]}}),
        "state": names(filters={"state": "finished"}),
        "failed": names(filters={"state": {"$ne": "finished"}}),
        "above": names(filters={"config.lr": {"$gt": 0.25}}),
        "wrapped": names(filters={"config.opt.name.value": "adam"}),
        "nested": names(filters={"config.opt.name": "adam", "summary_metrics.val.acc": {"$lte": 3}}),
        "either": names(filters={"$or": [{"display_name": "run-0"}, {"summary_metrics.loss": 5}]}),
        "pattern": names(filters={"display_name": {"$regex": "[45]$"}}),
        "group": names(filters={"$and": [{"group": "g1"}, {"$not": {"tags": "even"}}]}),
        "user": len(names(filters={"username": api.default_entity})),
        "equal": names(filters={"display_name": {"$eq": "run-1"}}),
        "between": names(filters={"summary_metrics.val.acc": {"$gte": 1, "$lt": 3}}),
        "notIn": names(filters={"display_name": {"$nin": ["run-0", "run-1"]}}),
        "neither": names(filters={"$nor": [{"state": "finished"}, {"group": "g0"}]}),
        "none": names(filters={"config.missing": {"$exists": True}}),
        "exists": len(names(filters={"config.lr": {"$exists": True}})),
    }
)
