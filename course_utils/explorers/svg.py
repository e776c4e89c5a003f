"""Lines in pixels, without what lies outside a box and what cannot be seen, and their SVG paths.

A box is (left, top, right, bottom), and y grows downwards. A row of nan in an array of points (n, 2) is a gap.
"""

import numpy as np
from matplotlib.path import Path

MARGIN = 9  # pixels drawn around the box, so that its edge cuts through strokes and not along their ends
WIDE = 6  # pixels from the middle to the edge of the widest stroke
TENTHS = 10
MANY = 600  # up to so many points are not looked at one by one
WHOLE = 2500  # up to so many, after what is no longer than a tenth of a pixel, a line is drawn with all of them
FARTHEST = 1e12  # pixels: beyond it along both axes, floats are too coarse to tell where a stroke cuts the box
HUGE = 1e150  # pixels: the product of two such numbers is still one
SPREAD = 1 << 15  # more than any picture is high
CHUNK = 4096  # strokes looked at at once, which bounds the memory
NONE = np.empty((0, 2))
CELL = 2  # pixels: a stroke on a square of this size hides the next one on it
BLOCK = 8  # cells along a side of the blocks in which a stroke is first looked for free cells
LONG = 100  # squares: where there are too many strokes, those that add fewer go first; then the squares grow


def stroke(points, box, over=NONE, coarse=0, fine=0):
    """The visible part of a polyline; the dots `over` it are drawn on top.

    coarse   0 leaves out what cannot be seen where there are more than WHOLE points, 1 always;
             n also a stroke that adds fewer squares than n, and than its length
    fine     up to so many strokes are looked at on squares of one pixel, more of them on squares of CELL
    """
    cell = squares(coarse)
    clip = (box[0] - MARGIN, box[1] - MARGIN, box[2] + MARGIN, box[3] + MARGIN)
    if not -FARTHEST < points.min(initial=0) <= points.max(initial=0) < FARTHEST:  # nor is any of them nan
        points = _not_too_far(points, np.add(box[:2], box[2:]) / 2)
    clean = Path(_extremes(_bridged(points))).cleaned(remove_nans=True, clip=clip, simplify=True)
    used = np.isin(clean.codes, (Path.MOVETO, Path.LINETO))
    points, joined = clean.vertices[used], (clean.codes[used] == Path.LINETO)[1:]
    gaps = np.append(0, np.cumsum(~joined))  # before each point
    if len(points) > WHOLE or coarse:
        on = 1 if coarse < LONG else cell  # on larger squares, short strokes would leave most of each white
        points, strokes = (points / on).round() * on, np.flatnonzero(joined)
        joined[strokes] = _first_on_its_cells(points[strokes], points[strokes + 1], clip, over, coarse, fine)
    to, onward = np.append(False, joined), np.append(joined, False)  # a stroke ends, begins at this point
    seen = np.flatnonzero(to | onward)
    points, gaps, begins = points[seen], gaps[seen], np.flatnonzero((onward & ~to)[seen])[1:]
    left = points[begins] - points[begins - 1]  # what was left out before, which is drawn where it is short
    begins = begins[(np.abs(left).max(1) > 2 * cell) | (gaps[begins] > gaps[begins - 1])]
    return np.insert(points, begins, np.nan, axis=0)


def crossed(stroke, corner, columns, rows):
    """Which squares of CELL pixels, from a corner on, a stroke crosses: an array of bool, column by column."""
    found = np.zeros((columns, rows), bool)
    joined = np.flatnonzero(~np.isnan(stroke[:-1, 0] + stroke[1:, 0]))
    if len(joined):
        _, _, x, y = _along(stroke[joined], stroke[joined + 1], corner, CELL)
        inside = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
        found[x[inside], y[inside]] = True
    return found.ravel()


def thinned(stroke):
    """Whether strokes may have been left out: what remains lies on whole pixels."""
    return np.array_equal(stroke, stroke.round(), equal_nan=True)


def path(points):
    """Path data through points, and in how many `parts` of a pixel."""
    there = ~np.isnan(points[:, 0])
    begins, points = np.diff(there, prepend=False)[there], points[there]
    return data(points * parts(points), begins), parts(points)


def parts(points):
    """In how many parts of a pixel points are written: 1 if all are whole, else TENTHS."""
    return 1 if thinned(points) else TENTHS


def data(points, begins, ends=""):
    """Each point as the step from the last one, in whole numbers, which keeps it short; an m where a part begins."""
    steps = np.diff(np.rint(points).astype(int), axis=0, prepend=0)
    marks, ends = np.where(begins, "m", " ").tolist(), np.broadcast_to(ends, len(points)).tolist()
    words = [f"{mark}{x} {y}{end}" for mark, (x, y), end in zip(marks, steps.tolist(), ends, strict=True)]
    return "".join(words).replace(" -", "-")


def both(pairs):
    """Which rows of (n, 2) are true twice: `all(1)` takes ten times as long."""
    return pairs[:, 0] & pairs[:, 1]


def squares(coarse):
    """The side, in pixels, of the squares on which a stroke hides the next one."""
    return CELL + coarse // LONG


def _not_too_far(points, middle):
    """The same with gaps for infinity, and closer ones in the direction of those too far along both axes."""
    points = np.where(np.isinf(points), np.nan, points.clip(-HUGE, HUGE))
    away = np.minimum(*np.abs(points - middle).T)  # far along one axis only, a point stays where it is
    if (far := away > FARTHEST).any():
        points[far] = middle + (points[far] - middle) / away[far, None] * FARTHEST
    return points


