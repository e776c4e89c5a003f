"""A preprocessor of nbconvert: a page made from a notebook keeps the words that describe each picture.

Our notebooks store them as `alt` in the picture's metadata, which nbconvert's usual template passes over.
"""

from html import escape

from nbconvert.preprocessors import Preprocessor


class AltText(Preprocessor):
    """Give every PNG that has an `alt` the HTML that shows it; nbconvert prefers HTML to PNG."""

    def preprocess_cell(self, cell, resources, index):
        for output in cell.get("outputs", []):
            alt, data = output.get("metadata", {}).get("image/png", {}).get("alt"), output.get("data", {})
            if alt and "text/html" not in data:
                data["text/html"] = f'<img alt="{escape(alt)}" src="data:image/png;base64,{data["image/png"]}">'
        return cell, resources
