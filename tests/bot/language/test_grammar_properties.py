"""Arbitrary text: the grammar never raises, never acts on a guess, never loses a character of a title."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.core.chat.card import Need
from bot.core.chat.vocabulary import Group, Invocation, Speaker
from bot.core.incident import IncidentId, Status
from bot.language.forms import from_form
from bot.language.outcomes import Incomplete, NeedsRoom, Parsed, Unreadable, Unsure
from bot.language.reading.writing import written
from bot.language.spec import INCIDENT, TEXTS, Addressee, ArgKind, Command, Noun, Place
from bot.language.table import all_commands
from tests.bot.language.sentences import NOW, ROOM, lexicon, read

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


@given(sentences, st.sampled_from([None, ROOM]), st.sampled_from(Group))
def test_any_text_comes_to_something_and_what_is_done_reads_back_the_same(
    text: str, here: IncidentId | None, group: Group
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
    if all_commands().verb(Group.INCIDENT, first) is None and first:
        outcome = read(text)
        lone_severity = isinstance(outcome, NeedsRoom) and outcome.command.name == "sev"
        assert isinstance(outcome, Unsure) or lone_severity


TEXTS_OF = [c for c in all_commands().commands if any(a.kind in TEXTS for a in c.args)]


@given(st.sampled_from(TEXTS_OF), st.text(min_size=1, max_size=60))
def test_what_a_button_carries_reads_back_to_the_character(command: Command, said: str) -> None:
    """Whatever stands in a text: double quotes, newlines, options, names of incidents."""
    if not said.strip() or any(mark in said for mark in "⟦⟧"):
        return
    arg = next(arg for arg in command.args if arg.kind in TEXTS)
    required = {a.name: VALUES[a.kind] for a in command.args if a.need is Need.REQUIRED}
    values = {**required, arg.name: said}
    if command.place is Place.ROOM:
        values[INCIDENT] = ROOM
    again = read(written(command, values), ROOM, command.group)
    assert isinstance(again, Parsed)
    assert again.values[arg.name] == said


VALUES: dict[ArgKind, Any] = {
    ArgKind.TITLE: "x", ArgKind.TEXT: "x", ArgKind.PHRASE: "x", ArgKind.QUOTED: "x", ArgKind.WORDS: "x",
    ArgKind.URL: "https://x.example/a", ArgKind.TARGET: Addressee(Noun.PERSON, "ana"),
    ArgKind.TIME: NOW + timedelta(hours=2), ArgKind.STATUS: Status.IDENTIFIED, ArgKind.NUMBER: 3,
}  # fmt: skip


@given(st.text(min_size=1, max_size=60))
def test_a_forms_text_is_taken_to_the_character(said: str) -> None:
    call = Invocation(
        "console", "d", Speaker("bo", "bo"), "declare", values={"title": said, "severity": "sev2"}
    )
    outcome = from_form(call, all_commands(), lexicon(None))
    if not said.strip():
        assert isinstance(outcome, Incomplete)
        return
    assert isinstance(outcome, Parsed)
    assert outcome.values["title"] == said.strip()
    assert outcome.values["severity"] == 2


@given(st.sampled_from(all_commands().commands), st.data())
def test_any_answers_of_a_form_come_to_something(command: Command, data: st.DataObject) -> None:
    answers = {arg.name: data.draw(st.text(max_size=12)) for arg in command.args}
    call = Invocation(
        "console", "d", Speaker("bo", "bo"), command.name, group=command.group, values=answers
    )
    outcome = from_form(call, all_commands(), lexicon(ROOM))
    if isinstance(outcome, Unreadable):
        assert (
            outcome.given in outcome.text or "…" in outcome.text or not outcome.given.isprintable()
        )
