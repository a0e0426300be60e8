"""Run by python.test.ts, or by hand: python3 -m unittest discover -s libs/sdk/python"""

import json
import math
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


def run(program, folder, **environment):
    """Runs a program in a process of its own, as an agent would, and gives its stdout."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SWEEP_")}
    result = subprocess.run(
        [sys.executable, "-c", "import sweep_report as sweep\n" + program],
        cwd=folder,
        env={**clean, "PYTHONPATH": HERE, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
    )
    if result.returncode != 0:
        raise AssertionError(result.stderr)
    return result.stdout


class InATrial(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = self._folder.name
        self.metrics = os.path.join(self.folder, "metrics.jsonl")

    def tearDown(self):
        self._folder.cleanup()

    def lines(self):
        with open(self.metrics, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def test_params_are_over_the_defaults(self):
        path = os.path.join(self.folder, "params.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write('{"lr": 0.5, "model": {"depth": 3}}')
        out = run("print(sweep.params({'lr': 1, 'epochs': 7}))", self.folder, SWEEP_PARAMS=path)
        self.assertEqual(out, "{'lr': 0.5, 'epochs': 7, 'model': {'depth': 3}}\n")

    def test_both_forms_of_report(self):
        run("sweep.report(step=3, loss=0.25)\nsweep.report({'val/acc': 0.5}, step=4)\nsweep.report(n=2)", self.folder, SWEEP_METRICS=self.metrics)
        self.assertEqual(self.lines(), [{"step": 3, "loss": 0.25}, {"step": 4, "val/acc": 0.5}, {"n": 2}])

    def test_non_finite_values(self):
        run("sweep.report(step=0, a=float('nan'), b=float('-inf'))", self.folder, SWEEP_METRICS=self.metrics)
        line = self.lines()[0]
        self.assertTrue(math.isnan(line["a"]))
        self.assertEqual(line["b"], -math.inf)

    def test_scalars_that_only_look_like_floats(self):
        program = "class Scalar:\n  def __float__(self): return 0.5\nsweep.report(loss=Scalar(), done=True)"
        run(program, self.folder, SWEEP_METRICS=self.metrics)
        self.assertEqual(self.lines(), [{"loss": 0.5, "done": 1.0}])

    def test_what_is_no_number_is_refused(self):
        with self.assertRaises(AssertionError):
            run("sweep.report(loss='low')", self.folder, SWEEP_METRICS=self.metrics)

    def test_half_line_of_a_killed_process(self):
        with open(self.metrics, "w", encoding="utf-8") as file:
            file.write('{"step": 1, "lo')
        run("sweep.report(step=2, loss=1.5)", self.folder, SWEEP_METRICS=self.metrics)
        with open(self.metrics, encoding="utf-8") as file:
            self.assertEqual(file.read(), '{"step": 1, "lo\n{"step": 2, "loss": 1.5}\n')

    def test_lines_of_threads_stay_whole(self):
        program = (
            "import threading\n"
            "threads = [threading.Thread(target=lambda: [sweep.report(step=i, loss=0.5) for i in range(100)]) for _ in range(4)]\n"
            "[t.start() for t in threads]; [t.join() for t in threads]"
        )
        run(program, self.folder, SWEEP_METRICS=self.metrics)
        self.assertEqual(sorted(line["step"] for line in self.lines()), sorted(list(range(100)) * 4))

    def test_stop_request(self):
        program = (
            "import os, signal, time\n"
            "assert not sweep.should_stop()\n"
            "os.kill(os.getpid(), signal.SIGTERM)\n"
            "deadline = time.monotonic() + 5\n"
            "while not sweep.should_stop(): assert time.monotonic() < deadline\n"
            "print('left cleanly')"
        )
        self.assertEqual(run(program, self.folder), "left cleanly\n")

    def test_ids_and_folders(self):
        out = run(
            "print(sweep.trial()); print(sweep.output_dir())",
            self.folder,
            SWEEP_ID="abcdefgh",
            SWEEP_TRIAL_ID="k3f9x2ab",
            SWEEP_TRIAL_NUMBER="17",
            SWEEP_ATTEMPT="2",
            SWEEP_OUTPUT_DIR=os.path.join(self.folder, "o"),
        )
        expected = {"sweep": "abcdefgh", "trial": "k3f9x2ab", "number": 17, "attempt": 2}
        self.assertEqual(out, "%s\n%s\n" % (expected, os.path.join(self.folder, "o")))
        self.assertTrue(os.path.isdir(os.path.join(self.folder, "o")))


class ByHand(unittest.TestCase):
    def test_everything_falls_back(self):
        with tempfile.TemporaryDirectory() as folder:
            out = run("sweep.report(loss=1)\nprint(sweep.params({'lr': 1}), sweep.trial())\nsweep.checkpoint_dir()", folder)
            self.assertEqual(out, "{'lr': 1} None\n")
            self.assertEqual(os.listdir(folder), ["checkpoint"])


if __name__ == "__main__":
    unittest.main()
