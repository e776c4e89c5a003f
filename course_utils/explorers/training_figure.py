"""The picture of a training: loss and accuracy, epoch by epoch."""

from course_utils import plots
from course_utils.explorers.descent_figure import IN_LEGEND, YOURS
from course_utils.explorers.live_figure import LiveFigure
from course_utils.explorers.placing import place


def training_figure(epochs, yours=False):
    """A LiveFigure with the lines "loss" and "accuracy", and with yours "your loss" and "your accuracy"."""
    fig, (left, right) = plots.panels(2, width=4.2, height=3)
    place((left, right), [[x, 0.167, 0.39, 0.8] for x in (0.103, 0.586)], (0, epochs))
    left.set(yscale="log", ylim=(1e-4, 10), xlim=(0, epochs), xlabel="epoch", ylabel="loss, training digits")
    plots.plain_log(left.yaxis)
    right.set(ylim=(0, 1), xlim=(0, epochs), xlabel="epoch", ylabel="accuracy, unseen digits")
    for ax, color in ((left, "sgd"), (right, "gd")) if yours else ():
        ax.plot([], [], color=plots.COLORS[color], marker="o", markersize=4, label="ours")
        ax.plot([], [], color=plots.COLORS["theory"], **IN_LEGEND)
        ax.legend(loc="center right", **plots.LEGEND)
    figure = LiveFigure(fig, "Loss on the training digits on the left, accuracy on the unseen digits on the right.")
    figure.line("loss", left, plots.COLORS["sgd"], dots=True)
    figure.line("accuracy", right, plots.COLORS["gd"], dots=True)
    if yours:
        figure.line("your loss", left, plots.COLORS["theory"], **YOURS)
        figure.line("your accuracy", right, plots.COLORS["theory"], **YOURS)
    return figure
