"""An explorer outside JupyterLab: it appears, follows the keyboard and the page does not complain."""

import re

import pytest

from benchmarks import latency
from benchmarks.browser import TOKEN, open_notebook, run_all, serving

# Voilà's own: fonts and MathJax of its template come from outside, and it lacks what some JupyterLab extensions want.
OF_VOILA = re.compile(r"ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|shared module is not a function")


@pytest.fixture(scope="module")
def notebook(browser, home):
    latency.write(home / "notebooks" / "elsewhere.ipynb", ["from benchmarks import sliders", "sliders.explorer(60)"])
    return "elsewhere"


@pytest.fixture
def page(browser):
    page, page.errors = browser.new_page(), []
    page.on("console", lambda message: message.type == "error" and page.errors.append(message.text))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    page.close()


@pytest.fixture
def notebook_7(page, lab, notebook):
    open_notebook(page, lab, notebook, "notebooks")
    page.errors.clear()  # Notebook's own: no cell has run
    run_all(page)
    assert page.evaluate("jupyterapp.name") == "Jupyter Notebook"
    yield page
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")


@pytest.fixture
def voila(page, home, notebook):
    with serving(home, "voila") as address:
        page.goto(f"{address}/voila/render/{notebook}.ipynb?token={TOKEN}")
        yield page


@pytest.mark.parametrize("place", ["notebook_7", "voila"])
def test_an_explorer_works(place, request):
    page = request.getfixturevalue(place)
    lines, slider = page.locator("svg[role=img]"), page.get_by_role("slider", name="learning rate lr")
    lines.wait_for(timeout=60_000)
    seen = [lines.inner_html()]
    for key in ("ArrowRight", "End", "Home"):
        slider.press(key)
        page.wait_for_function(
            "([svg, old]) => document.querySelector(svg).innerHTML !== old", arg=["svg[role=img]", seen[-1]]
        )
        seen.append(lines.inner_html())
    assert len(set(seen)) == 4
    assert "diverged" not in page.locator(".course-status").inner_text()
    assert slider.evaluate("e => e === document.activeElement")
    assert page.locator(".jupyter-widgets img").evaluate("e => e.naturalWidth") > 1000
    complaints = [error for error in page.errors if place != "voila" or not OF_VOILA.search(error)]
    assert complaints == []
