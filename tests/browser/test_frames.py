"""Two front ends with a model of their own in the kernel's place: what a control sends, and which pictures are seen."""

import pytest

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
# The slider is moved seven times at once, then each move is answered so many ms after the last answer, and the slider
# is moved three times more. What was sent by then, on a clock of the test's own.
MOVED = """async ([program, delays]) => {
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
    model.emit("msg:custom", { moved: model.sent[0].from });
    to([8, 9, 10]);
  }
  return model.sent.map(({ move }) => move);
}"""
# A figure whose lines change three times in one task, then once more: what stood there in each frame.
SEEN = """async (program) => {
  const state = { width: 100, height: 50, background: "", alt: "", lines: "<path id='0'/>", words: "" };
  const model = await shown(program, state), svg = document.body.lastChild.querySelector("svg"), seen = [];
  const frames = async (number) => {
    for (let i = 0; i < number; i++) {
      await new Promise(requestAnimationFrame);
      await new Promise((painted) => setTimeout(painted));
      seen.push(svg.querySelector("path").id);
    }
  };
  const move = (i) => {
    model.set("lines", `<path id='${i}'/>`);
    model.emit("change:lines");
  };
  [1, 2, 3].forEach(move);
  await frames(3);
  move(4);
  await frames(1);
  return seen;
}"""


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


def in_page(page, function, argument):
    return page.evaluate(f"argument => {{ {MODEL} return ({function})(argument); }}", argument)


def test_two_moves_are_under_way_and_one_value_between_goes_along(page):
    assert in_page(page, MOVED, [Slider._esm, []]) == [[1], [2]]
    assert in_page(page, MOVED, [Slider._esm, [0]]) == [[1], [2], [5, 7]]
    assert in_page(page, MOVED, [Slider._esm, [0, 0]]) == [[1], [2], [5, 7], [9, 10]]


def test_where_answers_take_long_the_last_value_goes_alone(page):
    assert in_page(page, MOVED, [Slider._esm, [80]]) == [[1], [2], [7]]
    assert in_page(page, MOVED, [Slider._esm, [120]]) == [[1], [2]]  # and one move is under way
    assert in_page(page, MOVED, [Slider._esm, [120, 0]]) == [[1], [2], [10]]


def test_two_pictures_that_come_at_once_are_both_seen(page):
    assert in_page(page, SEEN, LiveFigure._esm) == ["2", "3", "3", "4"]
