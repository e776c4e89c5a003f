"""An extension of jupyter_server: a notebook opened without its kernel shows pictures, not "model not found".

When a notebook is saved, each widget is stored with a picture or text of it. JupyterLab would show neither of them but
an error, unless the kernel that has the widget is still running. One that began after the notebook was saved has none
of it: such as that which JupyterLab starts for a notebook when it is opened. One that runs is asked which widgets it
has: some may have been closed since, as their cell was run again. While it cannot answer, a view of the course's own
widgets says which process has them, so that those from before a restart of the kernel are known.
"""

import functools
import inspect
import queue

import psutil

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
PROCESS = "process"  # in the view of a widget: which process has it, and when that began
ELSEWHERE = "a kernel on another machine"
ANSWER = 1  # seconds: so long the notebook waits for its kernel's answer
SAME = 5  # seconds: when a process began is known from the clock, which may have been set meanwhile


def _jupyter_server_extension_points():
    return [{"module": "course_utils.stills"}]


def _load_jupyter_server_extension(app):
    try:
        manager = type(app.contents_manager)
        kernel = functools.partial(kernel_of, app.session_manager, app.kernel_manager)
        if inspect.iscoroutinefunction(manager.get):  # of managers of the old kind the server itself warns
            manager.get = with_stills(manager.get, kernel)  # jupytext derives one of its own from this class
    except AttributeError as error:
        app.log.warning("Saved notebooks may show errors in place of widgets: jupyter_server has changed, %s", error)


async def kernel_of(sessions, kernels, path):
    """The process of the kernel of a notebook, a psutil.Process, and its `open_comms`.

    None in place of the process without one, ELSEWHERE on another machine.
    """
    if not await sessions.session_exists(path):
        return None, None
    try:
        session = await sessions.get_session(path=path)
        kernel = kernels.get_kernel(session["kernel"]["id"])
        return psutil.Process(int(kernel.provisioner.pid)), await open_comms(kernel)
    except (AttributeError, KeyError, TypeError, ValueError, psutil.Error):
        return ELSEWHERE, None


async def open_comms(kernel):
    """Ids of the widgets that a kernel has; None if it does not answer, even beside its cells, in ANSWER seconds."""
    client = kernel.client()
    client.start_channels(shell=False, iopub=False, stdin=False, hb=False, control=True)
    try:
        client.control_channel.send(client.session.msg("comm_info_request", {"target_name": "jupyter.widget"}))
        return set((await client.get_control_msg(timeout=ANSWER))["content"]["comms"])
    except (queue.Empty, KeyError):
        return None
    finally:
        client.stop_channels()


def with_stills(get, kernel_of):
    """The `get` of a contents manager, which gives of a notebook no views of widgets that no kernel has."""

    @functools.wraps(get)
    async def get_stills(self, path, content=True, *args, **kwargs):
        model = await get(self, path, content, *args, **kwargs)
        if content and model["type"] == "notebook":
            process, comms = await kernel_of(model["path"])
            drop_views(model["content"], functools.partial(has_widget, process, comms, model.get("last_modified")))
        return model

    return get_stills


def has_widget(process, comms, saved, view):
    """Whether a kernel, as kernel_of gives it, has the widget of this view, saved at that time."""
    if process in (None, ELSEWHERE):
        return process is ELSEWHERE
    try:
        if comms is not None:
            return view["model_id"] in comms
        pid, began = view[PROCESS]
        return pid == process.pid and abs(began - process.create_time()) < SAME
    except (KeyError, TypeError, ValueError):  # the widget of another package
        return saved is None or process.create_time() < saved.timestamp()


def signed(data):
    """Data of a display, {} if there are none; the view of a widget says that this process has it."""
    if not data or WIDGET_VIEW not in data:
        return data or {}
    process = psutil.Process()
    return {**data, WIDGET_VIEW: {**data[WIDGET_VIEW], PROCESS: [process.pid, process.create_time()]}}


def drop_views(notebook, kept=lambda view: False):
    """Take the widgets' views out of a notebook's outputs, in place; what is stored beside them is shown instead.

    `kept` says, of a view, whether it stays. Not if the notebook holds the widgets themselves, which can
    then be shown.
    """
    if "widgets" not in notebook["metadata"]:
        for output in (output for cell in notebook["cells"] for output in cell.get("outputs", [])):
            data = output.get("data") or {}
            if WIDGET_VIEW in data and not kept(data[WIDGET_VIEW]):
                for part in (data, output.get("metadata") or {}):
                    part.pop(WIDGET_VIEW, None)
