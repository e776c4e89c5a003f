"""install.py: nothing is done twice, and what goes wrong is said in one line."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def install(tmp_path):
    """The script, as if it stood in another folder with the same settings."""
    spec = importlib.util.spec_from_file_location("install", ROOT / "install.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text((ROOT / name).read_text("utf-8"), "utf-8")
    module.HERE = str(tmp_path)
    module.VENV = str(tmp_path / ".venv")
    module.STAMP = str(tmp_path / ".venv" / "installed")
    module.LOG = str(tmp_path / "install.log")
    module.VENV_PYTHON = sys.executable
    (tmp_path / ".venv").mkdir()
    return module


def stamp(install):
    Path(install.STAMP).write_text(install.wanted(), "utf-8")


def test_nothing_to_do_when_nothing_changed(install, monkeypatch, capsys):
    stamp(install)
    monkeypatch.setattr(install, "run", lambda *a: pytest.fail("something was run"))
    install.main()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_setting_installs_again(install, name):
    stamp(install)
    assert install.is_current()
    with open(os.path.join(install.HERE, name), "a") as file:
        file.write("\n# changed\n")
    assert not install.is_current()


def test_an_interrupted_installation_leaves_no_stamp(install, monkeypatch):
    monkeypatch.setattr(install, "find_python", lambda: sys.executable)
    monkeypatch.setattr(install, "run", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(SystemExit, match="Interrupted"):
        install.main()
    assert not install.is_current()


def test_what_pip_leaves_uncompiled_is_compiled_but_for_what_cannot_be(install, monkeypatch):
    for name, code in {"module": "x = 1", "broken": "x ="}.items():
        (Path(install.VENV) / f"{name}.py").write_text(code, "utf-8")
    monkeypatch.setattr(install, "must", lambda command: "pip" not in command or "--no-compile" in command or 1 / 0)
    install.install()
    assert [path.name.split(".")[0] for path in Path(install.VENV, "__pycache__").iterdir()] == ["module"]
    assert install.is_current()


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: Retrying ... connection broken by 'NewConnectionError'", "No network"),
        ("The virtual environment was not created because ensurepip is not available.", "python3-venv"),
        ("OSError: [Errno 13] Permission denied: '.venv'", "cannot be written"),
        ("Collecting x\nERROR: No matching distribution found for x", "No matching distribution"),
        ("", "No message"),
    ],
)
def test_failure_is_one_line(install, monkeypatch, said, advice):
    monkeypatch.setattr(install, "find_python", lambda: sys.executable)
    monkeypatch.setattr(install, "run", lambda *a: (1, said))
    with pytest.raises(SystemExit) as stopped:
        install.main()
    message = str(stopped.value).strip()
    assert advice in message
    assert "\n" not in message
    assert "install.log" in message


def test_old_python_is_told_which_is_needed(install, monkeypatch):
    monkeypatch.setattr(install, "run", lambda command, *a: (3, ""))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        install.find_python()


def test_script_runs_on_any_python():
    """No syntax that an old Python would stumble over before it can say what is wrong."""
    source = (ROOT / "install.py").read_text("utf-8")
    assert " f'" not in source
    assert ' f"' not in source
    assert ":=" not in source


def test_make_installs_before_it_does_anything():
    plan = subprocess.run(
        ["make", "-n", "--no-print-directory", "lab"], cwd=ROOT, capture_output=True, text=True
    ).stdout.splitlines()
    assert "install.py" in plan[0]
    assert "00_start_here" in plan[1]
