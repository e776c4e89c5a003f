"""What moves.js sends and live_figure.js shows, with a model of the test's own in the kernel's place."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image
from test_lessons import LOW_CONTRAST

from course_utils import plots
from course_utils.explorers.buttons import Buttons
from course_utils.explorers.choice import Choice
from course_utils.explorers.controls import Slider
from course_utils.explorers.live_figure import LiveFigure

MODEL = """class Model {
  constructor(state) { Object.assign(this, { state, heard: {}, sent: [] }); }
  get(name) { return this.state[name]; }
  set(name, value) { this.state[name] = value; }
  send(message) { this.sent.push(message); }
  on(event, hear) { (this.heard[event] ??= []).push(hear); }
  off() {}
  emit(event, message) { for (const hear of this.heard[event] ?? []) hear(message); }
}
const shown = async (program, state) => {
  const { default: { render } } = await import(URL.createObjectURL(new Blob([program], { type: "text/javascript" })));
  const model = new Model(state);
  render({ model, el: document.body.appendChild(document.createElement("div")) });
  return model;
};
"""
WAITING = "The kernel has not answered yet: it is busy or out of reach. As it was before:"
# The slider is moved seven times at once, then each move is answered so many ms after the last answer (of view
# `from`, if given), and the slider is moved three times more. What was sent by then, on a clock of the test's own.
MOVED = """async ([program, delays, from]) => {
  let now = 0;
  performance.now = () => now;
  const state = { name: "rate", stops: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], value: 0, marks: [] };
  const model = await shown(program, state);
  const range = document.body.lastChild.querySelector("input[type=range]");
  const to = (values) => {
    for (const value of values) {
      range.value = value;
      range.dispatchEvent(new Event("input"));
    }
  };
  to([1, 2, 3, 4, 5, 6, 7]);
  for (const ms of delays) {
    now += ms;
    model.emit("msg:custom", { moved: model.sent[0].from + (from ?? "") });
    to([8, 9, 10]);
  }
  return model.sent.map(({ move }) => move);
}"""

# Pictures, lists of those that come before one frame and the next; what each frame showed, and two more. The frames
# are the test's own: on a busy machine two of the browser's follow each other at once.
FRAMES = """async ([program, pictures]) => {
  const browsers = window.requestAnimationFrame;
  let frame = [];
  window.requestAnimationFrame = (call) => frame.push(call);
  const model = await shown(program, { width: 1, height: 1, background: "", alt: "", lines: "first", words: "" });
  const svg = document.body.lastChild.querySelector("svg"), seen = [];
  for (const together of [[], ...pictures, [], []]) {
    for (const lines of together) {
      model.state.lines = lines;
      model.emit("change:lines");
    }
    for (const call of frame.splice(0)) call();
    seen.push(svg.textContent);
    await new Promise((done) => setTimeout(done));
  }
  window.requestAnimationFrame = browsers;
  return seen;
}"""


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


def in_page(page, function, argument):
    return page.evaluate(f"argument => {{ {MODEL} return ({function})(argument); }}", argument)


def test_two_moves_are_under_way_and_the_last_value_follows(page):
    assert in_page(page, MOVED, [Slider._esm, []]) == [1, 2]
    assert in_page(page, MOVED, [Slider._esm, [0]]) == [1, 2, 7]
    assert in_page(page, MOVED, [Slider._esm, [0, 0]]) == [1, 2, 7, 10]


def test_where_answers_take_long_one_move_is_under_way(page):
    assert in_page(page, MOVED, [Slider._esm, [120]]) == [1, 2]
    assert in_page(page, MOVED, [Slider._esm, [120, 0]]) == [1, 2, 10]


def test_the_last_value_is_sent_before_another_control_gets_the_focus(page):
    left = MOVED.replace("to([1, 2, 3, 4, 5, 6, 7]);", "to([1, 2, 3, 4]); range.dispatchEvent(new Event('blur'));")
    assert in_page(page, left, [Slider._esm, []]) == [1, 2, 4]
    assert in_page(page, left, [Slider._esm, [0, 0]]) == [1, 2, 4, 10]


def test_an_answer_that_was_lost_holds_up_nothing_for_ever(page):
    assert in_page(page, MOVED, [Slider._esm, [9_000], "another view"]) == [1, 2]
    assert in_page(page, MOVED, [Slider._esm, [11_000], "another view"]) == [1, 2, 8, 9]


# The same without answers, on timers of the test's own: the lines are those of the test.
LOST = MOVED.replace(
    "to([1, 2, 3, 4, 5, 6, 7]);",
    """
  const later = [], timers = [window.setTimeout, window.clearTimeout];
  window.setTimeout = (call) => later.push(call);
  window.clearTimeout = (number) => delete later[number - 1];
  const lost = () => {
    now += 11000;
    for (const call of [...later]) call?.();
  };
  LINES
  [window.setTimeout, window.clearTimeout] = timers;
