"""Teams, what they own, and what else the public API makes."""

import datetime
import json
import os

# Code is saved that lies below the folder that the program runs in.
os.chdir(os.path.dirname(__file__))

import wandb
from wandb.apis._generated import CREATE_PROJECT_GQL, UpsertModelInput

from reading import read, tell

api = wandb.Api()
me = api.default_entity
told = {}

team = api.create_team("robots")
told["team"] = [team.name, [member.username for member in team.members], team.entity_type]
told["teams"] = wandb.Api().viewer.teams
run = wandb.init(project="arms", entity="robots", id="grasping")
run.log({"loss": 1})
run.finish()
told["owned"] = [read("robots/arms/grasping")["state"], [project.name for project in wandb.Api().projects("robots")]]

# Nothing of the public API sets who may see a project; what the client sends for it does.
shown = UpsertModelInput(name="shown", entity_name=me, access="USER_READ", description="digits")
api._service_api.execute_graphql(CREATE_PROJECT_GQL, {"input": shown.model_dump()})
wandb.init(project="shown", entity=me).finish()
api.create_project("shown", me)
seen = 'query { project(name: "shown") { access description } }'
told["visibility"] = api._service_api.execute_graphql(seen, {})["project"]

told["chart"] = api.create_custom_chart(
    entity=me, name="bars", display_name="Bars", spec_type="vega2", access="private", spec={"mark": "bar", "n": 1.0}
)

run = wandb.init(project="arms", id="alerting", save_code=True)
run.alert("hot", "it is hot", level="ERROR", wait_duration=60)
run.alert("hot", "it is still hot")
run.log({"loss": 2})
artifact = wandb.Artifact("short-lived", type="data")
artifact.ttl = datetime.timedelta(days=1)
with artifact.new_file("x.txt") as file:
    file.write("x")
run.log_artifact(artifact).wait()
run.finish()
read_artifact = wandb.Api().artifact(f"{me}/arms/short-lived:latest")
told["ttl"] = read_artifact.ttl.total_seconds()
told["code"] = [name for name in read(f"{me}/arms/alerting")["files"] if name.startswith("code/")]
tell(json.loads(json.dumps(told)))
