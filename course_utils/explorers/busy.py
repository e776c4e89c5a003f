"""A kernel that does not call itself busy while a slider moves.

JupyterLab shows "busy" and "idle" in its toolbar, status bar, launcher and in the page's icon, which it fetches each
time: all that for each move took half of the pictures of a drag. "Idle" is still sent, since it ends a request.
"""

from IPython import get_ipython


def is_move(request):
    """Whether a request to the kernel is a move of a control; see moves.js."""
    data = request.get("content", {}).get("data")
    content = data.get("content") if isinstance(data, dict) else None
    return isinstance(content, dict) and "move" in content


def leave_moves_unannounced():
    """Let the kernel of this process, if there is one that we know, send no "busy" for a move."""
    kernel = getattr(get_ipython(), "kernel", None)
    if not (hasattr(kernel, "_publish_status") and hasattr(kernel, "get_parent")):
        return
    publish = kernel._publish_status

    def publish_unless_moved(status, *args, **kwargs):
        if status != "busy" or not is_move(kernel.get_parent("shell")):
            publish(status, *args, **kwargs)

    kernel._publish_status = publish_unless_moved
