"""What people write, as values of requests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.admin.parsing import incident_id, moment, severity
from bot.core.errors import Invalid
from bot.core.incident import IncidentId
from bot.core.severity import Severity


@pytest.mark.parametrize("words", ["42", "INC-42", "inc-42", "#42"])
def test_an_incident_is_named_by_its_reference_or_its_number(words: str) -> None:
    assert incident_id(words) == IncidentId(42)


@pytest.mark.parametrize("words", ["1", "sev1", "SEV1", "sev-1", "p1"])
def test_a_severity_is_written_as_in_chat(words: str) -> None:
    assert severity(words) is Severity.SEV1


def test_a_moment_without_an_offset_is_utc_and_nothing_is_none() -> None:
    assert moment("2026-01-06T03:00") == datetime(2026, 1, 6, 3, tzinfo=UTC)
    there = timezone(timedelta(hours=1))
    assert moment("2026-01-06T03:00+01:00") == datetime(2026, 1, 6, 3, tzinfo=there)
    assert moment("") is None
    assert severity("") is None


@pytest.mark.parametrize(
    ("read", "words", "said"),
    [
        (incident_id, "seven", "'seven' is no incident; write INC-42 or 42."),
        (incident_id, "", "is no incident"),
        (incident_id, "\N{ARABIC-INDIC DIGIT FOUR}", "is no incident"),
        (incident_id, "9" * 19, "is no incident"),
        (severity, "sev9", "“sev9” is not a severity: sev1 to sev5."),
        (severity, "bad", "“bad” is not a severity"),
        (moment, "soon", "Write the time as 2026-01-06T03:00\\+01:00."),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_accepted(
    read: Callable[[str], object], words: str, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        read(words)
