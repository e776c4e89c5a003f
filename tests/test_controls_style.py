"""The style of the controls treats browsers alike."""

import re
from pathlib import Path

from course_utils import explorers


def test_what_is_styled_for_chromium_and_safari_is_styled_for_firefox():
    style = (Path(explorers.__file__).with_name("controls.css")).read_text("utf-8")
    theirs = {"-webkit-slider-runnable-track": "-moz-range-track", "-webkit-slider-thumb": "-moz-range-thumb"}
    rules = re.findall(r"([^{}]+)::(-[\w-]+) \{([^{}]*)\}", style)
    looks = {(where.strip(), part): set(how.split("\n")) for where, part, how in rules}
    of_one_alone = {"  appearance: none;", "  margin-top: -6px;"}  # Firefox puts the handle on the middle itself
    for (where, part), how in looks.items():
        if part in theirs:
            assert looks[where, theirs[part]] == how - of_one_alone
    assert {part for _, part in looks} == {*theirs, *theirs.values()}
    assert style.count("(:focus-visible, .course-keyed)") == style.count(":focus-visible") > 0
