"""Many dots in few strokes: no dot that the others cover, and where they are still too many, fewer and larger ones.

Pictures hold a bool for each pixel, column by column.
"""

import math

import numpy as np

from course_utils.explorers import svg

WIDEST = 40  # pixels: larger discs are looked at as if they were of this size, which hides a little less
GOLDEN = (math.sqrt(5) - 1) / 2  # its multiples fill 0 to 1 evenly: any share of the points is spread over all
DISC = 6  # squares: where so large a disc of them is crossed by strokes everywhere, the strokes are drawn as an area
EXACT = 300  # up to so many dots lie on tenths of a pixel, more on whole pixels
RIM = 0.6, 0.15  # what a dot may add at its rim and still be left out: pixels; of its size where they are too many


def near(points, box, size):
    """The pixels (n, 2) of the points whose dots of this size can be seen in the box, without repetitions.

    They are whole, and to a tenth where there are no more than EXACT.
    """
    reach = max(svg.MARGIN, size / 2)
    with np.errstate(invalid="ignore"):
        inside = (points >= np.subtract(box[:2], reach)) & (points <= np.add(box[2:], reach))
    points = points[svg.both(inside)]
    tenths = _without_rests(points * svg.TENTHS)
    return tenths / svg.TENTHS if len(tenths) <= EXACT else _without_rests(points)


def visible(pixels, size, wider=1.0):
    """Of dots of this size those that can be seen, column by column; one for each pixel, and of many the uncovered.

    wider   more than 1 draws so many times wider ones: of random points, one in wider**2 covers the same share
    """
    if wider > 1:
        pixels = pixels[np.arange(len(pixels)) * GOLDEN % 1 < wider**-2].round().astype(int)
    if not len(pixels):
        return pixels
    if wider == 1 and len(pixels) <= svg.MANY:
        tenths, wide = np.rint(pixels * svg.TENTHS).astype(int), svg.SPREAD * svg.TENTHS
        first = tenths.min(0)
        return (np.column_stack(np.divmod(np.unique((tenths - first) @ [wide, 1]), wide)) + first) / svg.TENTHS
    size = min(size * wider, WIDEST)
    corner = pixels.min(0) - math.ceil(size) - 1
    columns, rows = (pixels.max(0) - corner + math.ceil(size) + 2).tolist()
    picture = np.zeros(columns * rows, bool)
    picture[(pixels - corner) @ [rows, 1]] = True
    if wider > 1 or np.count_nonzero(picture) > svg.MANY:
        picture = _uncovered(picture, rows, size, RIM[0] if wider == 1 else RIM[1] * size)
    return np.column_stack(np.divmod(np.flatnonzero(picture), rows)) + corner


