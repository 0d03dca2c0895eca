"""What makes a process start quickly."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def all_kept() -> Iterator[None]:
    """While modules are imported nothing is garbage, and the collector that looks for it all the same takes
    its time (`python -m bench.startup`). What is there afterwards is not looked at again."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
