"""Files of a run: saved, of media, deleted, and downloaded byte for byte."""

import hashlib
import os
import pathlib
import tempfile

import numpy
import wandb
from reading import tell

folder = pathlib.Path(tempfile.mkdtemp(dir=os.environ["HOME"]))
os.chdir(folder)
sent = {
    "plain.txt": b"some text\n",
    "empty.bin": b"",
    "folder/inner.bin": bytes(range(256)) * 5000,
    "with space & 100% ü'\".txt": "ü".encode(),
}
for name, content in sent.items():
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)

run = wandb.init(project="files")
for name in sent:
    run.save(str(folder / name), base_path=str(folder))
run.log({"image": wandb.Image(numpy.zeros((4, 4, 3), dtype=numpy.uint8), caption="black")})
run.log({"page": wandb.Html("<b>hello</b>")})
path = run.path
run.finish()

api = wandb.Api()
run = api.run(path)
got = {}
for file in run.files():
    with file.download(root=str(folder / "down"), replace=True) as handle:
        pass
    content = (folder / "down" / file.name).read_bytes()
    got[file.name] = {"size": file.size, "same": sent.get(file.name, content) == content, "bytes": len(content)}
    if file.name.startswith("media/images"):
        row = next(row for row in run.scan_history() if "image" in row)
        got[file.name]["digest"] = hashlib.sha256(content).hexdigest() == row["image"]["sha256"]
named = [file.name for file in run.files(names=["plain.txt", "./folder/inner.bin"])]
patterned = sorted(file.name for file in run.files(pattern="%.bin"))
(folder / "later.txt").write_text("later")
run.upload_file(str(folder / "later.txt"), root=str(folder))
run.file("plain.txt").delete()
after = sorted(file.name for file in api.run(path).files() if "/" not in file.name)
tell({"files": got, "named": named, "patterned": patterned, "after": after, "sent": sorted(sent)})
