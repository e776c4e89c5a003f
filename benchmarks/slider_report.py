"""The latency as tables and bars, in words and figures."""

import numpy as np

from benchmarks.latency import ECHO, TECHNIQUES

NAIVE, _, OURS, FLOOR = TECHNIQUES
HEAD = (
    "key press to picture, ms",
    "95 %",
    "pictures per s",
    "longest freeze, ms",
    "KB",
    "last picture, ms",
    "first, ms",
)


ON_ONE_STOP = "The last picture after 0.0 ms: a slider of few stops, whose last movements stayed on one of them."


def tables(latency, table):
    """The parts of the page, made with `table(head, rows)`; one line that says why, where nothing was measured."""
    if isinstance(latency, str):
        return ["## Sliders", f"Not measured here: {latency}."]
    waits = (
        "Waits for a picture: after a key press (median, 95th percentile), after the last movement of a drag, "
        "after the start of the cell. Pictures per second and the longest freeze are those of a drag."
    )
    techniques = [
        (name, f"{steps:,}" if (name, steps) != ECHO else "", *row(seen))
        for (name, steps), seen in sorted(latency["techniques"].items(), key=lambda entry: entry[0][1] or np.inf)
    ]
    explorers = [
        (f"`{lesson}`" + (f", explorer {number}" if number > 1 else ""), slider, *row(seen))
        for (lesson, number, slider), seen in latency["explorers"].items()
    ]
    held = [(what, *(f"{amount:.4g}" for amount in amounts)) for what, amounts in latency["endurance"].items()]
    blocks = len(next(iter(latency["endurance"].values())))
    return [
        "## Sliders", waits, table(("program", "steps", *HEAD), techniques),
        "## Sliders of the lessons", ON_ONE_STOP, table(("lesson", "slider", *HEAD), explorers),
        "## Five thousand movements of one slider",
        table(("after each fifth", *map(str, range(1, blocks + 1))), held),
    ]  # fmt: skip


def row(seen):
    """The cells of HEAD."""
    if not seen.keys:
        return ("not here",) * len(HEAD)
    numbers = (
        np.median(seen.keys), late(seen), np.median(seen.rates), max(seen.freezes), np.median(seen.sizes),
        np.median(seen.after), np.median(seen.first),
    )  # fmt: skip
    return tuple(f"{number:.1f}" if number < 10 else f"{number:.0f}" for number in numbers)


def late(seen):
    """The 95th percentile of the waits after a key press."""
    return np.percentile(seen.keys, 95)


def bars(latency):
    """Rows (bar, measured, met); none where nothing was measured."""
    return [] if isinstance(latency, str) else [*drag_and_keys(latency["techniques"]), *of_the_course(latency)]


def drag_and_keys(techniques):
    for steps in dict.fromkeys(steps for name, steps in techniques if name == OURS):
        naive, ours, floor = (techniques[name, steps] for name in (NAIVE, OURS, FLOOR))
        share = 0.7 if steps >= 5000 else 0.8
        found = [
            ("drag: at least 10 times the pictures of `interact`", per(ours.rates, naive.rates), -10),
            (f"drag: at least {share} of the floor's pictures", per(ours.rates, floor.rates), -share),
            ("key press, 95 %: at most 1.4 times the floor's", late(ours) / late(floor), 1.4),
            ("key press, 95 %: at most a fifth of `interact`'s", late(ours) / late(naive), 0.2),
        ]
        for words, value, limit in found:
            yield f"{words}, {steps:,} steps", f"{value:.2f}", met(value, limit)


def per(rates, others):
    """Pictures of all drags over those of the other program."""
    return sum(rates) / sum(others) if any(others) else np.inf


def met(value, limit):
    """Whether a value is at most its limit; at least, where the limit is negative."""
    return "yes" if (value <= limit if limit >= 0 else value >= -limit) else "no"


def of_the_course(latency):
    """The slowest of the lessons' sliders, each with its median, and what grows over many movements."""
    seen = list(latency["explorers"].values())
    grown = {what: amounts[-1] - amounts[0] for what, amounts in latency["endurance"].items()}
    memory = max(grown["MB in the kernel"], grown["MB in the page"])
    found = [
        ("last picture at most 150 ms after a drag, every slider", "ms", [np.median(s.after) for s in seen], 150),
        ("at most 20 KB a key press, every slider", "KB", [max(s.sizes) for s in seen], 20),
        ("first picture within 400 ms, every explorer", "ms", [np.median(s.first) for s in seen], 400),
        ("memory of kernel and page: less than 1 MB more over 4,000 movements", "MB", [memory], 1),
        ("no comm and no figure left behind", "", [max(grown["comms"], *latency["endurance"]["open figures"])], 0),
    ]
    for words, unit, values, limit in found:
        yield words, f"{max(values):.4g} {unit}".strip(), met(max(values), limit)
