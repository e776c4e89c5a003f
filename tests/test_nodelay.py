"""The kernel's websocket has TCP_NODELAY in a real server with our settings, and has not without them."""

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from jupyter_server.services.kernels import websocket
from tornado.websocket import websocket_connect

from course_utils import nodelay

ROOT = Path(__file__).parents[1]
REPORT = """
import gc, json, socket
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.web import RequestHandler

class Report(RequestHandler):
    def get(self):
        handlers = [h for h in gc.get_objects() if isinstance(h, KernelWebsocketHandler) and h.ws_connection]
        sockets = [h.ws_connection.stream.socket for h in handlers]
        self.write(json.dumps([s.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for s in sockets]))

def _jupyter_server_extension_points():
    return [{"module": "report"}]

def _load_jupyter_server_extension(app):
    app.web_app.add_handlers(".*", [("/report", Report)])
"""


@pytest.fixture(params=[True, False], ids=["with our settings", "without"])
def server(request, tmp_path):
    """(whether it has our settings, its address)."""
    (tmp_path / "report.py").write_text(REPORT)
    settings = tmp_path / "settings" / "jupyter_server_config.d"
    settings.mkdir(parents=True)
    extensions = {"report": True} | ({} if request.param else {"course_utils.nodelay": False})
    (settings / "a.json").write_text(json.dumps({"ServerApp": {"jpserver_extensions": extensions}}))
    folders = {f"JUPYTER_{k}_DIR": str(tmp_path / k) for k in ("CONFIG", "DATA", "RUNTIME")}
    paths = [str(settings.parent), str(ROOT / "jupyter_config")]
    ours = {"JUPYTER_CONFIG_PATH": os.pathsep.join(paths), "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--port={port}", "--no-browser", "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"]
    command = [sys.executable, "-m", "jupyter_server", "--allow-root", f"--ServerApp.root_dir={tmp_path}", *options]
    with open(tmp_path / "log", "w") as log:
        process = subprocess.Popen(command, env=os.environ | folders | ours, stdout=log, stderr=log)
    try:
        yield request.param, wait_for(f"127.0.0.1:{port}", process, tmp_path / "log")
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(address, process, log, seconds=40):
    """The address, when the server answers there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://{address}/api", timeout=2).close()
            return address
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start: {log.read_text()}")


def ask(address, path, data=None):
    with urllib.request.urlopen(f"http://{address}/{path}", data, timeout=30) as answer:
        return json.load(answer)


async def options_of_one_connection(address, kernel):
    connection = await websocket_connect(f"ws://{address}/api/kernels/{kernel}/channels")
    try:
        return await asyncio.to_thread(ask, address, "report")
    finally:
        connection.close()


def test_kernel_messages_are_sent_at_once(server, run_async):
    ours, address = server
    kernel = ask(address, "api/kernels", b"{}")["id"]
    (option,) = run_async(options_of_one_connection(address, kernel))
    assert bool(option) == ours


def test_a_changed_jupyter_server_costs_a_line_in_the_log(monkeypatch, caplog):
    class App:
        log = logging.getLogger("app")

    monkeypatch.delattr(websocket, "KernelWebsocketHandler")
    nodelay._load_jupyter_server_extension(App)
    assert "jupyter_server has changed" in caplog.text
