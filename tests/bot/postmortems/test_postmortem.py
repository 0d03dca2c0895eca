"""The draft: the same log gives the same draft, and a removed entry takes exactly what it said with it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.chat.text import escaped
from bot.core.incident import IncidentId
from bot.core.people import PersonId
from bot.core.timeline import Entry, EntryId, Kind
from bot.postmortems.draft_view import html, markdown
from bot.postmortems.model import Placeholder, Postmortem, Sentence, draft

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMES = {PersonId("ana"): "Ana Lima", PersonId("bo"): "Bo Chen"}


def entry(of: int, kind: Kind, text: str = "", minutes: float = 0, **data: str) -> Entry:
    at = START + timedelta(minutes=minutes or of)
    author = None if kind in (Kind.PAGED, Kind.UNREACHED) else PersonId("bo")
    return Entry(EntryId(of), IncidentId(1), kind, at, at, author, "console", text, data)


STORY = [
    entry(1, Kind.DECLARED, "checkout is down", 0.01, severity="SEV1", services="checkout"),
    entry(2, Kind.PAGED, "", 0.02, page="1", person="ana"),
    entry(3, Kind.ACKNOWLEDGED, "", 2, page="1"),
    entry(4, Kind.ROLE, "", 3, role="commander", person="ana"),
    entry(5, Kind.NOTE, "CPU at 99 %", 4),
    entry(6, Kind.DECISION, "Roll back", 10),
    entry(7, Kind.UPDATE, "Rolling back", 11, status="identified"),
    entry(8, Kind.STATUS, "", 20, **{"from": "identified", "to": "monitoring"}),
    entry(9, Kind.STATUS, "", 42, **{"from": "monitoring", "to": "resolved"}),
    entry(10, Kind.FOLLOWUP, "Alert on disk space", 50, number="1", owner="bo", due="2026-03-06"),
    entry(11, Kind.FOLLOWUP, "Rehearse the rollback", 51, number="2"),
]


def sentences(made: Postmortem) -> list[Sentence]:
    return [i for s in made.sections for i in s.items if isinstance(i, Sentence)]


def holes(made: Postmortem) -> list[str]:
    return [i.question for s in made.sections for i in s.items if isinstance(i, Placeholder)]


def texts(made: Postmortem) -> str:
    return "\n".join(sentence.text for sentence in sentences(made))


def test_a_story_is_told_with_its_times() -> None:
    made = draft("INC-1", STORY, NAMES)
    told = texts(made)
    assert made.title == "checkout is down"
    assert "It lasted 41 min." in told
    assert "Mitigated, 19 min after" in told
    assert "Bo Chen acknowledged the page within 1 min." in told
    assert "Alert on disk space — Bo Chen, due 2026-03-06" in told


def test_what_the_log_does_not_say_is_a_question_and_never_an_answer() -> None:
    asked = holes(draft("INC-1", STORY, NAMES))
    assert "Why did it happen?" in asked
    assert "Where were we lucky?" in asked
    assert "Who owns “Rehearse the rollback”?" in asked
    assert "Who owns “Alert on disk space”?" not in asked
    empty = draft("INC-1", [], {})
    assert sentences(empty) == []
    assert empty.score == 0


def test_it_scores_itself_and_says_what_is_missing() -> None:
    made = draft("INC-1", STORY, NAMES)
    assert made.missing == (
        "a summary",
        "the impact in words",
        "an owner and a due date for every follow-up",
    )
    assert made.score == 70


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    kinds = [k for k in Kind if k not in (Kind.EDITED, Kind.REMOVED, Kind.UNDONE, Kind.REDACTED)]
    return [
        entry(
            number,
            draw(st.sampled_from(kinds)),
            draw(st.text(min_size=1, max_size=12)),
            draw(st.integers(1, 300)),
            **{"from": "", "to": draw(st.sampled_from(["monitoring", "resolved", "SEV1"]))},
            page="1",
        )
        for number in range(1, draw(st.integers(1, 14)) + 1)
    ]


@given(logs(), st.randoms())
def test_the_same_log_gives_the_same_draft_byte_for_byte(log: list[Entry], random: object) -> None:
    shuffled = list(log)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (draft("INC-1", entries, NAMES) for entries in (log, shuffled))
    assert markdown(one, "http://x/incidents/INC-1") == markdown(other, "http://x/incidents/INC-1")
    assert html(one, "/incidents/INC-1") == html(other, "/incidents/INC-1")


@given(logs(), st.data())
def test_a_removed_entry_takes_with_it_exactly_what_cites_it(
    log: list[Entry], data: st.DataObject
) -> None:
    gone = data.draw(st.sampled_from(log)).id
    before = draft("INC-1", log, NAMES)
    after = draft("INC-1", [e for e in log if e.id != gone], NAMES)

    assert all(gone not in sentence.cites for sentence in sentences(after))
    chosen_anew = _latest_wins(log)
    kept = [s for s in sentences(before) if gone not in s.cites]
    for sentence in kept:
        if not set(sentence.cites) & chosen_anew:
            assert sentence in sentences(after)


def _latest_wins(log: list[Entry]) -> set[EntryId]:
    """Entries that stand in for one another: of several, a section takes the last or the first."""
    kinds = (Kind.DECLARED, Kind.SUMMARY, Kind.IMPACT, Kind.STATUS, Kind.UPDATE, Kind.PAGED)
    return {e.id for e in log if e.kind in kinds}


@given(logs())
def test_every_sentence_cites_entries_that_are_there(log: list[Entry]) -> None:
    known = {e.id for e in log}
    for sentence in sentences(draft("INC-1", log, NAMES)):
        assert sentence.cites
        assert set(sentence.cites) <= known


@given(st.text(max_size=60))
def test_user_text_cannot_be_markup(text: str) -> None:
    shown = escaped(text)
    assert "\n" not in shown
    bare = shown.replace("\\\\", "")
    for mark in "[]<>*_`#!":
        assert mark not in bare.replace(f"\\{mark}", "")


def test_five_thousand_entries_are_drafted_in_under_a_second() -> None:
    log = [entry(n, Kind.NOTE, f"note {n}", n) for n in range(1, 5001)]
    began = time.process_time()
    made = markdown(draft("INC-1", log, NAMES), "http://x/incidents/INC-1")
    assert time.process_time() - began < 1
    assert made.count("#entry-") >= 5000
