"""Optuna 5 behind the line protocol: python optuna_peer.py FILE --seed S --sampler tpe|gp [--stop]

Needs optuna==5.*, PyYAML; `gp` also scipy and torch. Default settings of the sampler, one thread. Failed trainings are told as failed
trials. --stop: reports are judged by asynchronous successive halving (min_resource 3, reduction_factor 3)."""
import argparse
import json
import os
import sys
import traceback
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
warnings.filterwarnings("ignore")
import optuna
import yaml
from optuna.trial import TrialState

optuna.logging.set_verbosity(optuna.logging.ERROR)


class Peer:
    def __init__(self, config, words):
        self.parameters = config["parameters"]
        sampler = optuna.samplers.GPSampler(seed=words.seed) if words.sampler == "gp" else optuna.samplers.TPESampler(seed=words.seed)
        pruner = optuna.pruners.SuccessiveHalvingPruner(min_resource=3, reduction_factor=3) if words.stop else optuna.pruners.NopPruner()
        self.study = optuna.create_study(sampler=sampler, pruner=pruner, direction=config["metric"]["goal"])
        self.trials = {}

    def suggest(self, trial):
        params = {}
        for name, parameter in self.parameters.items():
            distribution, when = parameter.get("distribution"), parameter.get("when")
            if when and not all(params.get(other) in values for other, values in when.items()):
                continue
            if "values" in parameter:
                params[name] = trial.suggest_categorical(name, parameter["values"])
            elif distribution in ("int_uniform", "q_log_uniform_values"):
                params[name] = trial.suggest_int(name, parameter["min"], parameter["max"], log=distribution != "int_uniform")
            else:
                params[name] = trial.suggest_float(name, parameter["min"], parameter["max"], log=distribution == "log_uniform_values")
        return params

    def ask(self, request):
        trial = self.study.ask()
        number = trial.number + 1
        self.trials[number] = trial
        return {"trials": [{"number": number, "params": self.suggest(trial)}], "exhausted": False}

    def report(self, request):
        trial = self.trials[request["number"]]
        trial.report(request["value"], request["step"])
        return {"stop": trial.should_prune(), "reason": ""}

    def best(self, request):
        return {"number": None}

    def tell(self, request):
        trial = self.trials.pop(request["number"])
        state = request.get("state")
        if state == "pruned":
            self.study.tell(trial, state=TrialState.PRUNED)
        elif state == "failed" or isinstance(request["value"], str):
            self.study.tell(trial, state=TrialState.FAIL)
        else:
            self.study.tell(trial, request["value"])
        return {"ok": True}


def main():
    words = argparse.ArgumentParser()
    words.add_argument("file")
    words.add_argument("--seed", type=int, required=True)
    words.add_argument("--sampler", choices=["tpe", "gp"], required=True)
    words.add_argument("--stop", action="store_true")
    words = words.parse_args()
    if words.sampler == "gp":
        import torch

        torch.set_num_threads(1)
    with open(words.file) as file:
        peer = Peer(yaml.safe_load(file), words)
    for line in sys.stdin:
        try:
            request = json.loads(line)
            answer = {"ask": peer.ask, "report": peer.report, "best": peer.best, "tell": peer.tell}[request["op"]](request)
        except Exception as error:
            traceback.print_exc()
            answer = {"error": {"code": type(error).__name__, "message": str(error)}}
        print(json.dumps(answer), flush=True)


main()
