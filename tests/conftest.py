"""What several tests need."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def without_loop():
    """Call a function in a thread of its own: the browser tests leave an event loop running in theirs."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda function, *arguments: pool.submit(function, *arguments).result(timeout=60)


@pytest.fixture
def run_async(without_loop):
    """Run a coroutine to its end there."""
    return lambda coroutine: without_loop(asyncio.run, coroutine)
