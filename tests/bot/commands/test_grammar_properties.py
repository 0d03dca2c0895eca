"""Arbitrary text: the grammar never raises, never acts on a guess, never loses a character of a title."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.commands.spec import Incomplete, NeedsRoom, Parsed, Unsure
from bot.commands.table import all_commands
from bot.commands.writing import written
from bot.domain.incident import IncidentId
from tests.bot.commands.sentences import ROOM, read

VERBS = sorted({word for c in all_commands().commands for word in (c.name, *c.synonyms)})
anything = st.text(max_size=80)
sentences = st.one_of(
    anything,
    st.builds(
        " ".join,
        st.lists(
            st.one_of(
                st.sampled_from(VERBS),
                st.sampled_from(
                    ["INC-3", "sev1", "#checkout", "@ana", '"', "\u201c", "--private", "at 14:32", "20m", "next"]
                ),
                st.text(max_size=8),
            ),
            max_size=7,
        ),
    ),
)  # fmt: skip


@given(sentences, st.sampled_from([None, ROOM]), st.sampled_from(["incident", "oncall"]))
def test_any_text_comes_to_something_and_what_is_done_reads_back_the_same(
    text: str, here: IncidentId | None, group: str
) -> None:
    outcome = read(text, here, group)
    if isinstance(outcome, Parsed):
        again = read(written(outcome.command, outcome.values), here, group)
        assert isinstance(again, Parsed)
        assert again.command is outcome.command
        same = {k: v for k, v in outcome.values.items() if not isinstance(v, str)}
        assert same == {k: v for k, v in again.values.items() if not isinstance(v, str)}


@given(st.text(min_size=1, max_size=80))
def test_a_declare_never_loses_a_character_of_the_title(text: str) -> None:
    outcome = read(f"declare {text}")
    if not text.strip():
        assert isinstance(outcome, Incomplete)
        return
    assert isinstance(outcome, Parsed)
    title = str(outcome.values["title"])
    options = set(outcome.values) - {"title"}
    quoted = any(mark in text for mark in '"\u201c\u201d\u201e\u00ab\u00bb')
    assert title in text
    assert options or quoted or title == text.strip()


@given(st.text(alphabet=st.characters(exclude_categories=("Zs", "Cc")), min_size=1, max_size=40))
def test_a_text_that_begins_with_no_verb_does_nothing(text: str) -> None:
    first = text.split(maxsplit=1)[0] if text.split() else ""
    if all_commands().verb("incident", first) is None and first:
        outcome = read(text)
        lone_severity = isinstance(outcome, NeedsRoom) and outcome.command.name == "sev"
        assert isinstance(outcome, Unsure) or lone_severity