""",
)


@pytest.mark.parametrize(
    ("lines", "sent"),
    [
        ("to([1, 2, 3]); lost();", [1, 2, 3]),
        ("to([1, 2]); lost(); lost();", [1, 2, 2, 2]),
        ("to([1, 2]); model.emit('msg:custom', { moved: model.sent[0].from }); lost();", [1, 2, 2]),
        ("to([1]); model.emit('msg:custom', { moved: model.sent[0].from }); lost();", [1]),
        ("to([1]); model.emit('msg:custom', { moved: '1-2 3-4', value: 5 }); lost();", [1]),
    ],
)
def test_where_answers_are_lost_the_last_value_is_sent_without_another_move(page, lines, sent):
    assert in_page(page, LOST.replace("LINES", lines), [Slider._esm, []]) == sent


@pytest.mark.parametrize(
    ("lines", "sent"),
    [
        ("to([1]); state.value = 0; model.emit('change:value');", [1, 1]),
        ("to([1]); model.emit('change:value');", [1]),
        ("to([1]); model.emit('msg:custom', { moved: model.sent[0].from }); model.emit('change:value');", [1]),
        ("to([1, 2, 3]); state.value = 0; model.emit('change:value');", [1, 2]),
    ],
)
def test_a_lost_value_is_sent_at_once_when_the_connection_is_back(page, lines, sent):
    assert in_page(page, LOST.replace("LINES", lines), [Slider._esm, []]) == sent


BESIDE = """
  const explorer = document.createElement("div"), button = document.createElement("button");
  explorer.className = "course-explorer";
  explorer.append(document.body.lastChild, INSIDE ? button : "");
  document.body.append(explorer);
  to([1]);
  range.dispatchEvent(new FocusEvent("blur", { relatedTarget: button }));
  lost();
