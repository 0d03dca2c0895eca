"""Briefs are made by rules: the same log gives the same bytes, and customers read no word from inside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.briefs.cards import brief_card
from bot.briefs.model import Audience, Brief, customer_brief, exec_brief, news, tactical_brief
from bot.core.chat.codec import card_json
from bot.core.chat.plain import card_text
from bot.core.incident import Incident, IncidentId, Role, Status
from bot.core.people import PersonId, ServiceId
from bot.core.severity import Severity
from bot.core.timeline import Entry, EntryId, Kind
from bot.statuspage.model import PublicStatus, PublicUpdate
from bot.tasks.model import Horizon, Task, TaskId

AT = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
# Every word that somebody inside types, every name and every reference in these worlds begins with it.
MARK = "zqxj"
marked = st.text(st.characters(categories=("L", "N", "P", "Z")), max_size=20).map(
    lambda s: MARK + s
)
people = st.sampled_from([PersonId(f"{MARK}-ana"), PersonId(f"{MARK}-bo")])
moments = st.integers(0, 600).map(lambda n: AT + timedelta(minutes=n))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    at = draw(moments)
    return Entry(
        EntryId(draw(st.integers(1, 500))), IncidentId(9), draw(st.sampled_from(Kind)), at, at, draw(people),
        text=draw(marked), data={"person": draw(people), "source": "77"}, url=f"https://{MARK}.example",
    )  # fmt: skip


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    number, horizon = draw(st.integers(1, 500)), draw(st.sampled_from(Horizon))
    return Task(
        TaskId(number), IncidentId(9), number, horizon, draw(marked), draw(people), AT, draw(people), draw(moments)
    )  # fmt: skip


@st.composite
def lived(draw: st.DrawFn) -> Incident:
    status = draw(st.sampled_from(Status))
    return Incident(
        IncidentId(9), draw(marked), draw(people), AT, status, draw(st.sampled_from([None, *Severity])),
        services=(ServiceId(f"{MARK}-service"),), roles={Role.COMMANDER: draw(people)},
        times={Status.INVESTIGATING: AT, status: draw(moments)}, summary=draw(marked), impact=draw(marked),
        pause_reason=draw(marked), merged_into=draw(st.sampled_from([None, IncidentId(77)])),
    )  # fmt: skip


def written(brief: Brief, audience: Audience) -> str:
    card = brief_card(brief, audience, {PersonId(f"{MARK}-ana"): f"{MARK} Ana"})
    return card_text(card) + card_json(card)


@given(lived(), st.lists(entries(), max_size=12), st.lists(tasks(), max_size=6))
def test_the_same_log_gives_the_same_bytes(
    incident: Incident, log: list[Entry], todo: list[Task]
) -> None:
    log = sorted(log, key=lambda e: (e.happened_at, e.id))
    for make, audience in ((exec_brief, Audience.EXEC), (tactical_brief, Audience.TACTICAL)):
        once = written(make(incident, log, todo), audience)
        again = written(make(replace(incident), list(log), list(todo)), audience)
        assert once == again
    assert news(log, AT) == news(list(log), AT)


@given(lived(), st.lists(moments, max_size=3))
def test_customers_read_no_word_from_inside_and_utc(
    incident: Incident, published: list[datetime]
) -> None:
    updates = [
        PublicUpdate("u", PublicStatus.INVESTIGATING, "We are on it.", at) for at in published
    ]
    told = written(customer_brief(incident, ["Payments"], updates), Audience.CUSTOMER)
    assert MARK not in told
    assert "INC-77" not in told
    assert "UTC" in told
    assert told == written(customer_brief(incident, ["Payments"], updates), Audience.CUSTOMER)
