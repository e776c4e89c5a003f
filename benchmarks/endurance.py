"""Thousands of movements of one slider: what kernel and page hold after each thousand of them."""

import numpy as np

from benchmarks.browser import ask

# Jupyter keeps a signature of each of the last 65,536 messages, in a set that grows at a jump: not ours to count.
COUNT = """import gc, psutil, comm, matplotlib.pyplot as plt
get_ipython().kernel.session.digest_history.clear()
gc.collect()
print(psutil.Process().memory_info().rss / 1e6, len(comm.get_comm_manager().comms), len(plt.get_fignums()))"""
HELD = ("MB in the kernel", "comms", "open figures", "MB in the page", "nodes of the page")


def endure(page, movements, blocks):
    """{what: its amount after each block (blocks,)} while the watched cell's slider moves; the first block warms up."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    rows = []
    for _ in range(blocks):
        page.evaluate("times => latency.move(times)", movements // blocks)
        devtools.send("HeapProfiler.collectGarbage")
        metrics = {entry["name"]: entry["value"] for entry in devtools.send("Performance.getMetrics")["metrics"]}
        rows.append([*map(float, ask(page, COUNT).split()), metrics["JSHeapUsedSize"] / 1e6, metrics["Nodes"]])
    devtools.detach()
    return dict(zip(HELD, np.transpose(rows), strict=True))
