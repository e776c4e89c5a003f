"""install.py: nothing is done twice, and what goes wrong is said in one line."""

import ast
import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

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


def current(install):
    return install.stamped() == install.wanted()


@pytest.fixture
def commands(install, monkeypatch):
    """The commands that install.py ran but for its look at pip; none of them is run, `commands.fails` may raise."""

    class Commands(list):
        fails = staticmethod(lambda command: None)

        def run(self, command, *a):
            if "-c" in command and "import pip" in command:
                return os.path.exists(install.VENV_PYTHON) - 1, ""
            self.append(command)
            self.fails(command)
            return 0, ""

    monkeypatch.setattr(install, "find_python", lambda: sys.executable)
    monkeypatch.setattr(install, "run", (found := Commands()).run)
    return found


def test_nothing_to_do_when_nothing_changed(install, commands, capsys):
    install.stamp(install.wanted())
    install.main()
    assert commands == []
    assert capsys.readouterr().out == ""


def test_a_first_installation_begins_with_an_empty_folder_and_keeps_to_the_pins(install, commands):
    install.main()
    venv, pip, compiled = commands
    assert venv[1:] == ["-m", "venv", "--clear", install.VENV]
    assert pip[pip.index("-c") + 1] == str(Path(install.HERE, "constraints.txt"))
    assert compiled[2] == "compileall"
    assert current(install)


@pytest.mark.parametrize("change", ["pyproject.toml", "constraints.txt", "settings", "folder", "a folder"])
def test_a_changed_setting_installs_again(install, commands, monkeypatch, change):
    monkeypatch.setattr(install, "SETTINGS", str(Path(install.HERE, "settings")))
    (settings := Path(install.SETTINGS)).mkdir()
    (settings / "page.json").write_text("{}")
    install.stamp(install.wanted())
    assert current(install)
    if "folder" in change:
        moved = Path(install.HERE, change)
        shutil.copytree(install.HERE, moved)
        monkeypatch.setattr(install, "HERE", str(moved))
        monkeypatch.setattr(install, "VENV", str(moved / ".venv"))
    else:
        with open(settings / "page.json" if change == "settings" else Path(install.HERE, change), "a") as file:
            file.write("\n# changed\n")
    assert not current(install)
    install.main()
    anew = change == "a folder" or (change == "folder" and os.name == "nt")  # scripts there cannot be put right
    assert [command[2] for command in commands] == ["venv"] * anew + ["pip", "compileall"]  # what is there stays
    assert current(install)


def interrupted(command):
    if "pip" in command:
        raise KeyboardInterrupt


@pytest.mark.parametrize("before", [None, "other pins"])
def test_an_interrupted_installation_begins_anew(install, commands, before):
    if before:
        install.stamp(before)
    commands.fails = interrupted
    with pytest.raises(SystemExit, match="Interrupted"):
        install.main()
    assert not os.path.exists(install.STAMP)
    commands.clear()
    commands.fails = lambda command: None
    install.main()
    assert "--clear" in commands[0]
    assert current(install)


def test_what_pip_refused_to_do_leaves_all_as_it_was(install, commands):
    def refuses(command):
        raise OSError("ERROR: No matching distribution found for x")

    install.stamp("other pins")
    commands.fails = refuses
    with pytest.raises(SystemExit, match="No matching distribution"):
        install.main()
    assert Path(install.STAMP).read_text() == "other pins"


@pytest.mark.parametrize("python", ["is missing", "has no pip"])
def test_a_python_that_went_away_or_is_another_one_installs_again(install, monkeypatch, tmp_path, python):
    install.stamp(install.wanted())
    assert current(install)
    if python == "is missing":
        monkeypatch.setattr(install, "VENV_PYTHON", str(tmp_path / "python"))
    else:
        monkeypatch.setattr(install, "run", lambda command, *a: (1, "No module named pip"))
    assert not current(install)


def test_a_name_that_no_encoding_fits_is_one_line(install, monkeypatch):
    monkeypatch.setattr(install, "install", lambda: "\udce9".encode())
    with pytest.raises(SystemExit, match="surrogates not allowed"):
        install.main()


