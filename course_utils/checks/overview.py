"""What is solved, what is next, where I stopped."""

import html

from course_utils import progress

# The exercises of each set, in the order of its notebook.
SETS = {
    "01_gradient_descent": (
        "slope", "gradient", "numerical_gradient", "gd_step", "loop_order", "descend", "largest_lr", "minimise",
    ),
    "02_stochastic_gradient_descent": (
        "batch_gradient", "minibatches", "epoch_order", "sgd_epoch", "schedule", "noise_floor", "batch_for_half",
        "share_seen", "sgd",
    ),
    "03_momentum": (
        "velocity", "momentum_step", "second_step", "momentum_order", "momentum_descend", "best_beta", "nesterov_step",
        "momentum_schedule",
    ),
    "04_neural_network": (
        "layer_forward", "softmax", "cross_entropy", "layer_backward", "backprop_order", "train_step", "guess_loss",
        "adam_step", "digit_weights",
    ),
    "05_pytorch_and_tensorflow": (
        "keras_momentum", "torch_train_step", "keras_train_step", "train_order", "convert_lr", "torch_after_drop",
        "keras_after_drop", "momentum_correction", "dampened_sgd", "torch_sgd",
    ),
}  # fmt: skip


class Overview:
    """A row for each set: how many are solved, the first that is not; then where I stopped and how long I worked."""

    head = ("exercises", "solved", "next")

    def __init__(self):
        told = progress.summary()
        done = set(told["passed"])
        self.rows = [
            (name, f"{len(done & set(names))} of {len(names)}", next((n for n in names if n not in done), "all solved"))
            for name, names in SETS.items()
        ]
        answered = [value for value in told["predictions"].values() if value != progress.SKIPPED]
        counts = f"Questions answered: {len(answered)}, checks run: {sum(told['attempts'].values())}, "
        counts += f"hints: {sum(told['hints'].values())}, minutes: {told['minutes']:g}."
        self.line = f"{counts} Last: {told['stopped_at'] or 'nothing yet'}."

    def __repr__(self):
        return "\n".join([*(f"{name}: {solved} solved, next: {next_}" for name, solved, next_ in self.rows), self.line])

    def _repr_html_(self):
        def row(tag, cells):
            return "<tr>" + "".join(f'<{tag} style="text-align:left">{c}</{tag}>' for c in cells) + "</tr>"

        link = '<a href="../exercises/{0}/{0}.ipynb">{0}</a>'
        body = "".join(row("td", (link.format(name), *rest)) for name, *rest in self.rows)
        return f"<table>{row('th', self.head)}{body}</table><p>{html.escape(self.line)}</p>"


def overview():
    """The Overview of this learner's progress, as it is now."""
    return Overview()
