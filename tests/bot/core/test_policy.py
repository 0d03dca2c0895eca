"""Who may: outsiders nothing, members most, admins the rest; somebody who has not joined confirms."""

from __future__ import annotations

import pytest

from bot.core.errors import NotAllowed
from bot.core.people import Actor, PersonId, Standing
from bot.core.permissions import RULES, Action, Need, Standpoint, Verdict, may


def actor(standing: Standing) -> Actor:
    return Actor(PersonId("bo"), "Bo", "console", standing=standing)


def test_every_action_has_a_rule() -> None:
    assert set(RULES) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_outsiders_may_nothing_and_are_told_whom_to_ask(action: Action) -> None:
    with pytest.raises(NotAllowed, match="Ask somebody"):
        may(actor(Standing.OUTSIDER), action)


@pytest.mark.parametrize("action", [a for a, need in RULES.items() if need is Need.ADMIN])
def test_a_refusal_names_who_can(action: Action) -> None:
    with pytest.raises(NotAllowed, match="Ana"):
        may(actor(Standing.MEMBER), action, admins=("Ana",))
    assert may(actor(Standing.ADMIN), action) is Verdict.YES


@pytest.mark.parametrize("action", [a for a, need in RULES.items() if need is Need.JOINED])
def test_somebody_who_has_not_joined_is_asked_once_more(action: Action) -> None:
    member = actor(Standing.MEMBER)
    assert may(member, action, Standpoint()) is Verdict.CONFIRM
    assert may(member, action, Standpoint(joined=True)) is Verdict.YES
    assert may(member, action, Standpoint(confirmed=True)) is Verdict.YES
