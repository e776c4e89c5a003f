"""Numbers typed into the fields of sliders: taken as they are, shown so that neighbours differ, refused in words."""

import pytest
from entered import READ, REFUSED, THOUSANDS, VANISHING
from test_lessons import Slider, until

from course_utils.explorers import controls

CELLS = (
    """from course_utils import plots
from course_utils.explorers import DescentExplorer, LiveFigure
from course_utils.explorers.controls import Slider
from course_utils.explorers.explorer import Explorer
from course_utils.problems import Quadratic


class Dot(Explorer):
    def __init__(self):
        self.near_one = Slider("beta", [0.9, 0.99, 0.999, 0.9995, 0.9999], 0.999)
        self.kelvin = Slider("kelvin", [273 + k / 10 for k in range(21)], 273.2, typing=True)
        fig, ax = plots.panels(1)
        ax.set(xlim=(0.9, 1), ylim=(270, 280))
        figure = LiveFigure(fig, "A dot.")
        figure.points("dot", ax, plots.COLORS["gd"])
        super().__init__([self.near_one, self.kelvin], figure)

    def update(self):
        x, y = self.near_one.value, self.kelvin.value
        self.show(f"beta {x}, kelvin {y}", dot=([x], [y]))


Dot()""",
    """fig, ax = plots.panels(1)
figure, speed = LiveFigure(fig, "A dot."), Slider("speed", [1, 2], 1, typing=True)
figure.move("At speed 1.")
figure.under(speed)""",
    "DescentExplorer(Quadratic([0.1, 10]), [-4, 1.5], lr=0.0501)",
)
SCALE = "learning rate lr goes from 0.000667 to 0.8."


@pytest.fixture(scope="module")
def notebook(run_cells):
    return run_cells(*CELLS)


def rows(notebook, explorer):
    root = notebook.explorers[explorer]
    notebook.show(root)
    return [Slider(root, row) for row in root.locator(".course-slider").all()]


def test_the_marks_of_a_slider_are_read_out_with_it(notebook):
    (lr,) = rows(notebook, 2)
    described = "e => document.getElementById(e.getAttribute('aria-describedby')).innerText.split('\\n')"
    assert lr.range.evaluate(described) == ["best 2/(mu+L) = 0.198", "limit 2/L = 0.2"]


def test_neighbouring_stops_read_differently(notebook):
    beta, kelvin = rows(notebook, 0)
    output = beta.row.locator("output")
    beta.range.focus()
    for text in ("0.9995", "0.9999"):
        notebook.page.keyboard.press("ArrowRight")
        assert (output.text_content(), beta.value) == (text, float(text))
    assert kelvin.field.input_value() == "273.2"
    kelvin.field.press("ArrowUp")
    assert kelvin.field.input_value() == "273.3"
    assert notebook.errors == []


@pytest.mark.parametrize(("text", "shown"), [("0,123456", "0.123456"), ("1e-3", "0.001"), ("0.8", "0.8")])
def test_what_was_typed_stays_as_it_is(notebook, text, shown):
    (lr,) = rows(notebook, 2)
    lr.type(text)
    assert until(lambda: f"lr = {float(shown):.3g}:" in lr.shown[1]), lr.shown[1]
    assert (lr.field.input_value(), lr.value) == (shown, float(shown))
    lr.reset()
    assert until(lambda: lr.field.input_value() == "0.0501")


@pytest.mark.parametrize(
    ("text", "told", "taken"),
    [
        ("abc", f"abc is no number such as 0.25 or 2.5e-1; {SCALE} lr = 0.0501:", "0.0501"),
        ("0x10", f"0x10 is no number such as 0.25 or 2.5e-1; {SCALE} lr = 0.0501:", "0.0501"),
        (" ", f"An empty field is no number such as 0.25 or 2.5e-1; {SCALE} lr = 0.0501:", "0.0501"),
        ("0,800001", f"0,800001 is off the scale; {SCALE} lr = 0.8:", "0.8"),
        ("1,000", f"1,000 may be in thousands: write it without the comma; {SCALE} lr = 0.0501:", "0.0501"),
        ("1e-400", f"1e-400 is too near 0 to be told from it; {SCALE} lr = 0.0501:", "0.0501"),
        ("7", f"7 is off the scale; {SCALE} lr = 0.8:", "0.8"),
        ("-1", f"-1 is off the scale; {SCALE} lr = 0.000667:", "0.000667"),
    ],
)
def test_what_is_refused_is_told_once_more_each_time_until_the_next_move(notebook, text, told, taken):
    (lr,) = rows(notebook, 2)
    spoken = lr.root.locator(".course-spoken")
    for _ in range(2):
        lr.type(text)
        assert spoken.text_content() == "" or text not in spoken.text_content()
        assert until(lambda: spoken.text_content().startswith(told)), spoken.text_content()
        assert lr.shown[1].startswith(told)
        assert lr.field.input_value() == taken
    lr.reset()
    assert until(lambda: spoken.text_content().startswith("lr = 0.0501:")), "the remark stays"
    assert notebook.errors == []


def test_a_slider_that_was_clicked_on_has_a_ring_once_keys_move_it_also_in_firefox(notebook):
    (lr,) = rows(notebook, 2)
    style = notebook.page.locator("#course-style")
    sheet = style.text_content()
    rewrite = "(style, text) => { style.textContent = text; }"
    style.evaluate(rewrite, sheet.replace(":focus-visible", ":not(*)"))  # Firefox's is not, after a click
    ring = "e => getComputedStyle(e).outlineStyle"
    try:
        lr.range.click()
        assert lr.range.evaluate(ring) == "none"
        notebook.page.keyboard.press("ArrowRight")
        assert lr.range.evaluate(ring) == "solid"
        lr.field.focus()
        assert lr.range.evaluate(ring) == "none"
    finally:
        style.evaluate(rewrite, sheet)
    lr.reset()
    assert notebook.errors == []


def test_numbers_are_read_as_in_a_prediction(notebook):
    program = (controls.HERE / "entered.js").read_text("utf-8")
    refused = [*THOUSANDS, *REFUSED, *VANISHING]
    read = notebook.page.evaluate(f"texts => {{ {program} return texts.map(numberIn); }}", [*READ, *refused])
    assert dict(zip(READ, read, strict=False)) == READ
    assert [text for text, number in zip(refused, read[len(READ) :], strict=True) if number == number] == []


def test_a_figure_of_ones_own_tells_it_too(notebook):
    (speed,) = rows(notebook, 1)
    speed.type("fast")
    told = "fast is no number such as 0.25 or 2.5e-1; speed goes from 1 to 2. At speed 1."
    assert until(lambda: speed.root.locator(".course-spoken").text_content() == told)