"""


@pytest.mark.parametrize(("inside", "sent"), [("true", [1]), ("false", [1, 1])])
def test_a_value_that_was_lost_is_not_sent_after_what_was_done_beside_it(page, inside, sent):
    lines = BESIDE.replace("INSIDE", inside)
    assert in_page(page, LOST.replace("LINES", lines), [Slider._esm, []]) == sent


def test_what_the_kernel_sets_meanwhile_is_not_sent_for_what_the_learner_chose(page):
    reset = MOVED.replace("to([1, 2, 3, 4, 5, 6, 7]);", "to([1, 2, 3, 4, 5, 6, 7]); state.value = 2;")
    assert in_page(page, reset.replace("to([8, 9, 10]);", ""), [Slider._esm, [0]]) == [1, 2, 7]


# Moves to 1, to 2, and the kernel's answers [whose, value]; what the slider stands at after each.
VALUES = """async ([program, answers]) => {
  const state = { name: "rate", stops: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], value: 0, marks: [] };
  const model = await shown(program, state), range = document.body.lastChild.querySelector("input[type=range]");
  for (const value of [1, 2]) {
    range.value = value;
    range.dispatchEvent(new Event("input"));
  }
  return answers.map(([whose, value]) => {
    const own = model.sent[0].from;
    const names = { own, "other view": own + "2", "other page": "1-2 3-4", "like ours": own.replace(" ", "2 ") };
    model.emit("msg:custom", { moved: names[whose], value });
    return state.value;
  });
}"""


@pytest.mark.parametrize("other", ["other page", "like ours", "other view"])
def test_a_control_that_follows_no_move_of_its_own_shows_the_kernels_value(page, other):
    answers = [["own", 1], [other, 7], ["own", 3], [other, 8], ["neither", 9]]
    after = 3 if other == "other view" else 8
    assert in_page(page, VALUES, [Slider._esm, answers]) == [2, 2, 3, after, after]


# Each answer that takes long, in an explorer; what the page says of it, on timers of the test's own. Colab's pages do
# not tell when a message has been dealt with, so there nothing is said.
LATE = """async ([program, jupyters]) => {
  const later = [], said = [], tells = [];
  window.setTimeout = (call) => later.push(call);
  window.addEventListener("course-late", ({ detail }) => said.push(detail), true);
  const model = await shown(program, { names: ["Play"] });
  document.body.lastChild.className = "course-explorer";
  model.send = (message, callbacks) => tells.push(callbacks.iopub.status);
  const press = () => {
    document.body.lastChild.querySelector("button").click();
    later.pop()();
    for (const execution_state of jupyters ? ["busy", "idle"] : []) tells.at(-1)({ content: { execution_state } });
  };
  press();
  press();
  return said;
}"""


@pytest.mark.parametrize(("jupyters", "told"), [(True, ["", WAITING, ""]), (False, [])])
def test_a_late_answer_is_told_where_the_page_hears_of_answers(page, jupyters, told):
    assert in_page(page, LATE, [Buttons._esm, jupyters]) == told
    page.reload()


# A press whose answer is lost and one that is answered; then the first one's two seconds are over.
ANSWERED = (
    LATE[: LATE.index("  const press")]
    + """
  window.courseAnswered = true;
  const button = document.body.lastChild.querySelector("button");
  button.click();
  button.click();
  tells[1]({ content: { execution_state: "idle" } });
  later[0]();
  return said;
}"""
)


def test_what_was_lost_is_late_no_more_when_a_later_message_was_answered(page):
    told = in_page(page, ANSWERED, [Buttons._esm, True])
    page.reload()  # which has the browser's timers again
    assert told == [""]


def test_a_picture_that_comes_too_early_waits_for_its_frame(page):
    pictures = [["a"], ["b", "c"], [], ["d"], ["e", "f", "g"], ["h"], []]
    seen = ["first", "a", "b", "c", "d", "e", "g", "h", "h", "h"]
    assert in_page(page, FRAMES, [LiveFigure._esm, pictures]) == seen


# Pictures that come to a page without frames, as a hidden one is, before their cell is run again in another page.
LEFT = """async ([program, state, pictures]) => {
  const browsers = window.requestAnimationFrame;
  window.requestAnimationFrame = () => {};
  const model = await shown(program, state), output = document.createElement("div");
  output.className = "jp-OutputArea-output";
  output.append(document.body.lastChild);
  document.body.append(output);
  for (model.state.lines of pictures) model.emit("change:lines");
  model.emit("msg:custom", { again: true });
  window.requestAnimationFrame = browsers;
  return document.body.lastChild.querySelector("svg").textContent;
}"""


def test_a_hidden_page_is_left_with_the_last_picture(page):
    state = state_of(LiveFigure(Figure(figsize=(3, 2)).subplots().figure, "a test"))
    assert in_page(page, LEFT, [LiveFigure._esm, state, ["a", "b", "c"]]) == "c"


REDRAWN = """async ([program, state, later]) => {
  const model = await shown(program, state);
  Object.assign(model.state, later);
  model.emit("change:background");
  await document.body.lastChild.querySelector("img").decode();
}"""


def test_a_figure_that_is_drawn_anew_is_shown_in_its_new_size(page):
    figure = LiveFigure(Figure(figsize=(3, 2)).subplots().figure, "a test")
    before = state_of(figure)
    figure.fig.set_size_inches(4, 3)
    figure.move("")
    in_page(page, REDRAWN, [LiveFigure._esm, before, state_of(figure)])
    place = page.locator(".course-figure").last
    assert place.locator("img").get_attribute("src") == "data:image/png;base64," + figure.background
    for layer in ("img", "svg"):
        box = place.locator(layer).bounding_box()
        assert (box["width"], box["height"]) == pytest.approx((384, 288), abs=0.5)
    assert place.locator("svg").get_attribute("viewBox") == "0 0 384 288"


VIEWS = """async ([program, state]) => {
  const views = [];
  for (let count = 0; count < 2; count++) {
    await shown(program, state);
    views.push(document.body.lastChild);
  }
  views[1].id = "second";
  return () => (views[0].hidden = true);
}"""


def state_of(figure):
    return {name: getattr(figure, name) for name in ("width", "height", "background", "alt", "lines", "words")}


PUT = """async ([program, state]) => {
  document.body.replaceChildren();
  await shown(program, state);
  await document.querySelector("img").decode();
}"""


def picture_of(page, figure, width):
    """The figure's pixels, as numbers, in a page of this width."""
    page.set_viewport_size({"width": width, "height": 400})
    in_page(page, PUT, [LiveFigure._esm, state_of(figure)])
    return np.asarray(Image.open(io.BytesIO(page.locator(".course-figure").screenshot())).convert("RGB"), int)


