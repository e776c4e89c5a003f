"""In a narrow window, or a page that is much enlarged: pictures keep a readable size and are scrolled sideways."""

import pytest
from test_lessons import ALL_DRAWN, AXE, VIOLATIONS, Slider, until
from test_predictions import LEARNER

CELLS = (
    'DescentExplorer(valley, w0, lr=0.05).predict("01-end")',
    "MomentumPadExplorer(valley, w0, lr=0.05)",
    "DescentExplorer(valley, w0, lr=0.05)",
)
TRAINING = """from course_utils.data import digits
from course_utils.explorers import TrainingExplorer
from course_utils.network import Network
X, y, X_test, y_test = digits()
TrainingExplorer(Network(X, y, hidden=(8,)), Network(X_test, y_test, hidden=(8,)), epochs=2)"""
SCALE = "svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width"
LEAST = 0.65  # as in live_figure.js
NAMED = "e => [e.getAttribute('tabindex'), e.getAttribute('role'), e.getAttribute('aria-label')]"
SCROLLED = "e => e.scrollLeft"


@pytest.fixture(scope="module")
def notebook(run_cells, tmp_path_factory):
    place = str(tmp_path_factory.mktemp("learner") / "progress.sqlite")
    return run_cells(LEARNER.format(place=place), *CELLS[:-1], TRAINING, CELLS[-1])


@pytest.fixture(params=[700, 320])
def narrow(notebook, request):
    """The notebook in a window of so many pixels, JupyterLab's side bar beside it if there is room."""
    wide = notebook.page.viewport_size
    notebook.page.set_viewport_size({"width": request.param, "height": 900})
    if request.param < 400:
        notebook.page.evaluate("jupyterapp.shell.collapseLeft()")
    yield notebook
    notebook.page.evaluate("jupyterapp.shell.expandLeft()")
    notebook.page.set_viewport_size(wide)
    for root in notebook.explorers:
        notebook.show(root)
        figure = root.locator(".course-figure")
        assert until(lambda figure=figure: figure.evaluate(NAMED) == [None] * 3), "a stop of the keyboard for nothing"
        assert figure.evaluate("e => e.scrollWidth === e.clientWidth && e.scrollHeight === e.clientHeight")
    assert notebook.errors == []


def test_pictures_can_be_read_and_the_keyboard_scrolls_them(narrow):
    for root in narrow.explorers:
        narrow.show(root)
        figure, picture = root.locator(".course-figure"), root.locator("svg[role=img]")
        layers = [root.locator(layer).last.bounding_box() for layer in (".course-figure > img", "svg[role=img]")]
        assert layers[0] == pytest.approx(layers[1], abs=1), "the moving lines are not over their axes"
        assert picture.evaluate(SCALE) >= LEAST - 0.001
        if not figure.evaluate("e => e.scrollWidth > e.clientWidth"):
            continue
        assert figure.evaluate(NAMED) == ["0", "group", "the picture, scrolled sideways"]
        figure.focus()
        for _ in range(30):
            narrow.page.keyboard.press("ArrowRight")
        end = "e => Math.abs(e.scrollLeft + e.clientWidth - e.scrollWidth) < 2"
        assert until(lambda figure=figure, end=end: figure.evaluate(end)), figure.evaluate(SCROLLED)
        assert figure.evaluate("e => e === document.activeElement"), "JupyterLab took the key"
    assert any(root.locator(".course-figure[tabindex]").count() for root in narrow.explorers)


def test_no_page_is_scrolled_sideways_for_a_table(narrow):
    root = narrow.explorers[-2]
    narrow.show(root)
    table = root.locator("table")
    assert table.evaluate("e => e.scrollWidth") <= root.evaluate("e => e.clientWidth")
    assert root.evaluate("e => e.scrollWidth - e.clientWidth") == 0


def test_nothing_jumps_and_the_picture_stays_scrolled_while_it_moves(narrow):
    root = narrow.explorers[-1]
    narrow.show(root)
    root.locator(".course-figure").evaluate("e => (e.scrollLeft = 100)")
    lr = Slider(root, root.locator(".course-slider"))
    lr.range.focus()
    for key in ("ArrowRight", "End", "Home"):
        lr.must_change(key, narrow.page.keyboard.press, key)
    assert root.locator(".course-figure").evaluate(SCROLLED) == 100
    lr.must_change("Reset", lr.reset)


def test_a_click_in_a_scrolled_picture_is_taken_where_it_is(narrow):
    root = narrow.explorers[0]
    narrow.show(root)
    figure, picture = root.locator(".course-figure"), root.locator("svg[role=img]")
    field, aimed = root.get_by_label("w1", exact=True), []
    for scrolled in (0, 60):
        figure.evaluate("(e, to) => (e.scrollLeft = to)", scrolled)
        box = picture.bounding_box()
        narrow.page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 0.3 * box["height"])
        assert until(lambda: field.input_value() != "")
        aimed.append(float(field.input_value()))
        field.fill("")
    assert aimed == pytest.approx([-0.5] * 2, abs=0.05)  # as in a wide window


def test_axe_core_has_no_complaint(narrow):
    narrow.page.evaluate(AXE)
    style = narrow.page.add_style_tag(content=ALL_DRAWN)
    assert narrow.page.evaluate(VIOLATIONS, narrow.ours) == []
    style.evaluate("e => e.remove()")
