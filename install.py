"""Put the course and its pinned dependencies into .venv; return at once when they are there already.

Only the standard library and old syntax: this must run on a Python that is too old, in order to say so.
"""

import io
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
STAMP = os.path.join(VENV, "installed")
LOG = os.path.join(HERE, "install.log")
SETTINGS = os.path.join(HERE, "jupyter_config")
WINDOWS = os.name == "nt"
VENV_PYTHON = os.path.join(VENV, "Scripts", "python.exe") if WINDOWS else os.path.join(VENV, "bin", "python")
VENV_HINT = "On Debian and Ubuntu: apt install python3-venv. Then try again."

# What pip or the system says, and what to do about it.
REASONS = [
    (
        r"No space left on device|not enough space on the disk|Disk quota exceeded",
        "The disk is full: the course needs 4 GB, with CUDA 10 GB. Free some space and try again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError",
        "A certificate was refused, as where a company looks into its network's traffic: ask there for its "
        "certificate, set PIP_CERT to that file, and try again.",
    ),
    (
        r"WinError (5|32)\].*[\\/]\.venv[\\/]",
        "A file of the course is in use: close JupyterLab and all notebooks, and try again.",
    ),
    (
        r"connection broken by|NewConnectionError|NameResolutionError|Read timed out|Cannot connect to proxy",
        "No network: the first installation downloads the dependencies. Connect and try again.",
    ),
    (r"ensurepip|No module named venv", "This Python cannot make virtual environments. " + VENV_HINT),
    (r"Permission denied|Access is denied", "This folder cannot be written to: put the course into one that can."),
]


def read(name):
    with io.open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


def wanted():
    """Everything .venv depends on, its own folder included (a virtual environment cannot be moved)."""
    files = ["pyproject.toml", "constraints.txt"]
    found = (os.path.join(folder, name) for folder, _, names in os.walk(SETTINGS) for name in names)
    files += sorted(path for path in found if path.endswith(".json"))
    return "\n".join([HERE] + [read(name) for name in files])


def stamped():
    """What .venv was made of; None if it is not there, not finished, or of a Python that is not the same any more."""
    try:
        return read(STAMP) or None if run([VENV_PYTHON, "-c", "import pip"])[0] == 0 else None
    except (OSError, IOError, ValueError):  # ValueError: no text
        return None


def find_python():
    """The first Python that the pins are for and that can make virtual environments; this one, if it can."""
    limits = re.search(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', read("pyproject.toml"))
    oldest, too_new = [int(minor) for minor in limits.groups()]
    probe = "import sys; __import__('ensurepip') if (3, %d) <= sys.version_info < (3, %d) else sys.exit(3)"
    probe, exits = probe % (oldest, too_new), set()
    for python in [sys.executable] + ["python3.%d" % minor for minor in range(oldest, too_new)]:
        try:
            exits.add(run([python, "-c", probe])[0])
        except OSError:
            continue  # no such command
        if 0 in exits:
            return python
    if 1 in exits:
        sys.exit("Python is of the right version, but it cannot make virtual environments. " + VENV_HINT)
    sys.exit("Python 3.%d to 3.%d is needed; this is %s. Install one of them and try again."
             % (oldest, too_new - 1, sys.version.split()[0]))  # fmt: skip


def run(command, each_line=lambda line: None):
    """Exit code and output of a command."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = []
    for raw in process.stdout:
        lines.append(raw.decode("utf-8", "replace"))
        each_line(lines[-1])
    return process.wait(), "".join(lines)


def explain(output):
    """One line that says what to do, from all that a failed command said."""
    for pattern, advice in REASONS:
        if re.search(pattern, output):
            return advice
    errors = re.findall(r"^.*(?:ERROR|\w+Error): *(.+)", output, re.M) or output.strip().splitlines()
    return "Installation failed. " + (errors or ["No message."])[-1].strip()


def show_progress(line):
    if line.startswith("Collecting"):
        sys.stdout.write(".")
        sys.stdout.flush()


def must(command):
    code, output = run(command, show_progress)
    with io.open(LOG, "a", encoding="utf-8") as log:
        log.write(u"" + output)
    if code:
        raise OSError(output)


def install():
    before = stamped()
    if before is not None:
        os.remove(STAMP)  # an interruption can leave half a package behind: then all begins anew
        if not readdressed(os.path.join(before.split("\n", 1)[0], ".venv")):
            before = None
    if before is None:
        must([find_python(), "-m", "venv", "--clear", VENV])
    try:
        must([VENV_PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-compile",
              "-c", os.path.join(HERE, "constraints.txt"), "-e", HERE + "[frameworks,test,instructor]"])  # fmt: skip
    except OSError:
        if before is not None:
            stamp(before)
        raise
    run([VENV_PYTHON, "-m", "compileall", "-q", "-j", "0", VENV])  # as pip would, but on all cores; a few files fail
    stamp(wanted())


def readdressed(old):
    """Scripts in .venv, such as bin/jupyter, hold its path: of a folder that was moved or copied, the old one.

    It is put right. False where it cannot be: the first line of a script can hold no space, Windows has programs.
    """
    if old == VENV or not os.path.isabs(old):
        return True
    if WINDOWS or " " in VENV or " " in old:
        return False
    whole = re.compile(b"(?<![\\w./-])" + re.escape(old.encode("utf-8")) + b"(?![\\w.-])")
    folder = os.path.dirname(VENV_PYTHON)
    for path in [os.path.join(folder, name) for name in os.listdir(folder)]:
        if os.path.isfile(path) and not os.path.islink(path):
            with io.open(path, "rb") as file:
                content = file.read()
            mended = whole.sub(lambda found: VENV.encode("utf-8"), content)
            if b"\0" not in content and mended != content:
                with io.open(path, "wb") as file:
                    file.write(mended)
    return True


def stamp(made_of):
    with io.open(STAMP, "w", encoding="utf-8") as file:
        file.write(made_of)


def main():
    if stamped() == wanted():
        return
    print("Installing the course into .venv (minutes the first time; in full: install.log)")
    try:
        io.open(LOG, "w").close()
        install()
    except (OSError, IOError, ValueError) as error:  # ValueError: a folder's name that no encoding fits
        sys.exit("\n%s (In full: install.log)" % explain(str(error)))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Run the same command again to go on.")
    print(" done")


if __name__ == "__main__":
    main()
