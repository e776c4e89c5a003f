"""An HTML export, with the settings that the course installs, describes its pictures."""

import json
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter, SlidesExporter
from traitlets.config import Config

ROOT = Path(__file__).parents[1]
SETTINGS = Config(json.loads((ROOT / "jupyter_config" / "jupyter_config.json").read_text("utf-8")))
PNG = "iVBORw0KGgo="


class Pictures(HTMLParser):
    """(alt, where it comes from) of each picture in a page."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append((dict(attrs).get("alt"), dict(attrs)["src"]))


def exported(notebook, exporter=HTMLExporter):
    return Pictures(exporter(config=SETTINGS).from_notebook_node(notebook)[0]).found


@pytest.mark.parametrize("exporter", [HTMLExporter, SlidesExporter])
def test_a_lesson(exporter):
    notebook = nbformat.read(ROOT / "notebooks" / "00_start_here.ipynb", 4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    stored = [(o.data["text/plain"], o.data["image/png"]) for o in outputs if "image/png" in o.get("data", {})]
    found = [(alt, "".join(source.split())) for alt, source in exported(notebook, exporter)]
    assert found == [(alt, "data:image/png;base64," + "".join(picture.split())) for alt, picture in stored]
    assert len(found) > 1


@pytest.mark.parametrize(
    ("data", "metadata", "alt"),
    [
        ({"image/png": PNG}, {"image/png": {"alt": 'a < b & "c"'}}, 'a < b & "c"'),
        ({"image/png": PNG}, {"image/png": {}}, "No description has been provided for this image"),
        ({"image/png": PNG, "text/html": '<img alt="own" src="x">'}, {"image/png": {"alt": "other"}}, "own"),
        ({"text/html": '<img alt="own" src="x">'}, {}, "own"),
    ],
)
def test_a_picture(data, metadata, alt):
    output = nbformat.v4.new_output("display_data", data, metadata=metadata)
    stream = nbformat.v4.new_output("stream", text="printed")
    cell = nbformat.v4.new_code_cell("1", outputs=[output, stream])
    assert [found[0] for found in exported(nbformat.v4.new_notebook(cells=[cell]))] == [alt]
