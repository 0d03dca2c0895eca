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

from bot.core import measures
from bot.core.errors import Fault, Invalid, loggable
from bot.wiring import logs

ROOT = Path(__file__).resolve().parents[3]
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
    assert "ValueError" in screen.getvalue()
    assert SECRET not in screen.getvalue()
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
        raise OSError(f"bad {SECRET}")
    except OSError as error:
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


# --- what faults may say ---


def test_a_fault_is_logged_with_its_lines_and_without_what_it_quotes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a library's error says may quote what it was given, which may be what somebody wrote."""
    logs.configure()
    written = "zanzi" + "bar"
    try:
        try:
            raise KeyError(written)
        except KeyError as error:
            raise ValueError(written) from error
    except ValueError:
        structlog.get_logger().exception("dispatch.fault")
    (line,) = lines(capsys)
    assert written not in json.dumps(line)
    assert "ValueError" in line["exception"]
    assert "KeyError" in line["exception"]
    assert "test_logs.py" in line["exception"]


def test_what_quotes_nobody_is_logged_as_it_is() -> None:
    assert loggable(Fault("the disk is full")) == "Fault: the disk is full"
    assert loggable(OSError(28, "No space left")) == "OSError: [Errno 28] No space left"
    assert loggable(TypeError("no len()")) == "TypeError: no len()"
    assert loggable(Invalid("I cannot read zanzibar as a time.")) == "Invalid"


def test_asyncios_tasks_are_not_written_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    told = "Task exception was never retrieved\nfuture: <Task exception=ValueError('zanzibar')>"
    logging.getLogger("asyncio").error(told)
    assert lines(capsys)[0]["event"] == "Task exception was never retrieved"


def test_who_could_not_be_reached_at_which_number_is_not_logged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("debug")
    logging.getLogger("apprise").error("Failed to send to +491701234567")
    assert lines(capsys) == []


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


def test_no_line_carries_an_error_that_may_quote_somebody() -> None:
    """``repr`` of an error, or ``str`` of one that was caught as ``Exception``: ``loggable`` tells what may be told."""
    found = [
        f"{where}: {ast.unparse(word.value)}"
        for where, call in calls()
        for word in call.keywords
        if word.arg != "exc_info"  # rendered by the rule above
        and ("repr(" in ast.unparse(word.value) or ".exception()" in ast.unparse(word.value))
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

    kept = logs.LossyStream(Full())
    print("incident.declared", file=kept, flush=True)
    assert b"tocsin_log_lines_lost_total" in measures.exposition()
