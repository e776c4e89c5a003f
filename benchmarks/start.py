"""Seconds until the learner can work: importing each module of the package, and running each lesson."""

import subprocess
import sys
import time
from pathlib import Path

import nbformat
import numpy as np
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]


def modules():
    """Every module of the package, numpy alone before them."""
    names = sorted(f.stem for f in (ROOT / "course_utils").glob("*.py") if f.stem != "__init__")
    return ["numpy", *(f"course_utils.{name}" for name in [*names, "checks", "explorers"])]


def imports(rounds=7, names=None):
    """{module: seconds of its import in a fresh process (rounds,)}"""
    names = names or modules()
    seconds = [[import_once(name) for name in names] for _ in range(rounds)]
    return dict(zip(names, np.transpose(seconds), strict=True))


def import_once(name):
    code = f"import time; began = time.perf_counter(); import {name}; print(time.perf_counter() - began)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def lessons(rounds=3, paths=None):
    """{lesson: seconds of a run from top to bottom, the start of its kernel included (rounds,)}"""
    paths = sorted((ROOT / "notebooks").glob("*.ipynb")) if paths is None else paths
    seconds = [[run_lesson(path) for path in paths] for _ in range(rounds)]
    return dict(zip([path.stem for path in paths], np.transpose(seconds), strict=True))


def run_lesson(path):
    notebook = nbformat.read(path, as_version=4)
    began = time.perf_counter()
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
    return time.perf_counter() - began
