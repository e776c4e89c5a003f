"""A question in JupyterLab, as someone meets it who hears only, or has no mouse."""

import pytest
from test_lessons import until

from course_utils.explorers.question import LETTERS, questions

NAME = "01-limit"
RING = (
    "e => { const { outlineOffset: to, outlineWidth: wide } = getComputedStyle(e); return [to, wide].map(parseFloat); }"
)


@pytest.fixture(scope="module")
def notebook(run_cells):
    return run_cells(f'from course_utils.explorers.question import ask\nask("{NAME}")')


@pytest.fixture
def asked(notebook):
    (root,) = notebook.questions
    notebook.show(root)
    return root


def test_it_is_a_group_with_the_question_as_its_name(asked):
    group = asked.page.get_by_role("group", name=questions()[NAME]["question"], exact=True)
    assert until(lambda: group.count() == 1)
    assert group.get_by_role("button").count() == len(questions()[NAME]["answers"])


def test_an_answered_letter_says_whether_it_is_right(asked):
    answers = questions()[NAME]["answers"]
    for chosen, answer in enumerate(answers):
        asked.get_by_role("button", name=LETTERS[chosen], exact=True).press("Enter")
        asked.get_by_text(f"({LETTERS[chosen]}): ").first.wait_for()
        verdict = "Right" if answer.get("correct") else "Not this one"
        titles = [f"{verdict}: {a['text']}" if a is answer else a["text"] for a in answers]
        assert until(lambda: [e.get_attribute("title") for e in asked.get_by_role("button").all()] == titles)
        for letter in LETTERS[: len(answers)]:  # and nothing else: the mark is of a font's own letters
            assert asked.get_by_role("button", name=letter, exact=True).count() == 1


def test_the_whole_ring_of_the_focus_is_seen(asked):
    first = asked.get_by_role("button", name=LETTERS[1], exact=True)
    first.focus()
    asked.page.keyboard.press("Tab")
    offset, width = asked.get_by_role("button", name=LETTERS[2], exact=True).evaluate(RING)
    assert width == 2
    assert offset + width <= 0, "it stands out, and is cut off"
