"""Cards of any content whatever, for properties of renderers; and texts that try to be more than text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.core.chat.card import (
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
_BITS = (*TRICKS, "**", "_", "`", "|", ">", "> ", "# ", "-# ", "<", "&amp;", "\n", "\x00", " ", "[a](http://x.example)")  # fmt: skip
TEXTS = st.one_of(
    st.text(_CHARS, max_size=60),
    st.lists(st.sampled_from(_BITS), max_size=8).map("".join),
    st.sampled_from((1, 10, 90, 400)).map(lambda n: "long words " * n),
    st.sampled_from((1, 90, 300, 1100, 5000)).map(lambda n: "x&" * n),
)
_URLS = st.one_of(
    st.sampled_from(("https://acme.example/a?b=1&c=<2>", "http://127.0.0.1:8080/x?y=(z)")),
    st.just("https://acme.example/" + "a" * 600),
    TEXTS.map(lambda text: f"https://acme.example/{text}"),
    TEXTS,
)
_MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
_BUTTON = st.builds(
    Button,
    TEXTS,
    TEXTS,
    st.sampled_from(Style),
    st.sampled_from(("", "", "https://acme.example/x")),
    st.one_of(st.just(""), TEXTS),
)
_STEP = st.builds(Step, TEXTS, st.sampled_from(StepState), TEXTS)


def _many(each: st.SearchStrategy[object], most: int) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(each, max_size=most).map(tuple)


def _lines(platform: str, room: str, people: Sequence[str]) -> st.SearchStrategy[Line]:
    spans = st.one_of(
        st.builds(Plain, TEXTS),
        st.builds(Strong, TEXTS),
        st.builds(Code, TEXTS),
        st.builds(Mention, st.sampled_from(people), TEXTS),
        st.builds(When, _MOMENTS, st.sampled_from(Clock)),
        st.builds(Link, TEXTS, _URLS),
        st.builds(RoomLink, st.sampled_from((platform, "elsewhere")), st.just(room), TEXTS, _URLS),
    )
    return st.lists(spans, max_size=6).map(tuple)


def cards(
    platform: str = "elsewhere", room: str = "C1", people: Sequence[str] = ("nobody",)
) -> st.SearchStrategy[Card]:
    """Cards that mention ``people`` and link ``room`` on ``platform``."""
    lines = _lines(platform, room, people)
    blocks = st.one_of(
        st.builds(Text, lines),
        st.builds(Fields, _many(st.builds(Field, TEXTS, lines), 30)),
        st.builds(Bullets, _many(lines, 30)),
        st.builds(Quote, TEXTS),
        st.builds(Context, lines),
        st.builds(Checklist, _many(_STEP, 12)),
        st.builds(Buttons, _many(_BUTTON, 30)),
    )
    return st.builds(Card, TEXTS, st.lists(blocks, max_size=60).map(tuple), st.sampled_from(Tone))


CARDS = cards()


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
