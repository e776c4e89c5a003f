"""What several tests need."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def run_async():
    """Run a coroutine to its end in a thread of its own: the browser tests leave an event loop running in theirs."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda coroutine: pool.submit(asyncio.run, coroutine).result(timeout=60)
