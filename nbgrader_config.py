"""How nbgrader makes exercises from solutions/, and how it grades: its defaults, with what goes wrong mended."""

import os
import secrets
from pathlib import Path

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader import preprocessors as nb
from traitlets import Integer

if not os.environ.get("SGD_COURSE_SEED"):
    os.environ["SGD_COURSE_SEED"] = str(secrets.randbelow(2**32))  # cases nobody can have noted down
os.environ["SGD_COURSE_PROGRESS"] = "off"  # what is graded is not the grader's own progress
os.environ["SGD_COURSE_LOCKS"] = "off"

c = get_config()  # noqa: F821 - nbgrader puts it here

ROOT = Path(__file__).parent
STEPS = [nb.LockCells, nb.ClearSolutions, nb.ClearOutput, nb.CheckCellMetadata, nb.ComputeChecksums]


class DropVersions(nb.NbGraderPreprocessor):
    """Of its language a notebook says the name and what it exports as, not which version ran it last."""

    def preprocess(self, notebook, resources):
        info = notebook.metadata.get("language_info", {})
        for key in info.keys() - {"name", "file_extension"}:
            del info[key]
        return notebook, resources


class RestoreCells(nb.NbGraderPreprocessor):
    """Test cells and other code of ours that a learner has deleted, copied or renamed are again as handed out."""

    def preprocess(self, notebook, resources):
        names = resources["nbgrader"]
        path = ROOT / "release" / names["assignment"] / f"{names['notebook']}.ipynb"
        cells = nbformat.read(path, 4).cells
        released = {cell.metadata.nbgrader.grade_id: cell for cell in cells if "nbgrader" in cell.metadata}
        place, last = {}, -1
        for cell in notebook.cells:
            grade_id = cell.metadata.pop("nbgrader", {}).get("grade_id")
            if grade_id in released and grade_id not in place:  # of copies, the first counts
                cell.metadata.nbgrader = released[grade_id].metadata.nbgrader
                place[grade_id] = cell
        for grade_id, cell in released.items():
            here = place.get(grade_id)
            ours = cell.metadata.nbgrader.grade or (cell.cell_type == "code" and cell.metadata.nbgrader.locked)
            if here is None and ours:
                notebook.cells.insert(last + 1, cell)  # after the nearest one before it that is there
                here = cell
            if here is not None:
                last = next(i for i, other in enumerate(notebook.cells) if other is here)
        return notebook, resources


class SurvivingExecute(nb.Execute):
    """A cell that kills its kernel costs itself; a test cell that shows no number of points earns none."""

    def preprocess(self, notebook, resources):
        self.deadly = set()
        while True:  # ends: each turn skips one cell more
            try:
                return super().preprocess(notebook, resources)
            except (DeadKernelError, CellTimeoutError):  # the second: it could not be interrupted
                self.deadly.add(self.running)

    def preprocess_cell(self, cell, resources, index):
        self.running = index
        if index in self.deadly:
            cell.outputs = [failure("This cell ended its kernel, or could not be interrupted.")]
            return cell, resources
        cell, resources = super().preprocess_cell(cell, resources, index)
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code" and not shows_points(cell):
            others = [output for output in cell.outputs if output.output_type != "execute_result"]
            cell.outputs = [*others, failure("This cell did not show its points.")]
        return cell, resources


def failure(message):
    """An error as a cell's output: nbgrader counts 0 points."""
    return nbformat.v4.new_output("error", ename="NoPoints", evalue=message, traceback=[message])


def shows_points(cell):
    """Whether the cell's value is a number of its points (nbgrader would give full points to anything else)."""
    values = [out.data.get("text/plain", "") for out in cell.outputs if out.output_type == "execute_result"]
    try:
        return len(values) == 1 and 0 <= float(values[0]) <= cell.metadata.nbgrader.points
    except ValueError:
        return False


class LimitCharacters(nb.NbGraderPreprocessor):
    """Outputs stay short enough to open; nbgrader itself counts lines only."""

    longest = Integer(20_000, help="characters of one output").tag(config=True)

    def preprocess_cell(self, cell, resources, index):
        for output in cell.get("outputs", []):
            for part, key in [(output, "text"), *((output.get("data", {}), kind) for kind in output.get("data", {}))]:
                if isinstance(part.get(key), str) and len(part[key]) > self.longest:
                    part[key] = part[key][: self.longest] + "\n... output cut ..."
        return cell, resources


c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "release"  # not exercises/: it deletes what is there, and learners work there

# Making exercises. Times and tool versions of the stored run go first, so that the same source gives the same bytes.
c.GenerateAssignment.preprocessors = [
    DropVersions,
    ClearMetadataPreprocessor,
    *STEPS,
    nb.SaveCells,
    nb.CheckCellMetadata,
]
c.ClearMetadataPreprocessor.enabled = True
c.ClearMetadataPreprocessor.preserve_cell_metadata_mask = {"nbgrader", "tags", "deletable", "editable"}
c.ClearMetadataPreprocessor.preserve_nb_metadata_mask = {"kernelspec", "language_info"}
c.ClearSolutions.code_stub = {"python": "return None  # your code"}
c.ClearSolutions.text_stub = "*Your answer.*"

# Grading.
c.Autograde.sanitize_preprocessors = [nb.ClearOutput, RestoreCells, nb.OverwriteKernelspec, nb.OverwriteCells]
c.Autograde.sanitize_preprocessors += [nb.CheckCellMetadata]
c.Autograde.autograde_preprocessors = [SurvivingExecute, nb.IgnorePattern, ClearMetadataPreprocessor, nb.LimitOutput]
c.Autograde.autograde_preprocessors += [LimitCharacters, nb.SaveAutoGrades, nb.AssignLatePenalties]
c.Autograde.autograde_preprocessors += [nb.CheckCellMetadata]
c.Execute.timeout = c.SurvivingExecute.timeout = 60  # seconds for a cell; a check has its own, shorter limit
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"[\s\S]"  # a warning on stderr would cost all points
