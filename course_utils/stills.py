"""An extension of jupyter_server: a notebook opened without its kernel shows pictures, not "model not found".

When a notebook is saved, each widget is stored with a picture or text of it. JupyterLab would show neither of them but
an error, unless the kernel that has the widget is still running. One that began after the notebook was saved has none
of it: such as that which JupyterLab starts for a notebook when it is opened.
"""

import functools
import inspect

import psutil

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def _jupyter_server_extension_points():
    return [{"module": "course_utils.stills"}]


def _load_jupyter_server_extension(app):
    try:
        manager = type(app.contents_manager)
        has_kernel = functools.partial(still_runs, app.session_manager, app.kernel_manager)
        if inspect.iscoroutinefunction(manager.get):  # of managers of the old kind the server itself warns
            manager.get = with_stills(manager.get, has_kernel)  # jupytext derives one of its own from this class
    except AttributeError as error:
        app.log.warning("Saved notebooks may show errors in place of widgets: jupyter_server has changed, %s", error)


async def still_runs(sessions, kernels, model):
    """Whether the kernel that a notebook, a contents manager's model, was saved with still runs."""
    if not await sessions.session_exists(model["path"]):
        return False
    try:
        session = await sessions.get_session(path=model["path"])
        process = kernels.get_kernel(session["kernel"]["id"]).provisioner.pid
        return psutil.Process(int(process)).create_time() < model["last_modified"].timestamp()
    except (AttributeError, KeyError, TypeError, ValueError, psutil.Error):  # a kernel on another machine
        return True


def with_stills(get, has_kernel):
    """The `get` of a contents manager, which gives a notebook that has no kernel without its widgets' views."""

    @functools.wraps(get)
    async def get_stills(self, path, content=True, *args, **kwargs):
        model = await get(self, path, content, *args, **kwargs)
        if content and model["type"] == "notebook" and not await has_kernel(model):
            drop_views(model["content"])
        return model

    return get_stills


def drop_views(notebook):
    """Take the widgets' views out of a notebook's outputs, in place; what is stored beside them is shown instead.

    Not if the notebook holds the widgets themselves, which can then be shown.
    """
    if "widgets" not in notebook["metadata"]:
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                for part in ("data", "metadata"):
                    (output.get(part) or {}).pop(WIDGET_VIEW, None)