def reddish(pixels):
    return pixels[..., 0] - pixels[..., 2] > 48


@pytest.mark.parametrize("width", [600, 320])  # in the second one, the picture is drawn smaller
def test_what_moves_is_where_the_background_has_the_same(page, width):
    fig = Figure(figsize=(4, 3))
    ax = fig.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.axis("off")
    ax.plot([0.3], [0.6], "o", color="#0000ff", markersize=18)
    figure = LiveFigure(fig, "a test")
    figure.points("dot", ax, "#ff0000", size=10)
    figure.move("", dot=([0.3], [0.6]))
    pixels = picture_of(page, figure, width)
    red, blue = reddish(pixels), reddish(pixels[..., ::-1])
    assert blue.sum() > red.sum() > 40
    assert np.argwhere(red).mean(0) == pytest.approx(np.argwhere(red | blue).mean(0), abs=0.5)


def test_nothing_is_drawn_beside_its_axes(page):
    fig = Figure(figsize=(4, 3))
    ax = fig.add_axes((0.25, 0.25, 0.5, 0.5))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    figure = LiveFigure(fig, "a test")
    figure.line("across", ax, "#ff0000", width=6)
    figure.band("below", ax, "#ff0000")
    figure.move("", across=([-9, 10], [-9, 10]), below=([-9, 10], [-9, -9], [0.5, 0.5]))
    seen = np.argwhere(reddish(picture_of(page, figure, 600)))
    assert seen.min(0) == pytest.approx([72, 96], abs=1.5)
    assert seen.max(0) == pytest.approx([216, 288], abs=1.5)


CHANGED = """async ([program, state, changes]) => {
  document.body.replaceChildren();
  const model = await shown(program, state);
  for (const [name, value] of Object.entries(changes)) {
    model.state[name] = value;
    model.emit("change:" + name);
  }
}"""


def test_what_the_kernel_changes_is_shown(page):
    slider = {"name": "rate", "stops": [0, 1, 2], "value": 0, "marks": []}
    changes = {"value": 2, "marks": [{"label": "limit = 1", "share": 0.5}], "disabled": True}
    in_page(page, CHANGED, [Slider._esm, slider, changes])
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == "2"
    assert page.get_by_role("slider").is_disabled()
    assert page.locator(".course-mark").all_text_contents() == ["limit = 1"]
    choice = {"name": "against", "options": ["steps", "epochs"], "value": "steps"}
    in_page(page, CHANGED, [Choice._esm, choice, {"value": "epochs", "disabled": True}])
    assert page.get_by_role("radio", name="epochs", checked=True, disabled=True).count() == 1
    in_page(page, CHANGED, [Buttons._esm, {"names": ["Step"]}, {"disabled": True}])
    assert page.get_by_role("button", name="Step", disabled=True).count() == 1


