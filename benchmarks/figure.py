"""The figure of the benchmark: four panels, one colour and one marker for each library."""

import numpy as np

from course_utils.plots import COLORS, draw_curve, panels, png

# program: colour, marker, line
LOOKS = {
    "NumPy, pure": ("gd", "o", "-"),
    "NumPy, in place": ("gd", "s", "--"),
    "NumPy, in blocks": ("gd", "v", ":"),
    "NumPy, in blocks, all cores": ("gd", "P", "-."),
    "PyTorch, one thread": ("sgd", "P", ":"),
    "PyTorch": ("sgd", "^", "-"),
    "PyTorch, compiled": ("sgd", "x", "--"),
    "Keras": ("theory", "D", "-"),
    "Keras, compiled": ("theory", "d", "--"),
    "GD": ("gd", "o", "-"),
    "SGD, batch 32": ("sgd", "^", "-"),
    "NumPy, bare loop": ("muted", "s", ""),
    "descend": ("gd", "o", ""),
    "Keras train_on_batch": ("theory", "D", ""),
    "Keras fit": ("theory", "*", ""),
}


def draw(results):
    """The figure as PNG bytes."""
    fig, axes = panels(2, 2, width=6, height=4.2)
    (steps, epochs), (scaling, imports) = axes
    curves(steps, results["steps"], "One step of momentum", "parameters")
    curves(scaling, results["scaling"], "One step against the number of examples", "examples")
    rows(epochs, {name: results["epochs"][name][0] for name in ("softmax regression", "network")})
    starts(imports, results["imports"])
    return png(fig)


def curves(ax, results, title, xlabel):
    """Median seconds against size for each program, and whiskers between the quartiles."""
    for name in dict.fromkeys(name for seconds in results.values() for name in seconds):
        color, marker, line = LOOKS[name]
        sizes = [size for size, seconds in results.items() if name in seconds]
        low, middle, high = np.percentile([results[size][name] for size in sizes], [25, 50, 75], axis=1)
        draw_curve(ax, sizes, middle, name, COLORS[color], marker=marker, linestyle=line, linewidth=1.5)
        ax.vlines(sizes, low, high, COLORS[color], linewidth=4, alpha=0.4)
    ax.set(xscale="log", yscale="log", title=title, xlabel=xlabel, ylabel="seconds")
    ax.set_ylim(top=ax.get_ylim()[1] * 100)  # room for the legend above the lines
    ax.legend(fontsize=8, ncols=2, loc="upper center")


def rows(ax, problems):
    """A line for each problem, a point for each program on it."""
    for name in dict.fromkeys(name for seconds in problems.values() for name in seconds):
        color, marker, _ = LOOKS[name]
        low, middle, high = np.percentile([seconds[name] for seconds in problems.values()], [25, 50, 75], axis=1)
        at = np.arange(len(problems))
        ax.plot(middle, at, marker, color=COLORS[color], label=name, markersize=8, fillstyle="none", markeredgewidth=2)
        ax.hlines(at, low, high, COLORS[color], linewidth=4, alpha=0.4)
    ax.set(xscale="log", title="One epoch on the digits, batch size 32", xlabel="seconds")
    ax.set(yticks=range(len(problems)), yticklabels=[name.replace(" ", "\n") for name in problems])
    ax.set_ylim(-0.5, len(problems) + 0.3)
    ax.legend(fontsize=8, ncols=2, loc="upper center")


def starts(ax, imports):
    """Import seconds of each module as points with whiskers."""
    low, middle, high = np.percentile(list(imports.values()), [25, 50, 75], axis=1)
    at = np.arange(len(imports))[::-1]
    ax.hlines(at, low, high, COLORS["gd"], linewidth=4, alpha=0.4)
    ax.plot(middle, at, "o", color=COLORS["gd"], markersize=5)
    ax.set(title="Import in a fresh process", xlabel="seconds", yticks=at, xlim=(0, None))
    ax.set_yticklabels([name.removeprefix("course_utils.") for name in imports], fontsize=8)
