"""The measurements as tables in words and figures, between the two marks of benchmarks/README.md."""

import os
import platform
from pathlib import Path

import numpy as np

from benchmarks import slider_report
from benchmarks.libraries import versions
from benchmarks.timing import ratio

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
UNITS = ((1, "s"), (1e-3, "ms"), (1e-6, "µs"))


def report(results):
    """Everything between the marks, as Markdown."""
    parts = [
        machine(), "## Bars", table(["bar", "measured", "met"], bars(results)),
        "## One step of momentum", "Columns: number of parameters.", by_size(results["steps"]),
        *(part for name, result in results["epochs"].items() for part in epoch(name, *result)),
        "## One step against the number of examples", "Columns: number of examples.", by_size(results["scaling"]),
        *slider_report.tables(results["latency"], table),
        "## Seconds to import", "Each in a fresh process.", singles("module", results["imports"]),
    ]  # fmt: skip
    if results["lessons"]:
        parts += ["## Seconds of each lesson", "From the start of its kernel to the end of its last cell."]
        parts.append(singles("lesson", results["lessons"]))
    return "\n\n".join(parts)


def fill(page, text):
    """The page with `text` in place of what stood between its marks."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}"


def bars(results):
    """Rows (bar, measured, met) of what the course promises; a library that is missing leaves its rows out."""
    softmax, d = results["epochs"]["softmax regression"][0], max(results["steps"])
    loss = [losses for _, losses in results["epochs"].values()]
    apart = max(max(values.values()) / min(values.values()) - 1 for values in loss)
    most = f"at most 1.2 times PyTorch's, {d:,} parameters"
    limits = [
        ("`descend` at most 1.4 times the bare loop", softmax, "descend", "NumPy, bare loop", 1.4),
        ("PyTorch at least 5.5 times `descend`", softmax, "PyTorch", "descend", -5.5),
        ("Keras `train_on_batch` at least 35 times `descend`", softmax, "Keras train_on_batch", "descend", -35),
        (f"one core: in place {most}", results["steps"][d], "NumPy, in place", "PyTorch, one thread", 1.2),
        (f"one core: in place, in blocks, {most}", results["steps"][d], "NumPy, in blocks", "PyTorch, one thread", 1.2),
        (f"in place on one core {most} on all cores", results["steps"][d], "NumPy, in place", "PyTorch", 1.2),
        (f"all cores: in place, in blocks, {most}",
         results["steps"][d], "NumPy, in blocks, all cores", "PyTorch", 1.2),
    ]  # fmt: skip
    rows = [("final losses equal to 1e-10", f"{apart:.0e}", "yes" if apart <= 1e-10 else "no")]
    for words, seconds, name, other, limit in limits:
        if name in seconds and other in seconds:
            found = ratio(seconds, name, other)
            met = found <= limit if limit > 0 else found >= -limit
            rows.append((words, f"{found:.2f}", "yes" if met else "no"))
    for words, waits, limit in (
        ("every module imported within 0.5 s", results["imports"], 0.5),
        ("every lesson run within 90 s", results["lessons"] or {}, 90),
    ):
        if waits:
            slowest, name = max((float(np.median(seconds)), name) for name, seconds in waits.items())
            rows.append((words, f"`{name}` {span(slowest)}", "yes" if slowest <= limit else "no"))
    return [*rows, *slider_report.bars(results["latency"])]


def epoch(name, seconds, losses):
    """Heading and table of one problem's epoch."""
    rows = [
        (program, span(s), f"{ratio(seconds, program, 'descend'):.2f}", f"{losses[program]:.12f}")
        for program, s in seconds.items()
    ]
    return f"## One epoch: {name}", table(["program", "seconds", "times `descend`", "final loss"], rows)


def by_size(results):
    """One row for each program, one column for each size."""
    names = list(dict.fromkeys(name for seconds in results.values() for name in seconds))
    rows = [
        (name, *(span(seconds[name]) if name in seconds else "not here" for seconds in results.values()))
        for name in names
    ]
    return table(["program", *(f"{size:,}" for size in results)], rows)


def singles(what, seconds):
    return table([what, "seconds"], [(f"`{name}`", span(s)) for name, s in seconds.items()])


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def span(seconds):
    """Median, and in brackets the quartiles, in the unit that suits the median; a single number alone."""
    low, middle, high = np.percentile(seconds, [25, 50, 75])
    scale, unit = next(((s, u) for s, u in UNITS if middle >= s), UNITS[-1])
    low, middle, high = (f"{x / scale:.3g}" if x < 999 * scale else f"{x / scale:.0f}" for x in (low, middle, high))
    return f"{middle} {unit}" + (f" ({low}–{high})" if np.size(seconds) > 1 else "")


def machine():
    """Processor, platform, Python and the versions of the libraries; nothing that names the machine."""
    libraries = ", ".join(f"{name} {version}" for name, version in versions().items())
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"Machine: {os.cpu_count()} cores{processor()}, {system}. Versions: {libraries}."


def processor():
    """The processor's name in brackets, or nothing where the system does not tell."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    return name and f" ({name})"