def _bridged(points):
    """The same without the gaps that the square ends of the strokes beside them fill, if there are many points."""
    there = np.isfinite(points[:, 0])
    if len(points) <= MANY or there.all():
        return points
    near = np.flatnonzero(there)
    gaps = np.flatnonzero(np.diff(near) > 1)
    before, after = near[gaps], near[gaps + 1]
    narrow = np.abs(points[after] - points[before]).max(1) <= 1
    narrow &= there[np.maximum(before - 1, 0)] & there[np.minimum(after + 1, len(there) - 1)]  # strokes, no lone points
    return np.insert(points[near], gaps[~narrow] + 1, np.nan, axis=0)


def _extremes(points):
    """Of many points up and down, from left to right or right to left, each half pixel's first, lowest, highest, last.

    What seldom turns is left to Matplotlib, which is faster.
    """
    there = np.flatnonzero(~np.isnan(points[:, 0]))
    x, y = points[there].T
    if len(x) <= MANY or np.count_nonzero(np.diff(np.diff(y) > 0)) <= MANY:
        return points
    steps = np.diff(x)
    if steps.min() < 0 < steps.max():
        return points
    starts = np.flatnonzero((np.diff(np.floor(2 * x), prepend=np.nan) != 0) | (np.diff(there, prepend=-1) > 1))
    column = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(x)))
    kept = np.isnan(points[:, 0])
    kept[there[starts]] = kept[there[np.append(starts[1:], len(x)) - 1]] = True
    for extreme in (np.minimum, np.maximum):
        found = np.flatnonzero(y == extreme.reduceat(y, starts)[column])
        kept[there[found[np.diff(column[found], prepend=-1) > 0]]] = True
    return points[kept]


def _first_on_its_cells(a, b, clip, over, coarse, fine):
    """Which strokes from a to b (n, 2) touch a cell that no dot and no earlier stroke does: the others add nothing."""
    seen = np.zeros(len(a), bool)
    if not len(a):
        return seen
    kinds = _first_of_their_kind(*(ends - np.subtract(clip[:2], 1 + CELL) for ends in (a, b)))
    side = 1 if coarse <= 1 and len(kinds) <= fine else squares(coarse)
    corner, rows = np.subtract(clip[:2], 1 + side), int((clip[3] - clip[1]) / side) + 5
    free = np.zeros((int((clip[2] - clip[0]) / side) + 5, rows), bool)
    free[_within_reach(free.shape, a - corner, b - corner, side)] = True
    free = free.ravel()
    near = both((over >= clip[:2]) & (over <= clip[2:]))
    x, y = ((over[near] - corner) / side).astype(int).T
    for beside in (0, -rows, -1, 1, rows):
        free[x * rows + y + beside] = False
    first = np.empty(len(free), int)
    for begin in range(0, len(kinds), CHUNK):
        strokes = kinds[begin : begin + CHUNK]
        strokes = strokes[_near_free_cells(a[strokes], b[strokes], corner, side, free, rows)]
        length, which, x, y = _along(a[strokes], b[strokes], corner, side)
        cell = x * rows + y
        cell, which = cell[free[cell]][::-1], which[free[cell]][::-1]
        first[cell] = order = np.arange(len(cell))
        new = first[cell] == order  # of the samples in a cell, the last to be written, which is of the earliest stroke
        cell, which = cell[new], which[new]
        adds = np.bincount(which, minlength=len(strokes)) >= length.clip(1, max(coarse, 1))
        seen[strokes] = adds
        free[cell[adds[which]]] = False
    return seen


def _within_reach(shape, a, b, side):
    """Which cells, as slices, a stroke may be seen in: none touches what lies beside all ends."""
    edge = (MARGIN - WIDE + 1) // side + 1  # what is further outside than the widest stroke reaches is not seen
    low = (np.minimum(a, b).min(0) / side).astype(int).clip(edge)
    high = (np.maximum(a, b).max(0) / side).astype(int).clip(max=np.array(shape) - edge - 2)
    return slice(low[0], high[0] + 1), slice(low[1], high[1] + 1)


def _along(a, b, corner, side):
    """Length of each stroke in squares of this side; of samples at such distances, of which stroke, and its square."""
    begin, way = ((a - corner) / side).T, ((b - a) / side).T
    length = np.abs(way).max(0).astype(int)
    samples = length + 2
    which = np.repeat(np.arange(len(a)), samples)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(samples) - samples, samples)
    ways = zip(begin, way / (length + 1), strict=True)
    squares = (nth * np.repeat(step, samples) + np.repeat(first, samples) for first, step in ways)
    return length, which, *(square.astype(int) for square in squares)


def _near_free_cells(a, b, corner, side, free, rows):
    """Which strokes come near a block of cells that is free somewhere: in a cloud of many, soon hardly any."""
    somewhere = free.reshape(-1, rows)
    for _ in range(2):
        somewhere = np.logical_or.reduceat(somewhere, np.arange(0, len(somewhere), BLOCK)).T
    near = np.zeros(np.add(somewhere.shape, 2), bool)  # with a block on each side
    for dx, dy in np.ndindex(3, 3):
        near[dx : dx + len(somewhere), dy : dy + somewhere.shape[1]] |= somewhere
    _, which, x, y = _along(a, b, corner, BLOCK * side)
    return np.bincount(which[near[x + 1, y + 1]], minlength=len(a)) > 0


def _first_of_their_kind(a, b):
    """Numbers of the strokes between whole, positive a and b (n, 2) that no earlier one repeats, whichever way."""
    ends = np.stack([a, b]).astype(int) @ [SPREAD, 1]
    return np.sort(np.unique(ends.min(0) * SPREAD**2 + ends.max(0), return_index=True)[1])
