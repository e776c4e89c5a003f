"""A picture as the output of a cell, with its description in each place where a program may look for it."""

import base64
import html


def described(png, words):
    """Data and metadata of a display: a PNG, as bytes, with its description.

    JupyterLab and nbconvert's usual template give a bare picture no alt text. Before a picture they prefer HTML.
    """
    picture = base64.b64encode(png).decode()
    image = f'<img alt="{html.escape(words)}" src="data:image/png;base64,{picture}">'
    return {"text/html": image, "image/png": picture, "text/plain": words}, {"image/png": {"alt": words}}
