"""What a check says, in a short box: correct, not written yet, or what is wrong and where to look."""

import html
from dataclasses import dataclass, replace

CORRECT, NOT_WRITTEN = "correct", "not written yet"
SECONDS = 10.0  # that a learner's function may take
# Heading and colour of the box's edge; the heading alone says all that the colour says.
LOOKS = {CORRECT: ("Correct", "#009E73"), NOT_WRITTEN: ("Not written yet", "#767676"),
         "mistake": ("Not yet", "#D55E00"), "error": ("It does not run", "#D55E00")}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """status is "correct", "not written yet", "mistake" or "error"; `mistake` the name of the one recognised."""

    status: str
    text: str
    mistake: str = None
    example: str = ""
    notes: tuple = ()

    @property
    def ok(self):
        """Whether the exercise is solved."""
        return self.status == CORRECT

    def with_printed(self, text):
        """The same answer with a word on what was printed."""
        lost = ", which returns nothing" if self.status == NOT_WRITTEN else ""
        return self._with_note(f"Your function printed{lost}: {text.strip()}") if text.strip() else self

    def with_patched(self, names):
        """The same answer with a word on names in NumPy that were overwritten."""
        told = f"Overwritten in this notebook, and not used here: {', '.join(names)}. Restart the kernel."
        return self._with_note(told) if names else self

    def with_replaced(self, names):
        """The same answer with a word on names that the function overwrote."""
        told = f"It replaces {' and '.join(names[:3])}, also for our own code: after each check that is put back."
        return self._with_note(told) if names else self

    def _with_note(self, text):
        return replace(self, notes=(*self.notes, text))

    @property
    def lines(self):
        """Heading and text, then the example and notes if there are any."""
        name = f": {self.mistake}" if self.mistake else ""
        return [f"{LOOKS[self.status][0]}{name}. {self.text}", *filter(None, (self.example, *self.notes))]

    def __repr__(self):
        return "\n".join(self.lines)

    def _repr_html_(self):
        head, *rest = (html.escape(line) for line in self.lines)
        body = "".join(f'<div style="font-family:monospace;white-space:pre-wrap">{line}</div>' for line in rest)
        edge = LOOKS[self.status][1]
        style = f"border-left:6px solid {edge};padding:4px 12px;max-width:52em;line-height:1.5"
        return f'<div role="status" style="{style}"><div>{head}</div>{body}</div>'


class Points(float):
    """Points earned, shown as a bare number, which is what nbgrader reads."""

    def __repr__(self):
        return f"{float(self):g}"
