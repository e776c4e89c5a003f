"""The paths of an SVG as they are seen: coordinates in pixels, whatever the path data are written in."""

import re

import numpy as np

PATH = re.compile(r'<path d="([^"]*)"([^>]*)>')
NUMBER = re.compile(r"-?[\d.]+")


def parts(svg, having=""):
    """The parts of all paths whose attributes hold `having`, as arrays of points (n, 2)."""
    found = []
    for data, attributes in PATH.findall(svg):
        if having in attributes:
            scale = float((re.findall(r"scale\((.+?)\)", attributes) or [1])[0])
            moves = [np.array(NUMBER.findall(part.replace("h0", "")), float) for part in data.split("m")[1:]]
            points = np.concatenate(moves).reshape(-1, 2).cumsum(0) * scale
            found += np.split(points, np.cumsum([len(move) // 2 for move in moves])[:-1])
    return found


def points(svg, having=""):
    """All points of these paths, (n, 2)."""
    return np.concatenate([np.empty((0, 2)), *parts(svg, having)])
