"""Cards of any content whatever, for properties of renderers; and texts that try to be more than text."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.views.card import (
    Bullets,
    Button,
    Buttons,
    Card,
    Checklist,
    Clock,
    Code,
    Context,
    Field,
    Fields,
    Line,
    Link,
    Mention,
    Plain,
    Quote,
    RoomLink,
    Step,
    StepState,
    Strong,
    Style,
    Text,
    Tone,
    When,
)

# What people paste that a careless renderer would let call everybody, or take for markup.
TRICKS = (
    "<!channel> <!here> <!everyone>", "@channel @here @everyone", "<@U0BOT|you>", "<#C0|x>",
    "&lt;!channel&gt;", "<!subteam^S1|@sre>", "*_~`>", "```", "[x](javascript:alert)",
    "<https://evil.example|your bank>", "\u202eevil\u200b", "a\x00b", "\n\n\n", " ", "", "🔥" * 40,
    "<@&1>", "<@!1>", "\\*", "||spoiler||", "<t:1:R>", "</incident:1>", "e\u0301" * 30,
)  # fmt: skip
_CHARS = st.characters(codec="utf-8", exclude_categories=["Cs"])
_SHORT = st.one_of(st.sampled_from(TRICKS), st.text(_CHARS, max_size=60))
_LONG = st.builds(lambda text, times: text * times, _SHORT, st.sampled_from((1, 1, 1, 30, 200)))
_MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
_SPANS = st.one_of(
    st.builds(Plain, _LONG),
    st.builds(Strong, _LONG),
    st.builds(Code, _LONG),
    st.builds(Mention, st.just("nobody"), _SHORT),
    st.builds(When, _MOMENTS, st.sampled_from(Clock)),
    st.builds(Link, _SHORT, st.just("https://acme.example/a?b=1&c=<2>")),
    st.builds(
        RoomLink, st.just("elsewhere"), st.just("C1"), _SHORT, st.just("https://acme.example")
    ),
)
LINES: st.SearchStrategy[Line] = st.lists(_SPANS, max_size=6).map(tuple)
_BUTTON = st.builds(
    Button,
    _LONG,
    _LONG,
    st.sampled_from(Style),
    st.sampled_from(("", "https://acme.example/x")),
    _SHORT,
)
_STEP = st.builds(Step, _LONG, st.sampled_from(StepState), _SHORT)


def _many(each: st.SearchStrategy[object], most: int) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(each, max_size=most).map(tuple)


_BLOCKS = st.one_of(
    st.builds(Text, LINES),
    st.builds(Fields, _many(st.builds(Field, _SHORT, LINES), 14)),
    st.builds(Bullets, _many(LINES, 12)),
    st.builds(Quote, _LONG),
    st.builds(Context, LINES),
    st.builds(Checklist, _many(_STEP, 12)),
    st.builds(Buttons, _many(_BUTTON, 30)),
)
CARDS = st.builds(Card, _LONG, st.lists(_BLOCKS, max_size=60).map(tuple), st.sampled_from(Tone))


def tricky() -> Card:
    """One card with every trick in every place."""
    tricks = [trick for trick in TRICKS if trick.strip()]
    lines = tuple((Plain(trick), Strong(trick), Code(trick)) for trick in tricks)
    return Card(
        " ".join(tricks)[:140],
        (
            Text(lines[0]),
            Bullets(lines),
            Fields(tuple(Field(trick, line) for trick, line in zip(tricks, lines, strict=True))),
            Context(lines[1]),
            Checklist(tuple(Step(trick, StepState.FAILED, trick) for trick in tricks)),
            Quote("\n".join(tricks)),
            Buttons(tuple(Button(trick, "help") for trick in tricks)),
        ),
    )
