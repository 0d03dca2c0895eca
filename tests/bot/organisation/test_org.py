"""The organisation file: read as text, checked as a whole, and each mistake pointed out by its line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.core.escalation import Direction, Target, TargetKind
from bot.core.people import PersonId, ServiceId, Standing, TeamId
from bot.oncall.engine.coverage import on_call
from bot.org import load_org, parse_org, sample_org
from bot.organisation import models as org_models
from bot.organisation.format import OrgError, Problem, read
from bot.organisation.schedules.parser import parse_schedule

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "org.example.yaml"
GOOD = """\
organisation: Acme
timezone: Europe/Berlin
people:
  ana: {name: Ana, admin: true, email: ana@acme.example}
  no: {name: NO, slack: 017}
  eve: {name: Eve}
teams:
  pay: {members: [ana, no]}
  empty: {managers: [eve]}
services:
  shop: {team: pay, tier: 1, escalation: pay, depends_on: [db], component: shop}
  db: {runbooks: [https://wiki.acme.example/db]}
schedules:
  week:
    layers:
      - rotation: {unit: week, start: 2026-01-05T09:00, participants: [ana, no]}
escalations:
  pay: {steps: [{notify: [schedule:week]}, {notify: [team:pay], after: 1h30m}]}
catch_all: {notify: [team:pay]}
components:
  shop: {name: Shop}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(OrgError) as caught:
        parse_org(text, "org.yaml")
    return str(caught.value).splitlines()


def changed(right: str, wrong: str) -> str:
    assert GOOD.count(right) == 1, f"{right!r} stands once in the good file"
    return GOOD.replace(right, wrong)


# --- good files --------------------------------------------------------------------------------


def test_a_good_file_is_one_value() -> None:
    org = parse_org(GOOD, "org.yaml")
    ana, no = org.people[PersonId("ana")], org.people[PersonId("no")]
    assert (ana.standing, ana.timezone) == (Standing.ADMIN, "Europe/Berlin")
    assert no.name == "NO", "NO is a name, not false"
    assert no.identities == {"slack": "017"}, "017 is an id, not fifteen"
    assert org.teams[TeamId("pay")].name == "pay"
    assert org.services[ServiceId("shop")].depends_on == ("db",)
    policy = org.policy_for((ServiceId("shop"),))
    assert policy is not None
    assert [step.after for step in policy.steps] == [timedelta(0), timedelta(hours=1.5)]
    assert policy.steps[0].notify == (Target(TargetKind.SCHEDULE, "week"),)
    assert org.catch_all == (Target(TargetKind.TEAM, "pay"),)
    assert org.schedules["week"].timezone == "Europe/Berlin", "the organisation's"
    assert org.chat.allowed["slack"] == {"guests": "deny"}


def test_a_field_without_a_value_is_as_good_as_absent() -> None:
    text = changed(
        "components:\n  shop: {name: Shop}\n", "components: {shop: {name: Shop}}\nchat:\n"
    )
    org = parse_org(text.replace("{name: Eve}", "{name: Eve, admin: , email: null}"), "org.yaml")
    assert org.people[PersonId("eve")].standing is Standing.MEMBER
    assert org.chat.rooms == ("slack", "discord", "console")


def test_a_schedule_may_have_its_own_zone() -> None:
    text = changed("  week:\n", "  week:\n    timezone: Asia/Tokyo\n")
    assert parse_org(text, "org.yaml").schedules["week"].timezone == "Asia/Tokyo"


def test_the_sample_has_somebody_on_call_at_every_hour() -> None:
    org = sample_org()
    assert org.sample
    assert set(org.people) == {"ana", "bo", "cy", "mia"}
    assert org.catch_all
    assert org.components
    start = datetime(2025, 12, 1, tzinfo=UTC)
    hours = [start + timedelta(hours=n) for n in range(24 * 400)]
    for name, schedule in org.schedules.items():
        alone = [hour for hour in hours if not on_call(schedule, hour)]
        assert alone == [], name


def test_the_example_is_good_and_is_no_sample() -> None:
    org = load_org(EXAMPLE)
    assert not org.sample
    assert org.chat.allowed["discord"]["allowed_roles"] == ("engineers",)
    assert org.people[PersonId("mia")].identities == {"matrix": "@mia:acme.example"}
    assert org.policies["payments"].steps[3].direction is Direction.HIERARCHICAL


def test_every_field_stands_in_the_example() -> None:
    models = [
        model
        for model in vars(org_models).values()
        if isinstance(model, type) and issubclass(model, BaseModel)
    ]
    known = {field for model in models for field in model.model_fields}
    written = {part for path in read(EXAMPLE.read_text(encoding="utf-8")).lines for part in path}
    assert known - written == set()
    assert len(models) > 8


def test_the_parser_of_schedules_is_here_too() -> None:
    assert parse_schedule({"layers": [{"users": ["ana"]}]}).timezone == "UTC"


# --- mistakes ----------------------------------------------------------------------------------

SHAPES = [
    ("organisation: Acme\n", "", "1: organisation: is required"),
    ("organisation: Acme", "organisation: [A]", "1: organisation: must be text"),
    ("timezone: Europe/Berlin", "timezone: Europe/Berln", "2: timezone: must be an IANA time zone such as Europe/Berlin; did you mean Europe/Berlin?"),
    ("admin: true", "admni: true", "4: people.ana.admni: is not a field here; did you mean admin? Allowed: name, email,"),
    ("admin: true", "admin: maybe", "4: people.ana.admin: must be true or false"),
    ("ana@acme.example", "ana at acme", "4: people.ana.email: must be one e-mail address"),
    ("{name: Eve}", "{slack: U0}", "6: people.eve.name: is required"),
    ("  eve: {name: Eve}\n", "  eve:\n", "6: people.eve.name: is required"),
    ("  eve: {name: Eve}", "  tocsin: {name: Eve}", "6: people.tocsin: is the bot's own name"),
    ("  eve: {name: Eve}", "  eve adams: {name: Eve}", "6: people.eve adams: must be up to 64 letters"),
    ("{name: Eve}", "{name: Eve, discord: eve#1}", "6: people.eve.discord: must be the number"),
    ("members: [ana, no]", "members: ana", "8: teams.pay.members: must be a list"),
    ("tier: 1", "tier: 9", "11: services.shop.tier: must be a whole number from 1 to 5"),
    ("tier: 1", "tier: one", "11: services.shop.tier: must be a whole number from 1 to 5"),
    ("https://wiki", "javascript://wiki", "12: services.db.runbooks.1: must be an address that begins with https://"),
    ("1h30m", "soon", "18: escalations.pay.steps.2.after: must be a duration such as 0m, 5m or 1h30m"),
    ("[schedule:week]", "[everybody]", "18: escalations.pay.steps.1.notify.1: must be person:…, team:…"),
    ("[schedule:week]", "[]", "18: escalations.pay.steps.1.notify: must not be empty"),
    ("after: 1h30m", "kind: sideways", "18: escalations.pay.steps.2.kind: must be functional or hierarchical"),
    ("{name: Shop}", "Shop", "21: components.shop: must hold fields"),
    ("components:", "chat: {slack: {guests: some}}\ncomponents:", "20: chat.slack.guests: must be deny or allow"),
    ("components:", "chat: {rooms: [slak]}\ncomponents:", "20: chat.rooms.1: slak is no chat platform; did you mean slack?"),
    ("components:", "chat: {call: 'https://meet/$room'}\ncomponents:", "20: chat.call: may hold $reference and $token"),
    ("components:", "chat: {call: meet}\ncomponents:", "20: chat.call: must be an address"),
    ("components:", "chat: {discrod: {}}\ncomponents:", "20: chat.discrod: is not a field here; did you mean discord?"),
    ("components:", "component:", "20: component: is not a field here; did you mean components?"),
    ("catch_all: {notify: [team:pay]}\n", "", "1: catch_all: is required: where a page goes that reaches nobody"),
]  # fmt: skip
MEANINGS = [
    ("team: pay, tier", "team: pya, tier", "11: services.shop.team: no team of this file is called pya; did you mean pay?"),
    ("managers: [eve]", "managers: [adam]", "9: teams.empty.managers.1: no person of this file is called adam."),
    ("escalation: pay", "escalation: p", "11: services.shop.escalation: no escalation policy of this file is called p"),
    ("component: shop", "component: shp", "11: services.shop.component: no component of this file is called shp; did you mean shop?"),
    ("depends_on: [db]", "depends_on: [bd]", "11: services.shop.depends_on.1: no service of this file is called bd"),
    ("depends_on: [db]", "depends_on: [shop]", "11: services.shop.depends_on.1: cannot be the service itself"),
    ("[schedule:week]", "[schedule:wek]", "18: escalations.pay.steps.1.notify.1: no schedule of this file is called wek; did you mean week?"),
    ("[schedule:week]", "[person:adam]", "18: escalations.pay.steps.1.notify.1: no person of this file is called adam"),
    ("[schedule:week]", "[team:empty]", "18: escalations.pay.steps.1.notify: reaches nobody"),
    ("catch_all: {notify: [team:pay]}", "catch_all: {notify: [channel:war]}", "19: catch_all.notify: reaches nobody"),
    ("{notify: [schedule:week]}", "{notify: [schedule:week], after: 5m}", "18: escalations.pay.steps.1.after: must be 0m or absent"),
    ("unit: week", "unit: fortnight", "16: schedules.week.layers.1.rotation.unit:"),
    ("participants: [ana, no]", "participants: [ana, on]", "16: schedules.week.layers.1.rotation.participants.2:"),
    ("  week:\n", "  week:\n    timezone: Europe/Berln\n", "15: schedules.week.timezone:"),
    ("{name: Eve}", "{name: Eve, slack: 017}", "6: people.eve.slack: 017 is no's already"),
    ("{name: Eve}", "{name: Eve, email: ANA@acme.example}", "6: people.eve.email: ANA@acme.example is ana's already"),
    ("  eve: {name: Eve}", "  eve: {name: Eve}\n  Ana: {name: Ana}", "7: people.Ana: differs from ana in capitals only"),
    ("{name: Eve}", '{name: Eve, discord: "1001"}', "1: chat.discord.allowed_roles: is required with Discord"),
    ("components:", "chat: {announce: {discord: x}}\ncomponents:", "20: chat.discord.allowed_roles: is required with Discord"),
    ("components:", "chat: {rooms: [discord]}\ncomponents:", "20: chat.discord.allowed_roles: is required with Discord"),
    ("components:", "chat: {discord: {allowed_roles: []}}\ncomponents:", "20: chat.discord.allowed_roles: is required with Discord"),
]  # fmt: skip
TEXTS = [
    ("teams:\n", "people: {}\nteams:\n", "7: people: stands twice; keep one of them"),
    ("{name: Eve}", "{name: Eve, name: Eva}", "6: people.eve.name: stands twice"),
    ("people:\n", "people: [\n", "file: is no YAML:"),
    ("  pay: {members", "\tpay: {members", "8: file: is no YAML:"),
    ("{name: Eve}", "{name: \x07}", "6: file: holds a character"),
    ("{name: Eve}", "{name: !secret eve}", "6: people.eve.name: has the tag !secret"),
    ("{name: Eve}", "&eve {name: Eve, identities: *eve}", "6: people.eve.identities: is repeated by an alias"),
    ("{name: Eve}", "{name: Eve, [a]: b}", "6: people.eve: has a key that is not a word"),
    ("{name: Eve}", "{name: " + "[" * 3000, "is nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "said"), [*SHAPES, *MEANINGS, *TEXTS])
def test_a_mistake_names_the_line_the_field_and_what_is_allowed(
    right: str, wrong: str, said: str
) -> None:
    (line,) = problems(changed(right, wrong))
    assert line.startswith("org.yaml:")
    assert said in line


def test_a_file_with_nothing_in_it_is_told_what_it_lacks() -> None:
    said = "\n".join(problems("# nothing yet\n"))
    assert [line.split(":")[2].strip() for line in said.splitlines()] == [
        "catch_all",
        "organisation",
        "people",
    ]


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n"])
def test_a_file_that_is_no_mapping_is_told_so(text: str) -> None:
    assert problems(text) == ["org.yaml:1: file: must hold fields, such as {name: Ana}."]


def test_an_empty_rotation_is_told_and_that_its_policy_reaches_nobody() -> None:
    said = problems(changed("participants: [ana, no]", "participants: []"))
    assert said[0].startswith("org.yaml:16: schedules.week.layers.1.rotation.participants:")
    assert said[1].startswith("org.yaml:18: escalations.pay.steps.1.notify: reaches nobody")


def test_all_mistakes_are_named_at_once_in_the_order_of_the_file() -> None:
    text = changed("team: pay, tier: 1", "team: nope, tier: 1")
    text = text.replace(
        "catch_all: {notify: [team:pay]}", "catch_all: {notify: [team:x, person:y]}"
    )
    text = text.replace("participants: [ana, no]", "participants: [adam]")
    assert [int(line.split(":")[1]) for line in problems(text)] == [11, 16, 19, 19]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"organisation: Acme\npeople: \xff\n", "2: file: is not written in UTF-8")],
)
def test_a_file_in_another_encoding_is_told(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "org.yaml"
    path.write_bytes(content)
    with pytest.raises(OrgError, match=said):
        load_org(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OrgError, match=r"^none\.yaml:1: file: cannot be read: No such file"):
        load_org(tmp_path / "none.yaml")


def test_a_mark_before_the_first_letter_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "org.yaml"
    path.write_text(GOOD, encoding="utf-8-sig")
    assert load_org(str(path)).name == "Acme"


LINES = EXAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
PIECES = [
    *("", "{}", "[]", "null", "x"),
    ": ",
    "- ",
    "0",
    "-1",
    "*a",
    "&a ",
    "!t ",
    "'",
    "\t",
    "[[a]]",
]


def test_a_field_that_may_be_left_out_is_explained_like_any_other() -> None:
    text = "name: Acme\npeople:\n  ana: {name: Ana, quiet: {begin: '22:00', end: '07:00'}}\n"
    with pytest.raises(OrgError) as caught:
        parse_org(text, "org.yaml")
    told = " ".join(problem.text for problem in caught.value.problems)
    assert "is not a field here; Allowed: start, end." in told


@given(
    st.integers(0, len(LINES) - 1),
    st.integers(0, 60),
    st.integers(0, 20),
    st.sampled_from(PIECES) | st.text(max_size=5),
)
def test_a_damaged_file_is_read_or_refused_with_its_line(
    at: int, column: int, length: int, piece: str
) -> None:
    line = LINES[at]
    hurt = line[:column] + piece + line[column + length :]
    text = "".join([*LINES[:at], hurt, *LINES[at + 1 :]])
    found: list[Problem] = []
    try:
        parse_org(text, "org.yaml")
    except OrgError as error:
        found = error.problems
    assert all(p.text and 1 <= p.line <= len(text.splitlines()) + 1 for p in found)
