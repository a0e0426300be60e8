"""What the public API changes in runs that have ended."""

import wandb
from reading import read, tell

run = wandb.init(project="edited", config={"lr": 1})
run.log({"loss": 1})
run.alert("low", "it is low", level="WARN", wait_duration=60)
run.alert("low", "it is low again")
path = run.path
run.finish()

api = wandb.Api()
run = api.run(path)
run.name = "renamed"
run.notes = "noted"
run.tags = ["x"]
run.config["extra"] = {"a": [1]}
run.update()
run.summary["late"] = 7
run.summary.update()
told = {"edited": read(path)}

other = wandb.init(project="edited", id="doomed")
other.finish()
api.run(f"{api.default_entity}/edited/doomed").delete()
try:
    wandb.Api().run(f"{api.default_entity}/edited/doomed")
    told["deleted"] = False
except Exception as error:
    told["deleted"] = "Could not find run" in str(error)

made = api.create_run(run_id="made", project="edited")
told["moved"] = [made.state]
for state in ("failed", "pending"):
    made.update_state(state)
    told["moved"].append(wandb.Api().run(f"{api.default_entity}/edited/made").state)
try:
    wandb.Api().run(path).update_state("pending")
    told["ended"] = None
except Exception as error:
    told["ended"] = str(error)
told["users"] = [user.username for user in api.users(api.default_entity)]
told["projects"] = [project.name for project in api.projects(api.default_entity)]
try:
    wandb.init(project="edited", entity="somebody-else")
    told["foreign"] = None
except Exception as error:
    told["foreign"] = str(error)
try:
    wandb.init(project="edited", config={"huge": "x" * (17 << 20)})
    told["huge"] = None
except Exception as error:
    told["huge"] = str(error)
outside = wandb.Artifact("outside", type="dataset")
with outside.new_file("inside.txt") as file:
    file.write("x")
outside.manifest.entries["../outside.txt"] = outside.manifest.entries.pop("inside.txt")
outside.manifest.entries["../outside.txt"].path = "../outside.txt"
with wandb.init(project="edited") as run:
    try:
        run.log_artifact(outside).wait(30)
        told["outside"] = None
    except Exception as error:
        told["outside"] = str(error)
tell(told)