def bare(dots, stroke, size):
    """Of many dots of this size those that a line does not hide, looked at in squares as its strokes are."""
    if len(dots) <= svg.MANY or not len(stroke):
        return dots
    corner = dots.min(0) - math.ceil(size) - svg.CELL
    columns, rows = ((dots.max(0) - corner + math.ceil(size)) // svg.CELL + 2).tolist()
    crossed = svg.crossed(stroke, corner, columns, rows)
    hidden = _flags(_eroded(_bits(crossed), rows, size / svg.CELL, len(crossed)), len(crossed))
    return dots[~hidden[(dots - corner) // svg.CELL @ [rows, 1]]]


def solid(stroke, dots, size, box):
    """What a polyline and dots of this size fill, as columns of discs DISC + 1 squares wide, a polyline again.

    With it all squares that lie in them, as their middles in pixels, and the dots that do not.
    """
    corner = np.subtract(box[:2], svg.MARGIN + 1 + (int(size) + DISC + 3) * svg.CELL)  # of the squares of svg.stroke
    columns, rows = ((np.subtract(box[2:], corner) + svg.MARGIN + size) // svg.CELL + DISC + 4).astype(int).tolist()
    crossed, spots = svg.crossed(stroke, corner, columns, rows), np.zeros(columns * rows, bool)
    count, places = len(crossed), ((dots - corner) // svg.CELL).astype(int) @ [rows, 1]
    spots[places] = True
    full = _bits(crossed) | _dilated(_bits(spots), rows, size / svg.CELL - 1)
    if not (discs := _eroded(full, rows, DISC, count)):
        return svg.NONE, svg.NONE, dots
    squares = _dilated(discs, rows, DISC)
    hidden = _flags(_eroded(squares, rows, size / svg.CELL, count), count)[places]
    kept, squares = (
        (np.column_stack(np.divmod(np.flatnonzero(found), rows)) + 0.5) * svg.CELL + corner
        for found in (_uncovered(_flags(discs, count), rows, DISC, 1), _flags(squares, count))
    )
    return _columns(kept.round(), 2 * svg.CELL), squares, dots[~hidden]


def path(dots, size, wider=1.0):
    """Path data of strokes without length, which round caps make into dots, and in how many parts of a pixel.

    Many dots that overlap the next one of their column are a stroke from the first to the last.
    """
    joined = len(dots) > svg.MANY or wider > 1
    begins = _begins(dots, max(size * wider / 2.5, 1) if joined else 0)  # up to that no white can be seen between them
    ends = np.append(begins[1:], True)[: len(dots)]
    dots, alone = dots[begins | ends], (begins & ends)[begins | ends]
    parts = svg.parts(dots)
    return svg.data(dots * parts, begins[begins | ends], np.where(alone, "h0", "")), parts


def _without_rests(points):
    """The points, rounded, without those where a run rests at the one before."""
    rounded = np.rint(points).astype(int)
    ways = np.diff(rounded @ [svg.SPREAD * svg.TENTHS, 1], prepend=-(svg.SPREAD**2) * svg.TENTHS**2)
    return rounded[ways != 0]


def _begins(dots, gap):
    """Where a column of dots begins in which each lies at most `gap` below the last."""
    apart = (np.diff(dots[:, 0]) != 0) | (np.diff(dots[:, 1]) > gap)
    return np.append(True, apart)[: len(dots)]


def _columns(dots, gap):
    """Columns of dots as a polyline of strokes that are no points."""
    begins = _begins(dots, gap)
    ends = np.append(begins[1:], True)[: len(dots)]
    strokes = np.stack([dots[begins], dots[ends] + [0, 1], np.full((begins.sum(), 2), np.nan)], 1)
    return strokes.reshape(-1, 2)[:-1]


def _uncovered(picture, rows, size, rim):
    """Dots that together cover what all do: columns of them where it is dense, then those that still add something."""
    side, left = max(int(size * 0.7), 1), _bits(picture)
    kept = _flags(_eroded(_dilated(left, rows, size), rows, size, len(picture)), len(picture))  # cover nothing new
    kept.reshape(-1, rows)[np.arange(len(picture) // rows) % side != 0] = False
    left &= ~_eroded(_dilated(_bits(kept), rows, size), rows, size - 2 * rim, len(picture))
    way = 1
    while len(places := np.flatnonzero(_flags(left, len(picture)))[::way]):
        kept[places[np.unique(places // rows // side * rows + places % rows // side, return_index=True)[1]]] = True
        left &= ~_eroded(_dilated(_bits(kept), rows, size), rows, size - 2 * rim, len(picture))
        way = -way  # the first of each square, then the last: soon nothing is left between them
    return kept


def _dilated(bits, rows, size):
    """The pixels that lie in a disc of this size around one of these."""
    radius = max(size, 0) / 2
    found, wide, reach = bits, bits, 0
    for off in range(int(radius), -1, -1):  # from the upper and lower end of the disc, where it is narrowest
        while (reach + 1) ** 2 + off**2 <= radius**2:
            reach += 1
            wide |= bits << reach * rows | bits >> reach * rows
        found |= wide << off | wide >> off
    return found


def _eroded(bits, rows, size, count):
    """The middles of the discs of this size that lie in these pixels."""
    every = (1 << count) - 1
    return every & ~_dilated(every & ~bits, rows, size)


def _bits(picture):
    """A picture as one whole number, of which Python shifts and joins all pixels at once."""
    return int.from_bytes(np.packbits(picture, bitorder="little").tobytes(), "little")


def _flags(bits, count):
    """The picture, of so many pixels, that is this number."""
    data = bits.to_bytes(-(-count // 8), "little")
    return np.unpackbits(np.frombuffer(data, np.uint8), count=count, bitorder="little").view(bool)
