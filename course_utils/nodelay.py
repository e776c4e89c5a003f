"""An extension of jupyter_server that sends the kernel's answers at once, so that pictures keep up with a slider.

Without it Nagle's algorithm holds each small message back until the browser has confirmed the last one, up to 40 ms.
"""

import functools


def _jupyter_server_extension_points():
    return [{"module": "course_utils.nodelay"}]


def _load_jupyter_server_extension(app):
    try:
        from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

        KernelWebsocketHandler.open = at_once(KernelWebsocketHandler.open)
    except (ImportError, AttributeError) as error:
        app.log.warning("Sliders may lag: jupyter_server has changed, %s", error)


def at_once(opening):
    """The `open` of a websocket handler, with TCP_NODELAY set first."""

    @functools.wraps(opening)
    def opened(handler, *args, **kwargs):
        handler.set_nodelay(True)
        return opening(handler, *args, **kwargs)

    return opened
