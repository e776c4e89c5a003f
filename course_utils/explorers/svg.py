"""Lines, dots and areas in pixels, without what lies outside a box and what cannot be seen, and their SVG paths.

A box is (left, top, right, bottom), and y grows downwards. A row of nan in an array of points (n, 2) is a gap.
"""

import numpy as np
from matplotlib.path import Path

MARGIN = 9  # pixels drawn around the box, so that its edge cuts through strokes and not along their ends
MANY = 1200  # up to so many points nothing is left out but what is no longer than a tenth of a pixel
FAR = 1e5  # pixels: as good as infinitely far away
FARTHEST = 1e12  # pixels: beyond, floats are too coarse to tell where a stroke cuts the box
CHUNK = 4096  # strokes looked at at once, which bounds the memory
CELL = 2  # pixels: a stroke on a square of this size hides the next one on it


def stroke(points, box):
    """The visible part of a polyline."""
    clip = (box[0] - MARGIN, box[1] - MARGIN, box[2] + MARGIN, box[3] + MARGIN)
    middle = np.add(box[:2], box[2:]) / 2
    away = np.abs(points - middle).max(1, keepdims=True).clip(1)
    points = np.where(away > FARTHEST, middle + (points - middle) / away * FARTHEST, points)
    clean = Path(points).cleaned(remove_nans=True, clip=clip, simplify=True)
    used = np.isin(clean.codes, (Path.MOVETO, Path.LINETO))
    points, joined = clean.vertices[used], (clean.codes[used] == Path.LINETO)[1:]
    if len(points) > MANY:
        points = points.round()
        joined &= _first_on_its_cells(points[:-1], points[1:], clip)
    to, onward = np.append(False, joined), np.append(joined, False)  # a stroke ends, begins at this point
    begins = np.flatnonzero((onward & ~to)[to | onward])
    return np.insert(points[to | onward], begins[1:], np.nan, axis=0)


def dots(points, box, size):
    """The visible ones of dots of this size: one for each pixel, and where there are many, for each square within."""
    with np.errstate(invalid="ignore"):
        inside = (points >= np.subtract(box[:2], MARGIN)) & (points <= np.add(box[2:], MARGIN))
    seen = np.unique(points[inside.all(1)].round(), axis=0)
    if len(seen) > MANY:
        seen = seen[np.unique(seen // max(size // 2, 1), axis=0, return_index=True)[1]]
    return seen


def area(x, low, high):
    """Outline of the area between two curves over x, all in pixels; a gap where one of the three is nan."""
    order = np.argsort(x, kind="stable")
    x, low, high = (np.clip(values[order], -FAR, FAR) for values in (x, low, high))
    there = np.isfinite(x + low + high)
    edges = np.flatnonzero(np.diff(there, prepend=False, append=False)).reshape(-1, 2)
    parts = []
    for x_, low_, high_ in (_columns(x[a:b], low[a:b], high[a:b]) for a, b in edges.tolist()):
        outline = np.column_stack([np.append(x_, x_[::-1]), np.append(low_, high_[::-1])])
        parts += [outline, np.full((1, 2), np.nan)]
    return np.concatenate([np.empty((0, 2)), *parts[:-1]])


def path(points, end=""):
    """SVG path through points; `end` closes each part."""
    texts, new = [], True
    for x, y in points.tolist():
        if x != x:
            texts[-1] += end
            new = True
            continue
        texts.append(f"{'M' if new else 'L'}{round(x, 1):g},{round(y, 1):g}")
        new = False
    return "".join(texts) + (end if texts else "")


def path_of_dots(points):
    """SVG path of strokes without length, which round caps make into dots."""
    return "".join(f"M{x:.0f},{y:.0f}h0" for x, y in points.tolist())


def _columns(x, low, high):
    """The same band with at most one value for each column of pixels, if it has many; y grows downwards."""
    if len(x) <= MANY:
        return x, low, high
    starts = np.flatnonzero(np.diff(np.rint(x), prepend=np.nan) != 0)
    return x[starts], np.maximum.reduceat(low, starts), np.minimum.reduceat(high, starts)


def _first_on_its_cells(a, b, clip):
    """Which of the strokes from a to b (n, 2) touch a cell that no earlier one has touched: the others add nothing."""
    corner, rows = np.subtract(clip[:2], 1), int((clip[3] - clip[1]) / CELL) + 3
    free = np.ones((int((clip[2] - clip[0]) / CELL) + 3) * rows, bool)
    first = np.empty(len(free), int)
    seen = np.zeros(len(a), bool)
    for begin in range(0, len(a), CHUNK):
        start, way = a[begin : begin + CHUNK], (b - a)[begin : begin + CHUNK]
        samples = (np.abs(way).max(1) / CELL).astype(int) + 2
        which = np.repeat(np.arange(len(start)), samples)
        share = (np.arange(len(which)) - np.repeat(np.cumsum(samples) - samples, samples)) / (samples[which] - 1)
        x, y = ((start[which] + share[:, None] * way[which] - corner) / CELL).astype(int).T
        cell = x * rows + y
        cell, which = cell[free[cell]][::-1], which[free[cell]][::-1]
        first[cell] = which  # the last to be written is the earliest stroke
        seen[begin + first[cell]] = True
        free[cell] = False
    return seen
