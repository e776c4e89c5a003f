"""Run notebooks from top to bottom and store what they print: python store_outputs.py notebooks/*.ipynb

Differs from `jupyter nbconvert --execute` in what it leaves out: widgets' state and views, which show an error in a
notebook opened without its kernel (the picture or text stored beside them is shown instead), and the version of
Python, which only makes diffs longer. What a cell prints is stored in one piece, however it arrived, and pictures in
256 colours, at a third of their size.
"""

import base64
import io
import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image

from course_utils.stills import drop_views


def store_outputs(path, timeout=300):
    """Execute the notebook at `path` in its own folder and write it back; nothing is written if a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    folder = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=timeout, resources=folder, coalesce_streams=True).execute()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "name": "python"},
    }
    drop_views(notebook)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # times
        cell.metadata.pop("lines_to_next_cell", None)  # of the text form of the notebook
        for output in cell.get("outputs", []):
            pack(output.get("data", {}))
    nbformat.validate(notebook)
    beside = path.with_suffix(".new")
    nbformat.write(notebook, beside)  # a full disk leaves the notebook as it was
    beside.replace(path)


def pack(data):
    """Store the PNG of an output in few bytes, and in its HTML likewise; no eye sees the difference."""
    if picture := data.get("image/png"):
        image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
        image.quantize(256, dither=Image.Dither.NONE).save(buffer := io.BytesIO(), "PNG", optimize=True)
        small = base64.b64encode(buffer.getvalue()).decode()
        data.update({kind: data[kind].replace(picture, small) for kind in data.keys() & {"image/png", "text/html"}})


if __name__ == "__main__":
    os.environ["SGD_COURSE_PROGRESS"] = "off"  # what is stored is nobody's progress
    os.environ["SGD_COURSE_LOCKS"] = "off"
    for name in sys.argv[1:]:
        store_outputs(Path(name))
        print("stored", name)
