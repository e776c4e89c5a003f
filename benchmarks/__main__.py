"""python -m benchmarks: measure everything, print the tables, write them into README.md and draw speed.png."""

import argparse
from pathlib import Path

from benchmarks import epochs, figure, latency, scaling, start, steps
from benchmarks.report import fill, report

HERE = Path(__file__).parent
# Settings of each part: the real ones are the defaults, quick ones show in seconds that everything works.
PARTS = {"steps": steps.measure, "epochs": epochs.measure, "scaling": scaling.measure, "imports": start.imports}
PARTS["latency"] = latency.measure
FULL = {part: {} for part in PARTS}
QUICK = {
    "steps": {"sizes": (10, 1000), "rounds": 2, "compiled": False},
    "epochs": {"rounds": 2, "examples": 100},
    "scaling": {"sizes": (100, 1000), "rounds": 2},
    "imports": {"rounds": 1},
    "latency": {
        "lessons": ["00_start_here"],
        "techniques_": {"rounds": 1, "presses": 3, "seconds": 0.5, "steps": (50,)},
        "explorers_": {"rounds": 1, "runs": 1, "presses": 3, "seconds": 0.5},
        "endurance_": {"movements": 50},
    },
}


def measure(settings, lessons=True, browser=True):
    """{part: its measurements}"""
    results = {part: PARTS[part](**options) for part, options in settings.items() if browser or part != "latency"}
    return {"latency": "left out", **results, "lessons": start.lessons() if lessons else {}}


def write(results, folder=HERE):
    """Print the tables, put them between the marks of README.md, and draw the figure, both in `folder`."""
    text = report(results)
    print(text)
    page = fill((HERE / "README.md").read_text("utf-8"), text)
    (folder / "README.md").write_text(page, "utf-8")
    (folder / "speed.png").write_bytes(figure.draw(results))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--no-lessons", action="store_true", help="leave out the lessons, which take minutes")
    parser.add_argument("--no-browser", action="store_true", help="leave out the sliders, which take minutes")
    parser.add_argument("--quick", action="store_true", help="small sizes: print the tables, write nothing")
    options = parser.parse_args()
    found = measure(QUICK if options.quick else FULL, lessons=not options.no_lessons, browser=not options.no_browser)
    print(report(found)) if options.quick else write(found)
