"""Which digit is taken for which."""

import numpy as np

DARKEST = 0.6  # opacity: the theme's ink can be read on it


def confusion_table(test, w):
    """Table of true class by the answer of the network `test` with weights `w`, as HTML; the darker, the more.

    In a narrow page its columns are narrower.
    """
    said = test.scores(w).argmax(-1)
    k = test.sizes[-1][1]
    counts = np.zeros((k, k), int)
    np.add.at(counts, (test.labels, said), 1)
    cell = '<td style="padding:0 min(5px,1cqi);text-align:right;background:rgba(0,114,178,{:.2f})">{}</td>'
    share = counts / counts.max(1, keepdims=True).clip(1)
    rows = "".join(
        f'<tr><th scope="row">{i}</th>'
        + "".join(cell.format(DARKEST * s, c or "") for s, c in zip(*line, strict=True))
        + "</tr>"
        for i, line in enumerate(zip(share, counts, strict=True))
    )
    width = "min-width:min(2.2em,8.5cqi)"  # of empty columns too
    head = "".join(f'<th scope="col" style="{width}">{i}</th>' for i in range(k))
    caption = "Unseen digits: the row is the digit, the column the answer"
    style = "font-size:11px;line-height:1.3;border-spacing:0"
    return f'<table style="{style}"><caption>{caption}</caption><tr><td></td>{head}</tr>{rows}</table>'
