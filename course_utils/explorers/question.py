"""Questions with choices: each answer is a button, and each has feedback of its own."""

import html
import tomllib
from functools import cache
from importlib.resources import files

import ipywidgets as widgets

from course_utils import progress
from course_utils.arguments import whole
from course_utils.explorers.controls import Status, display_metadata
from course_utils.explorers.guesses import LETTERS
from course_utils.explorers.shown import Closing, show_once
from course_utils.stills import signed


@cache
def questions():
    """Every question of the course by its id; one TOML file for each lesson."""
    return {name: question for table in _tables() for name, question in table.items() if name != PREDICT}


@cache
def predictions():
    """Every question that comes before an explorer by its id: the table [predict] of the same files."""
    return {name: question for table in _tables() for name, question in table.get(PREDICT, {}).items()}


def ask(name):
    """The question called `name` (such as "01-limit"): choose an answer and read why it is right or not."""
    if not isinstance(name, str) or name not in questions():
        raise ValueError(f"no question called {name!r}; there are {', '.join(questions())}")
    return Question(name=name, **questions()[name])


class Question(Closing, widgets.VBox):
    """A button and a key for each answer, feedback under them; any may be tried, `chosen` is the last one's number.

    The first one chosen is the prediction, and is kept in progress.
    """

    def __init__(self, name, question, answers):
        self.name = name
        self.question, self.answers, self.chosen = question, answers, None
        self._buttons = [_button(letter, answer) for letter, answer in zip(LETTERS, answers, strict=False)]
        keys = {"letters": LETTERS[: len(answers)], "asked": question}
        self._says = Status(text="Choose an answer before you read on.", **keys)
        self._says.on_msg(lambda _, message, buffers: self.choose(message["choose"]))
        head = widgets.HTML(f'<div style="{INK};max-width:48em;font-weight:600">{html.escape(question)}</div>')
        texts = [
            widgets.HTML(f'<div style="{INK};max-width:44em;padding:4px 0">{html.escape(a["text"])}</div>')
            for a in answers
        ]
        rows = [widgets.HBox(row) for row in zip(self._buttons, texts, strict=True)]
        super().__init__([head, *rows, self._says])
        self.add_class("course-ask")

    def choose(self, i):
        """Take answer number `i` and show its feedback."""
        i = whole("the answer's number", i, 0, len(self.answers) - 1)
        if self.chosen is None:
            progress.record("prediction", self.name, LETTERS[i])
        self.chosen, answer = i, self.answers[i]
        verdict = "Right" if answer.get("correct") else "Not this one"
        self._says.text = f"{verdict} ({LETTERS[i]}): {answer['feedback']}"
        for j, button in enumerate(self._buttons):
            button.icon = ("check" if answer.get("correct") else "times") if j == i else ""
            button.tooltip = f"{verdict}: {answer['text']}" if j == i else self.answers[j]["text"]

    @property
    def feedback(self):
        """The line under the answers."""
        return self._says.text

    def _repr_mimebundle_(self, **kwargs):
        """The widget, and question and answers as text for where no kernel runs."""
        show_once(self)
        data = signed(super()._repr_mimebundle_(**kwargs))
        return {**data, "text/plain": words(self.question, self.answers)}, display_metadata(self._says)


PREDICT = "predict"
INK = "color:var(--jp-ui-font-color1, var(--course-ink, #111));line-height:1.5"


def words(question, answers=()):
    """A question and the answers offered, each with its letter, as text."""
    return "\n".join([question, *(f"{letter}. {a['text']}" for letter, a in zip(LETTERS, answers, strict=False))])


def _button(letter, answer):
    return widgets.Button(description=letter, tooltip=answer["text"], layout=widgets.Layout(width="56px"))


@cache
def _tables():
    folder = files("course_utils.explorers") / "questions"
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return [tomllib.loads(f.read_text("utf-8")) for f in found]
