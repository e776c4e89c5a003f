"""Make exercises/ from solutions/, or put one fresh exercise in place: python exercises.py [reset NAME]

nbgrader does it, with the settings in nbgrader_config.py. What a learner has written is never overwritten.
"""

import itertools
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent


def sets(root=ROOT):
    """The names of the exercises: one folder of solutions/ each."""
    return sorted(path.parent.name for path in (root / "solutions").glob("*/*.ipynb"))


def generate(name, into, root=ROOT):
    """Write the exercise called `name`, or all of them for "*", to the folder `into`, without the answers."""
    if set("[]*?") & set(str(root.resolve())):
        sys.exit(f"nbgrader finds nothing in a folder with [, ], * or ? in its name: rename {root.resolve()}")
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", name, "--no-db"]
    command += [f"--CourseDirectory.release_directory={into}"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)
    if done.returncode:
        sys.exit(f"solutions/{name}: {done.stderr.strip()}")


def make(root=ROOT):
    """Make every exercise anew; nothing but exercises and learners' files stays in exercises/."""
    with TemporaryDirectory() as folder:
        if names := sets(root):
            generate("*", folder, root)
        for name in names:
            put(name, folder, root, touched)
    for path in list((root / "exercises").glob("*/*.ipynb")):
        if path.parent.name not in sets(root) and not touched(path):
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()


def reset(name, root=ROOT):
    """Put one fresh exercise in place."""
    if name not in sets(root):
        sys.exit(f"NAME must be one of {', '.join(sets(root))}, got {name!r}")
    with TemporaryDirectory() as folder:
        generate(name, folder, root)
        put(name, folder, root, keep=lambda path: True)


def put(name, folder, root, keep):
    """Put an exercise made in `folder` into exercises/; files there for which `keep` holds stay, named by the date."""
    for fresh in sorted(path for path in Path(folder, name).rglob("*") if path.is_file()):
        place = root / "exercises" / name / fresh.relative_to(Path(folder, name))
        if place.exists() and place.read_bytes() != fresh.read_bytes() and keep(place):
            dated = f"{place.stem}-{time.strftime('%Y-%m-%d-%H%M%S')}"
            names = itertools.chain([dated], (f"{dated}-{n}" for n in itertools.count(2)))
            kept = next(path for path in map(place.with_stem, names) if not path.exists())
            print("yours is now", place.rename(kept).relative_to(root))
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(fresh, place)
        print("fresh:", place.relative_to(root))


def touched(path):
    """Whether a learner has run or answered anything in this file; what cannot be read counts as his."""
    import nbformat
    from nbgrader.utils import compute_checksum  # here: a clear message about a missing nbgrader comes from generate

    try:
        cells = nbformat.read(path, 4).cells
        run = any(cell.get("execution_count") for cell in cells)
        return run or any(cell.metadata.nbgrader.checksum != compute_checksum(cell) for cell in cells)
    except Exception:  # of JSON that is no notebook there are many kinds
        return True


if __name__ == "__main__":
    if sys.argv[1:2] == ["reset"]:
        reset(sys.argv[2] if sys.argv[2:] else "")
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        make()
