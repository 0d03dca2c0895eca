"""Logs: lines that machines read, that say which incident and job they are about, and show no secret."""

from __future__ import annotations

import ast
import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import logs, measures

ROOT = Path(__file__).resolve().parents[2]
SECRET = "correct-horse-battery"
# What people wrote, and who they are.
PRIVATE = {"title", "text", "name", "names", "email", "summary", "message", "description", "body"}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, kept = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**kept)


def lines(caught: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What was written to standard error, which is no terminal here."""
    return [json.loads(line) for line in caught.readouterr().err.splitlines()]


def test_a_line_is_json_with_the_incident_and_the_job_it_is_about(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure()
    with structlog.contextvars.bound_contextvars(incident=42, job=7):
        structlog.get_logger().warning("job.failed", task="post")
    structlog.get_logger().info("idle")
    first, second = lines(capsys)
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "job.failed",
        "level": "warning",
        "incident": 42,
        "job": 7,
        "task": "post",
    }
    assert "incident" not in second


def test_on_a_terminal_a_line_is_for_eyes(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    logs.configure("info", [SECRET])
    try:
        raise ValueError(SECRET)
    except ValueError:
        structlog.get_logger().exception("job.failed")
    assert "job.failed" in screen.getvalue()
    assert "ValueError: •••" in screen.getvalue()
    assert not screen.getvalue().startswith("{")


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("warning")
    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud")
    assert [line["event"] for line in lines(capsys)] == ["loud"]


def test_other_libraries_log_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("debug", [SECRET])
    logging.getLogger("vendor").info("chatter")
    logging.getLogger("vendor").warning("token %s refused", SECRET)
    (line,) = lines(capsys)
    assert (line["event"], line["logger"], line["level"]) == (
        "token ••• refused",
        "vendor",
        "warning",
    )


def test_a_secret_is_blotted_out_wherever_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", [SECRET])
    try:
        raise ValueError(f"bad {SECRET}")
    except ValueError as error:
        structlog.get_logger().exception(
            f"event {SECRET}",
            plain=SECRET,
            error=error,
            deep={"list": [SECRET, (f"x{SECRET}y",)], SECRET: 1},
        )
    (line,) = lines(capsys)
    assert SECRET not in json.dumps(line)
    assert "•••" in line["exception"]


def test_the_password_of_an_address_is_blotted_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    structlog.get_logger().error("lost", error="cannot reach postgresql://tocsin:pw@db:5432/t at 1")
    assert lines(capsys)[0]["error"] == "cannot reach postgresql://tocsin:•••@db:5432/t at 1"


def test_a_secret_within_another_leaves_nothing_of_the_longer_one() -> None:
    redact = logs.redactor([SECRET, f"{SECRET}-staple"])
    assert redact(None, "info", {"event": f"{SECRET}-staple"}) == {"event": "•••"}


@given(
    st.recursive(
        st.text(st.sampled_from("ab:/@•")) | st.integers() | st.none() | st.just(SECRET),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just(SECRET), inner),
    )
)
def test_no_value_shows_a_secret_and_every_one_can_be_written(value: object) -> None:
    shown = logs.redactor([SECRET])(None, "info", {"event": "e", "value": value})
    assert SECRET not in json.dumps(shown, ensure_ascii=False)


# --- what callers may log ----------------------------------------------------------------------


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every ``log.something(…)`` of the rooms."""
    for room in ("bot", "handlers", "storage"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    owner = node.func.value
                    if ast.unparse(owner) == "log" and node.func.attr in LEVELS:
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_no_line_carries_what_people_wrote_or_their_names() -> None:
    found = [
        f"{where}: {word.arg}"
        for where, call in calls()
        for word in call.keywords
        if word.arg in PRIVATE
    ]
    assert found == []


def test_an_event_is_a_fixed_word() -> None:
    found = [
        where
        for where, call in calls()
        if not (call.args and isinstance(call.args[0], ast.Constant)) or len(call.args) > 1
    ]
    assert found == []
    assert len(list(calls())) > 10


def test_a_log_that_cannot_be_written_costs_a_line_and_nothing_else() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    kept = logs.Unfailing(Full())
    print("incident.declared", file=kept, flush=True)
    assert b"tocsin_log_lines_lost_total" in measures.exposition()
