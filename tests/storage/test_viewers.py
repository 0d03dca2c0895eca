"""Every read takes a viewer, or says why it needs none: a new one that does neither is noticed."""

from __future__ import annotations

import typing

from bot.core.people import Viewer
from tests.viewers import WITHOUT_VIEWER, WRITES, methods, repositories


def test_every_read_takes_a_viewer_or_says_why_not() -> None:
    found = dict(repositories())
    assert {"incidents", "timeline", "tasks", "pages", "status", "console"} <= set(found)
    for repository, kind in found.items():
        reasons = WITHOUT_VIEWER.get(repository, {})
        for name, method in methods(kind):
            takes = Viewer in typing.get_type_hints(method).values()
            known = takes or name in WRITES or name in reasons or "*" in reasons
            assert known, f"{repository}.{name} reads without a viewer"
        for name in reasons:
            assert name == "*" or hasattr(kind, name), f"{repository}.{name} is gone"
