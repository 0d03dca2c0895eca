"""The fold: edits and removals are entries that supersede, and nothing is ever changed in place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.incident import IncidentId
from bot.core.timeline import SUPERSEDING, Entry, EntryId, Kind, fold

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entry(number: int, kind: Kind = Kind.NOTE, text: str = "", of: int = 0, late: int = 0) -> Entry:
    happened = START + timedelta(minutes=number - late)
    recorded = START + timedelta(minutes=number)
    return Entry(
        EntryId(number), IncidentId(1), kind, happened, recorded, text=text,
        supersedes=EntryId(of) if of else None,
    )  # fmt: skip


def test_an_edit_changes_the_text_and_not_the_time() -> None:
    (shown,) = fold([entry(1, text="CPU at 90"), entry(2, Kind.EDITED, "CPU at 99", of=1)])
    assert (shown.id, shown.text, shown.happened_at) == (1, "CPU at 99", entry(1).happened_at)


def test_a_removed_entry_is_gone_and_editing_it_afterwards_brings_nothing_back() -> None:
    assert fold([entry(1), entry(2, Kind.REMOVED, of=1), entry(3, Kind.EDITED, "x", of=1)]) == []


def test_entries_stand_by_when_they_happened() -> None:
    shown = fold([entry(1), entry(2), entry(3, late=2)])
    assert [e.id for e in shown] == [1, 3, 2]


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    found: list[Entry] = []
    for number in range(1, draw(st.integers(0, 12)) + 1):
        kind = draw(st.sampled_from([Kind.NOTE, Kind.UPDATE, *sorted(SUPERSEDING)]))
        of = draw(st.integers(1, number)) if kind in SUPERSEDING else 0
        found.append(entry(number, kind, f"text {number}", of, draw(st.integers(0, 3))))
    return found


@given(logs(), st.randoms())
def test_the_fold_does_not_depend_on_the_order_it_is_given(
    log: list[Entry], random: object
) -> None:
    shuffled = list(log)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(log)


@given(logs())
def test_the_fold_shows_no_superseding_entry_and_is_idempotent(log: list[Entry]) -> None:
    shown = fold(log)
    assert all(e.kind not in SUPERSEDING or e.supersedes is None for e in shown)
    assert fold(shown) == shown