def test_what_pip_leaves_uncompiled_is_compiled_but_for_what_cannot_be(install, monkeypatch):
    for name, code in {"module": "x = 1", "broken": "x ="}.items():
        (Path(install.VENV) / f"{name}.py").write_text(code, "utf-8")
    monkeypatch.setattr(install, "must", lambda command: "pip" not in command or "--no-compile" in command or 1 / 0)
    install.install()
    assert [path.name.split(".")[0] for path in Path(install.VENV, "__pycache__").iterdir()] == ["module"]
    assert current(install)


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: Retrying ... connection broken by 'NewConnectionError'", "No network"),
        ("The virtual environment was not created because ensurepip is not available.", "python3-venv"),
        ("OSError: [Errno 13] Permission denied: '.venv'", "cannot be written"),
        ("ERROR: OSError: [WinError 5] Access is denied: 'C:\\\\course'", "cannot be written"),
        ("ERROR: [WinError 5] Access is denied: 'C:\\\\a\\\\.venv\\\\Lib\\\\zmq.pyd'", "close JupyterLab"),
        (
            "connection broken by 'SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed')'",
            "PIP_CERT",
        ),
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
    with pytest.raises(SystemExit, match=r"Python 3\.11 to 3\.14 is needed; this is 3\."):
        install.find_python()


@pytest.mark.parametrize("version", ["2.7", "3.10", "3.15"])
def test_a_python_that_the_pins_are_not_for_is_passed_over(install, monkeypatch, version):
    def run(command, *a):
        info = tuple(map(int, version.split("."))) if command[0] == sys.executable else (3, 13)
        try:
            exec(command[2].replace("sys.version_info", str(info)))
        except SystemExit as left:
            return left.code, ""
        return 0, ""

    monkeypatch.setattr(install, "run", run)
    assert install.find_python() == "python3.11"  # the first of the others


def test_scripts_get_the_path_of_a_folder_that_was_moved(install, tmp_path):
    install.VENV_PYTHON = str(tmp_path / ".venv" / "bin" / "python")
    scripts = Path(install.VENV_PYTHON).parent
    scripts.mkdir()
    old = "/" + "/".join(tmp_path.parts[2:]) + "/.venv"  # the end of the new path
    contents = {"jupyter": f"#!{old}/bin/python\n".encode(), "tool": b"\0" + old.encode(), "pip": b"other"}
    for name, content in contents.items():
        (scripts / name).write_bytes(content)
    (scripts / "jupyter").chmod(0o755)
    (scripts / "python").symlink_to(sys.executable)
    for path in (old, old, ".venv"):  # again after a failure, and from a stamp that was cut off
        assert install.readdressed(path)
        assert (scripts / "jupyter").read_text() == f"#!{install.VENV}/bin/python\n"
    assert os.access(scripts / "jupyter", os.X_OK)
    assert [(scripts / name).read_bytes() for name in ("tool", "pip")] == [contents["tool"], contents["pip"]]


def test_what_lies_beside_the_settings_and_a_damaged_stamp_do_no_harm(install, commands, tmp_path):
    install.SETTINGS = str(tmp_path / "settings")
    Path(install.SETTINGS).mkdir()
    Path(install.SETTINGS, ".DS_Store").write_bytes(b"\0\xff")
    for damaged in (b"\xff", b""):
        Path(install.STAMP).write_bytes(damaged)
        install.main()
        assert [command[2] for command in commands] == ["venv", "pip", "compileall"]
        assert current(install)
        commands.clear()


def test_script_runs_on_any_python():
    """No syntax that an old Python would stumble over before it can say what is wrong."""
    for node in ast.walk(ast.parse((ROOT / "install.py").read_text("utf-8"))):
        assert not isinstance(node, ast.JoinedStr | ast.NamedExpr | ast.AnnAssign | ast.Nonlocal | ast.AsyncFunctionDef)
        assert not any(isinstance(part, ast.Starred) for part in getattr(node, "elts", ()))
        assert not getattr(node, "kwonlyargs", ())
        assert [getattr(node, new, None) for new in ("annotation", "returns", "cause")] == [None] * 3


def test_pins_fit_every_python_that_is_promised():
    """Of one minor version all: Debian 12 has 3.11.2. networkx leaves out 3.14.1, which could not import it."""
    for name in re.findall(r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text("utf-8"), re.M):
        with contextlib.suppress(metadata.PackageNotFoundError):  # of other systems
            allowed = SpecifierSet(metadata.metadata(name)["Requires-Python"] or "")
            assert [v for v in ("3.11.0", "3.12.0", "3.13.0", "3.14.0") if v not in allowed] == [], name


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_make_installs_before_it_does_anything():
    plan = subprocess.run(
        ["make", "-n", "--no-print-directory", "lab"], cwd=ROOT, capture_output=True, text=True
    ).stdout.splitlines()
    assert "install.py" in plan[0]
    assert "00_start_here" in plan[1]
