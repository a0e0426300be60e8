"""Everything that a page of a run shows: curves, what the machine did, pictures with masks and boxes, films, tables, histograms, charts, pages,
sounds, artifacts, a console, the code and what it differed by from its commit."""

import datetime
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile
import wave

import numpy
import wandb
from PIL import Image
from reading import tell

beside = pathlib.Path(__file__).parent
folder = pathlib.Path(tempfile.mkdtemp(dir=os.environ["HOME"]))
os.chdir(folder)
hostile = '<img src=x onerror="window.hacked=1">'


def sound(path):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"".join(struct.pack("<h", int(8000 * numpy.sin(i / 5))) for i in range(4000)))
    return str(path)


def picture(step, classes=None):
    image = numpy.zeros((48, 64, 3), dtype=numpy.uint8)
    image[:, :, 0] = numpy.linspace(0, 255, 64, dtype=numpy.uint8)
    image[8 + step : 24 + step, 10:30, 1] = 200
    mask = numpy.zeros((48, 64), dtype=numpy.uint8)
    mask[8 + step : 24 + step, 10:30] = 1
    box = {
        "position": {"minX": 10, "maxX": 30, "minY": 8 + step, "maxY": 24 + step},
        "domain": "pixel",
        "class_id": 1,
        "box_caption": "square",
    }
    return wandb.Image(
        image,
        caption=f"step {step}",
        masks={"truth": {"mask_data": mask, "class_labels": {0: "ground", 1: "square"}}},
        boxes={"found": {"box_data": [box], "class_labels": {1: "square"}}},
        classes=classes,
    )


def git(*args):
    subprocess.run(["git", "-c", "user.name=ada", "-c", "user.email=ada@localhost", *args], check=True, stdout=subprocess.DEVNULL)


# The code was changed after it was committed.
(folder / "train.py").write_text("lr = 0.1\n")
git("init", "--quiet")
git("add", "train.py")
git("commit", "--quiet", "-m", "begin")
(folder / "train.py").write_text("lr = 0.01\n")
name = os.environ["SHOWN_NAME"]
run = wandb.init(
    project="shown",
    name=name,
    notes=f"notes {hostile}",
    settings=wandb.Settings(x_stats_sampling_interval=0.5, save_code=True),
    config={"lr": float(os.environ["SHOWN_LR"]), "net": {"width": 64}, hostile: "=1+1"},
)
print("\033[1;32mgreen words\033[0m and plain ones")
print(f"console {hostile} \033]0;title\007")
random = numpy.random.default_rng(7)
for step in range(20):
    value = float(numpy.exp(-step / 6))
    row = {"train/loss": value, "val/acc": 1 - value / 2, "epoch": step / 4, hostile: step}
    if step == 3:
        row["train/loss"] = float("nan")
    if step % 5 == 0:
        row["sample"] = picture(step)
        row["weights"] = wandb.Histogram(random.normal(step / 10, 1, 1000))
    run.log(row)
    print(f"step {step} loss {value:.4f}")
table = wandb.Table(columns=["name", "score", "note"], data=[["ada", 0.5, "=2+2"], ["bob", 0.25, hostile], ["eve", None, "x"]])
run.log({"predictions": table})
classes = wandb.Classes([{"id": 0, "name": "ground"}, {"id": 1, "name": "square"}])
when = datetime.datetime(2026, 3, 5, 12, tzinfo=datetime.timezone.utc)
seen = wandb.Table(
    columns=["what", "when", "input", "heard", "report"],
    data=[
        [
            f"row {row}",
            when,
            picture(row, classes),
            wandb.Audio(sound(folder / f"hum{row}.wav"), caption=f"hum {row}"),
            wandb.Html(f"<p>report {row}</p><script>parent.hacked=1</script>", inject=False),
        ]
        for row in range(3)
    ],
)
run.log({"seen": seen})
run.log({"page": wandb.Html(f"<h1 id=hello>hello page</h1><script>parent.hacked=1</script>{hostile}", inject=False)})
run.log({"hum": wandb.Audio(sound(folder / "hum.wav"), caption="a hum")})
run.log({"film": wandb.Video(shutil.copy(beside / "film.webm", folder), caption="a film")})
frames = [Image.new("RGB", (16, 12), (shade, 0, 0)) for shade in (0, 255)]
frames[0].save(folder / "moves.gif", save_all=True, append_images=frames[1:], duration=100)
run.log({"moves": wandb.Video(str(folder / "moves.gif"), caption="it moves")})
run.log_code(str(folder))
bars = wandb.Table(columns=["label", "value"], data=[["a", 3], ["b", 5], ["c", 2]])
run.log({"bars": wandb.plot.bar(bars, "label", "value", title="Bars of letters")})
artifact = wandb.Artifact(f"model-{name}", type="model", metadata={"layers": 3})
with artifact.new_file("weights.txt") as out:
    out.write("weights")
run.log_artifact(artifact).wait()
drawing = folder / "drawing.svg"
drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>parent.hacked=1</script><circle r="9"/></svg>')
run.save(str(drawing), base_path=str(folder))
tell({"path": run.path})
run.finish()
