"""Where the conventions part, as FACTS of the frameworks say and as the explorer shows."""

import numpy as np
import pytest

from course_utils.explorers import DropExplorer


def test_the_measured_table():
    explorer = DropExplorer(steps=4, lr=0.1, drop=3)
    np.testing.assert_allclose(explorer.paths["torch"][1:], [-0.1, -0.29, -0.3171, -0.35149])
    np.testing.assert_allclose(explorer.paths["keras"][1:], [-0.1, -0.29, -0.471, -0.6439])
    assert "PyTorch is at -0.351, Keras at -0.644, 0.292 apart" in explorer.text


@pytest.mark.parametrize("drop", [1, 20, 40])
@pytest.mark.parametrize("beta", [0, 0.5, 0.99])
def test_extremes(drop, beta, recwarn):
    explorer = DropExplorer()
    explorer.drop.value, explorer.beta.value = drop, beta
    apart = np.abs(explorer.paths["torch"] - explorer.paths["keras"])
    assert (apart[:drop] < 1e-12).all()
    assert (apart.max() > 1e-3) == (beta > 0 and drop > 1)
    explorer.reset()
    assert (explorer.drop.value, explorer.beta.value) == (20, 0.9)
    assert not recwarn.list


@pytest.mark.parametrize(
    "bad", [{"steps": 1}, {"drop": 99}, {"beta": 1.0}, {"lr": -1}, {"lr": 0}, {"lr": "x"}, {"lr": [1, 2]}]
)
def test_bad_input(bad):
    with pytest.raises(ValueError, match=r"steps|step|beta|lr"):
        DropExplorer(**bad)
