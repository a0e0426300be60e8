"""Report metrics from a Python training program to Sweep.

Copy this file beside your program. It needs Python 3.8 or newer and nothing else. Started by hand, without a sweep, every call
falls back to a default, so the same program runs both ways::

    import sweep_report as sweep

    config = sweep.params({"lr": 0.1, "epochs": 5})
    for epoch in range(config["epochs"]):
        loss = train_one_epoch(config["lr"])
        sweep.report(step=epoch, loss=loss)
        if sweep.should_stop():
            break
"""

import json
import os
import signal
import threading

_lock = threading.Lock()
_mended = set()
_stop = {"listening": False, "asked": False}


def params(defaults=None):
    """The trial's params over ``defaults``."""
    merged = dict(defaults or {})
    path = os.environ.get("SWEEP_PARAMS")
    if path:
        with open(path, encoding="utf-8") as file:
            merged.update(json.load(file))
    return merged


def report(metrics=None, step=None, **more):
    """Report metrics: ``report(step=3, loss=0.2)``, or ``report({"val/acc": 0.9}, step=3)`` for names that are no Python names.

    The line is in the file when the call returns, so it survives a crash of the program. NaN and infinities are values.
    """
    record = {} if step is None else {"step": int(step)}
    for name, value in {**(metrics or {}), **more}.items():
        # float() takes NumPy and PyTorch scalars too.
        record[name] = value if isinstance(value, int) and not isinstance(value, bool) else float(value)
    path = os.environ.get("SWEEP_METRICS")
    if path:
        _append(path, (json.dumps(record) + "\n").encode("utf-8"))


def should_stop():
    """True once SIGTERM was received: save what matters and leave; what still runs after the grace time is killed.

    The first call takes SIGTERM over, so call it in the training loop, from the main thread.
    """
    if not _stop["listening"]:
        signal.signal(signal.SIGTERM, _on_term)
        _stop["listening"] = True
    return _stop["asked"]


def checkpoint_dir():
    """What is kept here is there again when the trial is tried again, also on another machine. By hand: ``./checkpoint``."""
    return _folder(os.environ.get("SWEEP_CHECKPOINT_DIR") or "checkpoint")


def output_dir():
    """What is left here becomes the trial's files. By hand: ``./output``."""
    return _folder(os.environ.get("SWEEP_OUTPUT_DIR") or "output")


def trial():
    """Ids of the running trial: ``sweep``, ``trial``, ``number``, ``attempt``. None when started by hand."""
    if not os.environ.get("SWEEP_TRIAL_ID"):
        return None
    return {
        "sweep": os.environ.get("SWEEP_ID", ""),
        "trial": os.environ["SWEEP_TRIAL_ID"],
        "number": int(os.environ.get("SWEEP_TRIAL_NUMBER", "1")),
        "attempt": int(os.environ.get("SWEEP_ATTEMPT", "1")),
    }


def _on_term(_signal, _frame):
    _stop["asked"] = True


def _folder(path):
    absolute = os.path.abspath(path)
    os.makedirs(absolute, exist_ok=True)
    return absolute


def _append(path, line):
    with _lock:
        # Unbuffered and opened for append: each line is one write at the end of the file, also with several processes.
        with open(path, "ab", buffering=0) as file:
            # A process that was killed while it wrote may have left half a line; ours would be glued to it and lost.
            if path not in _mended:
                _mended.add(path)
                if _ends_in_half_line(path):
                    line = b"\n" + line
            file.write(line)


def _ends_in_half_line(path):
    with open(path, "rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"
