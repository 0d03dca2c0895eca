"""What is offered when a sentence is no command: the incident where it is read, words that are spelled alike."""

from __future__ import annotations

from difflib import get_close_matches

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.outcomes import Parsed, Unsure
from bot.language.reading.likeness import alike
from tests.bot.language.sentences import read

# An incident that stands where none is read: nothing is done, and what was likely meant is a button.
MOVED = [
    ("severity sev2 INC-1", "severity INC-1 sev2"),
    ("sev 2 inc-1", "sev inc-1 2"),
    ("sev 2 for INC-1", "sev INC-1 2"),
    ("sev2 for INC-1", "sev2 INC-1"),
    ("status identified INC-1", "status INC-1 identified"),
    ('resolved "rolled back" INC-1', 'resolved INC-1 "rolled back"'),
    ("note CPU went up INC-1", "note INC-1 CPU went up"),
    ('note "CPU went up" at 14:32 INC-1', 'note INC-1 "CPU went up" at 14:32'),
    ('update monitoring "better" next 20m INC-1', 'update INC-1 monitoring "better" next 20m'),
    ("lead @ana INC-1", "lead INC-1 @ana"),
    ("role comms @bo on INC-1", "role INC-1 comms @bo"),
    ("handoff scribe @cy INC-1", "handoff INC-1 scribe @cy"),
    ("invite @ana @bo INC-1", "invite INC-1 @ana @bo"),
    ("page ana INC-1", "page INC-1 ana"),
    ('task "Fail over" @bo INC-1', 'task INC-1 "Fail over" @bo'),
    ("done 3 INC-1", "done INC-1 3"),
    ("brief customer of INC-1", "brief INC-1 customer"),
    ("link https://x.example/a INC-1", "link INC-1 https://x.example/a"),
    ('title "Card payments fail" INC-1', 'title INC-1 "Card payments fail"'),
    ("INC-1", "show INC-1"),
    ("INC-1 sev 2", "sev INC-1 2"),
    ("INC-1 resolved", "resolved INC-1"),
    ("inc-1 note CPU went up", "note inc-1 CPU went up"),
]


@pytest.mark.parametrize(("said", "meant"), MOVED, ids=lambda text: text)
def test_an_incident_in_another_place_is_offered_where_it_is_read(said: str, meant: str) -> None:
    outcome = read(said)
    assert isinstance(outcome, Unsure), outcome
    assert [s.command for s in outcome.suggestions][:2] == [f"declare {said}", meant]
    assert outcome.suggestions[1].label == meant, "a button says what it does"
    assert isinstance(read(meant), Parsed)


@pytest.mark.parametrize(
    "said", ["resolved hosts are wrong INC-1", "sev 9 INC-1", "list INC-1", "INC-1 is back", "close INC-1 INC-2 INC-3"]
)  # fmt: skip
def test_what_does_not_read_there_either_is_not_offered(said: str) -> None:
    outcome = read(said)
    assert isinstance(outcome, Unsure)
    offered = [s.command for s in outcome.suggestions]
    assert all(c.startswith(("declare", "help")) for c in offered), offered


@given(st.text("abcdefgs-", max_size=9), st.lists(st.text("abcdefgs-", min_size=1, max_size=9)))
def test_words_alike_are_those_of_the_standard_library(word: str, names: list[str]) -> None:
    for cutoff in (0.3, 0.6, 0.75):
        assert alike(word, names, 3, cutoff) == get_close_matches(word, names, 3, cutoff)
