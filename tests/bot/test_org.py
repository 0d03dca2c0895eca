"""The organisation file: read as text, checked as a whole, and each mistake pointed out by its line."""

from __future__ import annotations

import pytest

from bot.domain.people import PersonId, ServiceId, Standing
from bot.org import parse_org, sample_org
from bot.org_format import OrgError

GOOD = """\
organisation: Acme
timezone: Europe/Berlin
people:
  ana: {name: Ana, admin: true}
  no: {name: NO, slack: 017}
teams:
  pay: {members: [ana, no]}
services:
  shop: {team: pay, tier: 1, escalation: pay}
schedules:
  week:
    layers:
      - rotation: {unit: week, start: 2026-01-05T09:00, participants: [ana, no]}
escalations:
  pay: {steps: [{notify: [schedule:week]}, {notify: [team:pay], after: 1h30m}]}
catch_all: {notify: [team:pay]}
"""


def problems(text: str) -> str:
    with pytest.raises(OrgError) as caught:
        parse_org(text, "org.yaml")
    return str(caught.value)


def test_a_good_file_is_one_value() -> None:
    org = parse_org(GOOD, "org.yaml")
    assert org.people[PersonId("ana")].standing is Standing.ADMIN
    assert org.people[PersonId("no")].name == "NO", "NO is a name, not false"
    assert org.people[PersonId("no")].identities == {"slack": "017"}
    policy = org.policy_for((ServiceId("shop"),))
    assert policy is not None
    assert policy.steps[1].after.total_seconds() == 5400
    assert org.people[PersonId("ana")].timezone == "Europe/Berlin"


MISTAKES = [
    ("tier: 1", "tier: 9", "org.yaml:9: services.shop.tier: Input should be less than"),
    ("team: pay, tier", "team: pya, tier", "org.yaml:9: services.shop.team: pya is no team"),
    (
        "admin: true",
        "admni: true",
        "org.yaml:4: people.ana.admni: is not a field here; did you mean",
    ),
    ("Europe/Berlin", "Europe/Berln", "Did you mean Europe/Berlin?"),
    ("[schedule:week]", "[schedule:wek]", "org.yaml:15: escalations.pay.steps.1.notify.1"),
    ("[team:pay]}\n", "[everybody]}\n", "catch_all.notify.1: everybody must be person"),
    ("unit: week", "unit: fortnight", "schedules.week.layers.1.rotation.unit: must be one of"),
    ("participants: [ana, no]", "participants: []", "must name somebody"),
    ("1h30m", "soon", "such as 5m"),
    ("organisation: Acme\n", "", "organisation: is required"),
    ("teams:\n", "people: {}\nteams:\n", "org.yaml:6: people: stands twice"),
    ("people:\n", "people: [\n", "org.yaml:"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), MISTAKES)
def test_a_mistake_names_the_line_the_field_and_what_is_allowed(
    right: str, wrong: str, said: str
) -> None:
    assert right in GOOD
    assert said in problems(GOOD.replace(right, wrong, 1))


def test_all_mistakes_are_named_at_once() -> None:
    told = problems(GOOD.replace("team: pay,", "team: nope,").replace("team:pay]}\n", "team:x]}\n"))
    assert len(told.splitlines()) == 2


def test_the_sample_is_a_good_file_with_somebody_always_on_call() -> None:
    org = sample_org()
    assert org.sample
    assert org.catch_all
