"""A kernel that computes nothing: to each cell of the notebook $REPLAYED it answers with the outputs stored there."""

import os

import nbformat
from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel


class Replaying(Kernel):
    implementation, implementation_version, banner = "replaying", "1", ""
    language_info = {"name": "python", "mimetype": "text/x-python", "file_extension": ".py"}  # noqa: RUF012

    def __init__(self, **traits):
        super().__init__(**traits)
        cells = nbformat.read(os.environ["REPLAYED"], as_version=4).cells
        self.left = [cell for cell in cells if cell.cell_type == "code"]

    async def do_execute(self, code, silent, *more, **options):
        cell = self.left.pop(0)
        assert cell.source == code, f"asked for {code!r} where {cell.source!r} comes next"
        for output in cell.outputs:
            content = {name: value for name, value in output.items() if name != "output_type"}
            self.send_response(self.iopub_socket, output.output_type, content)
        return {"status": "ok", "execution_count": cell.execution_count, "payload": [], "user_expressions": {}}


if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=Replaying)
