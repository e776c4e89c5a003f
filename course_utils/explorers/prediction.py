"""A question before an explorer: what is locked unlocks when it is answered; then prediction, run and theory stand
side by side.

SGD_COURSE_LOCKS=off leaves everything open: the question can be answered, but need not be.
"""

import os

import traitlets

from course_utils import progress
from course_utils.arguments import whole
from course_utils.explorers.controls import program
from course_utils.explorers.guesses import Number, OneOf, Point, Wrong, plane, texts
from course_utils.explorers.in_order import InOrder
from course_utils.explorers.measured import MEASURED, must_fit
from course_utils.explorers.question import predictions, words
from course_utils.plots import COLORS

SEPARATOR = "; "  # of the texts of one prediction where it is kept
HEADS = ("you predicted", "the run showed", "theory says")


def locks():
    """Whether explorers wait for a prediction."""
    return os.environ.get("SGD_COURSE_LOCKS", "").strip().lower() != "off"


class Prediction(InOrder):
    """The question called `name`, above `explorer`: its sliders and buttons wait for `commit` or `skip`.

    `rows` are empty until then, and afterwards (head, value) of HEADS; `says` is the line for the learner.
    The first answer is kept in progress, and is shown again at once when the question is.
    """

    _esm = program("letters.js", "telling.js", "prediction.js")
    question = traitlets.Unicode().tag(sync=True)
    fields = traitlets.List().tag(sync=True)
    answers = traitlets.List().tag(sync=True)
    plane = traitlets.Dict().tag(sync=True)
    locked = traitlets.Bool(False).tag(sync=True)
    wrong = traitlets.List(traitlets.Int()).tag(sync=True)  # numbers of the fields
    says = traitlets.Unicode().tag(sync=True)
    rows = traitlets.List().tag(sync=True)

    def __init__(self, name, explorer):
        if not isinstance(name, str) or name not in predictions():
            raise ValueError(f"no prediction called {name!r}; there are {', '.join(predictions())}")
        must_fit(name, explorer)
        self.name, self.explorer, self._controls = name, explorer, []
        text = dict(predictions()[name])
        question, self._why = text.pop("question"), text.pop("theory")
        self._panel = whole("panel", text.pop("panel", 0), 0, len(explorer.figure.fig.axes) - 1)
        self.guess = _kind(text, self._axes(explorer.figure))
        answers = [answer["text"] for answer in text.get("answers", [])]
        super().__init__(question=question, fields=list(self.guess.fields), answers=answers)
        self._marks, self._marked = {}, []  # what is drawn, and in which figures there are lines for it
        if isinstance(self.guess, Point):
            self._draw(aim=([], []))
        self.on_msg(self._heard)
        if not self._kept() and locks():
            self._lock()

    def commit(self, given):
        """Take what the learner entered, a text or number for each field or the letter of an answer."""
        if self._answered():
            return
        try:
            guess = self.guess.read(given)
        except Wrong as wrong:
            return self._refuse(wrong.says)
        self._compare_and_open(guess)
        progress.record("prediction", self.name, SEPARATOR.join(text.strip() for text in texts(self.guess, given)))

    def skip(self):
        """Open without a prediction, and show what would have been compared with it."""
        if self._answered():
            return
        self._compare_and_open(None)
        progress.record("prediction", self.name, progress.SKIPPED)

    def aim(self, given):
        """Take the marks off fields that are mended, and move the cross to the point entered so far, if it is one."""
        try:
            guess, wrong = self.guess.read(given), {}
        except Wrong as error:
            guess, wrong = None, error.says
        if not set(self.wrong) <= set(wrong):
            self._refuse({i: wrong[i] for i in self.wrong if i in wrong})
        if isinstance(self.guess, Point):
            self._cross(guess)

    @property
    def words(self):
        """Question, answers and what came of it as text, for where no kernel runs."""
        asked = words(self.question, predictions()[self.name].get("answers", ()))
        return "\n".join([asked, *(f"{head}: {value}" for head, value in self.rows)])

    def _heard(self, _, message, buffers):
        """What a view sends: {"commit": texts}, {"aim": texts} or {"skip": []}, and its name as "from".

        Once the sliders are open, the focus goes to the first of them, in that view.
        """
        if "skip" in message:
            self.skip()
        elif "commit" in message:
            self.commit(message["commit"])
        elif "aim" in message and not self.rows:
            self.aim(message["aim"])
        if "aim" not in message and self.rows:
            self.send({"opened": message.get("from")})

    def _refuse(self, says):
        """Mark the fields that are wrong, {number: what to enter there}."""
        with self.hold_sync():
            self.wrong, self.says = list(says), " ".join(says.values())

    def _answered(self):
        """Whether there is an answer; one that was given in another copy of the question is shown here too."""
        if not self.rows and self._kept():
            self._open()
        return bool(self.rows)

    def _kept(self):
        """Show the prediction of an earlier session, if there is one that can be read."""
        kept = progress.summary()["predictions"].get(self.name)
        try:
            guess = None if kept in (None, progress.SKIPPED) else self.guess.read(kept.split(SEPARATOR))
        except ValueError:  # the question has changed since
            return False
        if kept is not None:
            self._compare(guess)
        return kept is not None

    def _lock(self):
        self.explorer.stop()
        self._controls = [widget for widget in _controls(self.explorer) if not widget.disabled]
        for widget in self._controls:
            widget.disabled = True
        self.locked = True

    def _compare_and_open(self, guess):
        try:
            self._compare(guess)  # nobody moves a slider meanwhile
        finally:
            self._open()

    def _open(self):
        for widget in self._controls:
            widget.disabled = False
        self.locked, self.wrong = False, []

    def _compare(self, guess):
        """Put the sliders where the question asks, and show the three figures; `guess` is None if it was skipped."""
        self.explorer.reset()  # without locks, any slider may have been moved
        shown, theory = (figure(self.explorer) for figure in MEASURED[self.name])
        values = [progress.SKIPPED if guess is None else self.guess.show(guess), *map(self.guess.show, (shown, theory))]
        verdict = "" if guess is None else self.guess.verdict(guess, shown) + " "
        if self.plane:
            self._draw_both(guess, shown)
        with self.hold_sync():  # one change in the page, which is read out once
            self.says = verdict + self._why
            self.rows = list(zip(HEADS, values, strict=True))

    def _draw_both(self, guess, shown):
        both = guess is not None and self.guess.near(guess, shown)
        marks = {"shown": shown, "shown label": (*shown, "" if both else "run asked about")}
        if guess is not None:  # its label goes below, the run's above, so that they never cover each other
            ax = self._axes(self.explorer.figure)
            place = ax.transData.transform(guess) - [0, ax.bbox.height / 10]
            below = ax.transData.inverted().transform([place[0], max(place[1], ax.bbox.y0)])
            marks |= {"predicted": guess, "predicted label": (*below, "you, and the run" if both else "you predicted")}
        self._draw(aim=([], []), **marks)

    def _cross(self, point):
        lines = [], []
        if point is not None and self.plane:
            (left, right), (low, high), (x, y) = self.plane["x"], self.plane["y"], point
            lines = [left, right, float("nan"), x, x], [y, y, float("nan"), low, high]
        self._draw(aim=lines)

    def _draw(self, **marks):
        self._marks |= marks
        self.explorer.figure.move(self.explorer.text, **self.marks(self.explorer.figure))

    def marks(self, figure):
        """What is drawn of points and cross, for the figure that is shown now; nothing if its axes are others."""
        if not self._marks:
            return {}
        ax = self._axes(figure)
        if not self.guess.fits(ax):
            self.plane = {}
            return {}
        self.plane = plane(ax)
        if not any(figure is other for other in self._marked):
            self._marked.append(figure)
            figure.line("aim", ax, COLORS["theory"], width=1, dashes="4 3")
            for name, color in (("predicted", COLORS["sgd"]), ("shown", COLORS["theory"])):
                figure.points(name, ax, color, size=10)
                figure.text(f"{name} label", ax, COLORS["theory"])
        return self._marks

    def _axes(self, figure):
        """The panel of the figure that the question is about."""
        return figure.fig.axes[self._panel]


def _kind(text, ax):
    """The kind of guess that a question's table describes."""
    kinds = {"number": Number, "choice": OneOf, "point": Point}
    kind = text.pop("kind")
    return kinds[kind](**text, **({"ax": ax} if kind == "point" else {}))


def _controls(widget):
    """Everything inside a widget that can be disabled."""
    for child in getattr(widget, "children", ()):
        if child.has_trait("disabled"):
            yield child
        yield from _controls(child)