ALL = """async (states) => {
  for (const [program, state] of states) await shown(program, state);
}"""
SLIDER = {"name": "rate", "stops": [0, 1, 2], "value": 0, "marks": [{"label": "limit = 1", "share": 0.5}]}
CONTROLS = [
    [Slider._esm, SLIDER | {"typing": True, "disabled": False}],
    [Buttons._esm, {"names": ["Step"], "disabled": False}],
    [Choice._esm, {"name": "against", "options": ["steps"], "value": "steps", "disabled": False}],
]


def test_in_a_dark_page_of_colab_texts_and_the_ring_of_the_focus_can_be_seen(browser):
    page = browser.new_page()
    page.set_content("<html theme=dark><body style='background: #383838'>")
    in_page(page, ALL, CONTROLS)
    page.keyboard.press("Tab")
    assert page.locator("body").evaluate(LOW_CONTRAST, "rings") == []
    in_page(page, ALL, [[control, state | {"disabled": True}] for control, state in CONTROLS])
    assert page.locator("body").evaluate(LOW_CONTRAST) == []
    page.close()


def test_the_name_of_a_choice_is_no_legend(browser):
    """Safari gives that a line of its own, from edge to edge."""
    page = browser.new_page()
    in_page(page, ALL, CONTROLS)
    assert page.locator("legend").count() == 0
    assert page.get_by_role("group", name="against", exact=True).get_by_role("radio").count() == 1
    page.close()


def test_where_windows_takes_the_colours_away_tracks_and_buttons_are_seen(browser):
    page = browser.new_page()
    page.emulate_media(forced_colors="active")
    in_page(page, ALL, CONTROLS)
    track = np.asarray(Image.open(io.BytesIO(page.get_by_role("slider").screenshot())).convert("L"), int)
    assert (np.ptp(track, axis=0) > 150).mean() > 0.9  # a line from end to end
    button = page.get_by_role("button", name="Step")
    assert button.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    page.close()


def test_a_picture_has_one_name_with_its_numbers(page):
    figure = LiveFigure(plots.panels(1)[0], "A dot.")
    figure.move("At speed 1.")
    in_page(page, PUT, [LiveFigure._esm, state_of(figure)])
    assert page.locator("body").aria_snapshot().split("\n") == ['- img "A dot. At speed 1."', "- status: At speed 1."]


def test_blanks_in_words_are_kept(page):
    figure = LiveFigure(plots.panels(1)[0], "a test")
    for k, words in enumerate(("a b", "a   b", "  a b")):
        figure.text(f"text {k}", figure.fig.axes[0], "black")
        figure.move("", **{f"text {k}": (0.1, 0.2 * k, words)})
    in_page(page, PUT, [LiveFigure._esm, state_of(figure)])
    wide = page.evaluate("[...document.querySelectorAll('svg text')].map(e => e.getComputedTextLength())")
    blank = 13 * 0.2  # of an em at least
    assert wide[1] == pytest.approx(wide[2])
    assert wide[1] > wide[0] + 2 * blank


def test_a_view_that_is_hidden_cuts_nothing_off_another_one(browser):
    """On axes that are no rectangle, lines are cut at a rim that the page knows by its name."""
    ax = Figure(figsize=(2, 2)).add_subplot(projection="polar")
    figure = LiveFigure(ax.figure, "a test")
    figure.line("y", ax, "red", width=9)
    figure.move("", y=([0, 2], [0, 1]))
    page = browser.new_page()
    hide = page.evaluate_handle(
        f"argument => {{ {MODEL} return ({VIEWS})(argument); }}",
        [LiveFigure._esm, state_of(figure)],
    )
    second = page.locator("#second .course-figure")
    before = second.screenshot()
    hide.evaluate("hide => hide()")
    assert second.screenshot() == before
    page.close()
