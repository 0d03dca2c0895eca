"""The organisation file checked, compared and applied: beside a bot, alone, and on two replicas."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import build, start, stop
from bot.cli.exits import Exit
from bot.core.chat.vocabulary import Speaker
from bot.core.people import PersonId
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.times.when import Period
from bot.language.speakers import actor_of
from bot.oncall.covers import override
from bot.settings.loading import load_settings
from tests.cli import beside, settings, tocsin
from tests.databases import fresh_postgres
from tests.installation import environment

ORG = """\
organisation: Acme
timezone: Europe/Berlin
people:
  ana: {name: Ana Lima}
  bo: {name: Bo Chen}
teams:
  payments: {members: [ana, bo]}
services:
  checkout: {team: payments, escalation: payments}
schedules:
  primary:
    layers:
      - {name: weekly, rotation: {unit: week, turn_length: 1, start: 2026-01-05T09:00, participants: [ana, bo]}}
escalations:
  payments: {repeat: 1, steps: [{notify: [schedule:primary], after: 0m}]}
catch_all: {notify: [team:payments]}
"""
OTHER = ORG.replace("participants: [ana, bo]", "participants: [ana]").replace(
    "  bo: {name: Bo Chen}\n",
    "  bo: {name: Bo Chen, timezone: Asia/Shanghai}\n  cy: {name: Cy Okafor}\n",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "org.yaml"
    path.write_text(ORG)
    return path


def test_a_mistake_is_said_with_its_line_and_nothing_is_asked(file: Path) -> None:
    assert tocsin("org", "check", str(file)).data["people"] == 2
    file.write_text(ORG.replace("members: [ana, bo]", "members: [ana, zoe]"))
    wrong = tocsin("org", "check", str(file))
    assert wrong.code == Exit.WRONG
    assert "zoe" in wrong.err
    assert "7" in wrong.err


LONG_OVER = ORG.replace(
    "participants: [ana, bo]}}", "participants: [ana, bo]}, effective_until: 2026-01-12T09:00}"
)


@pytest.mark.parametrize(
    ("notify", "where"),
    [
        ("schedule:primary", ["escalations.payments.steps.1"]),
        ("next:primary", ["escalations.payments.steps.1"]),
        ("schedule:primary, person:ana", []),
    ],
)
def test_a_step_that_reaches_nobody_any_more_is_found(
    file: Path, notify: str, where: list[str]
) -> None:
    """Nothing is wrong with the writing: the only layer of its schedule has ended."""
    file.write_text(LONG_OVER.replace("schedule:primary", notify))
    found = tocsin("org", "check", str(file))
    assert json.loads(found.out)["reaching_nobody"] == where
    assert found.code == (Exit.REFUSED if where else Exit.DONE)
    assert ("reaches nobody in the next 60 days" in found.err) == bool(where)


WRONG = [
    ("timezone: Europe/Berlin", "timezone: Mars/Olympus", "2: timezone: must be an IANA time zone"),
    ("    layers:\n", "    timezone: Mars/Olympus\n    layers:\n", "12: schedules.primary.timezone: must be an IANA time zone"),
    ("participants: [ana, bo]", "participants: [ana, zoe]", "13: schedules.primary.layers.1.rotation.participants.2: "),
    ("participants: [ana, bo]", "participants: []", "13: schedules.primary.layers.1.rotation.participants: must name somebody"),
    ("unit: week", "unit: fortnight", "13: schedules.primary.layers.1.rotation.unit: must be one of hour, day, week, month, not 'fortnight'"),
    ("turn_length: 1", "turn_length: 0", "13: schedules.primary.layers.1.rotation.turn_length: must be a whole number from 1 to 10000"),
    ("start: 2026-01-05T09:00", "start: soon", "13: schedules.primary.layers.1.rotation.start: must be a moment such as 2026-01-05T09:00"),
    ("rotation: {", "rotaton: {", "13: schedules.primary.layers.1.rotaton: is not a field here; allowed: name, priority, timezone, users, rotation,"),
    ("members: [ana, bo]", "members: []", "16: catch_all.notify: reaches nobody"),
    ("[schedule:primary]", "[schedule:secondary]", "15: escalations.payments.steps.1.notify.1: no schedule of this file is called secondary"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "said"), WRONG)
def test_what_is_wrong_with_a_schedule_or_a_step_names_line_field_and_what_is_allowed(
    file: Path, right: str, wrong: str, said: str
) -> None:
    file.write_text(ORG.replace(right, wrong, 1))
    found = tocsin("org", "check", str(file))
    assert found.code == Exit.WRONG
    assert said in found.err


def test_the_difference_names_what_changes_and_who_is_on_call_differently(
    file: Path, tmp_path: Path
) -> None:
    with settings(environment(tmp_path, TOCSIN_ORG=str(file))):
        same = tocsin("org", "diff").data
        assert same["changes"] == same["on_call"] == []
        other = tmp_path / "other.yaml"
        other.write_text(OTHER)
        found = tocsin("org", "diff", str(other)).data
    changes = {(c["how"], c["what"], c["name"]): c["fields"] for c in found["changes"]}
    assert changes["changed", "person", "bo"] == ["timezone"]
    assert ("added", "person", "cy") in changes
    assert 4 <= len(found["on_call"]) <= 5  # every other week of sixty days
    assert all((d["before"], d["after"]) == (["bo"], ["ana"]) for d in found["on_call"])


OFFICE_HOURS = ORG.replace(
    "participants: [ana, bo]}}",
    'participants: [ana, bo]}, restrictions: [{days: [MO], start: "09:00", end: "17:00"}]}',
)
WITHOUT_BO = (
    ORG.replace("  bo: {name: Bo Chen}\n", "")
    .replace("[ana, bo]", "[ana]")
    .replace("  ana: {", "  cy: {name: Cy}\n  ana: {")
)


def test_the_difference_shows_where_the_change_leaves_nobody(file: Path, tmp_path: Path) -> None:
    with settings(environment(tmp_path, TOCSIN_ORG=str(file))):
        assert tocsin("org", "diff").data["gaps"] == []
        other = tmp_path / "other.yaml"
        other.write_text(OFFICE_HOURS)
        found = tocsin("org", "diff", str(other)).data["gaps"]
        assert 8 <= len(found) <= 10  # from each Monday evening to the next Monday
        assert {gap["schedule"] for gap in found} == {"primary"}
        whole = found[1]
        assert (whole["from"][11:16], whole["until"][11:16]) in {("16:00", "08:00"), ("15:00", "07:00")}  # fmt: skip
        # A gap that is there already is none that the change makes.
        file.write_text(OFFICE_HOURS)
        assert tocsin("org", "diff", str(other)).data["gaps"] == []


async def test_the_difference_counts_what_was_changed_in_chat_and_who_leaves(
    file: Path, tmp_path: Path
) -> None:
    with settings(environment(tmp_path, TOCSIN_ORG=str(file))):
        app = await build(load_settings())
        await start(app)
        now = app.clock.now()
        hours = Period(now + timedelta(days=1), now + timedelta(days=2))

        def overridden(uow: UnitOfWork) -> None:
            ana = actor_of(uow, "console", Speaker("ana", "ana"))
            override(uow, ana, "primary", PersonId("bo"), hours)

        await app.memory.write(overridden)
        other = tmp_path / "other.yaml"
        other.write_text(OTHER)  # ana alone, but for the override, which stays
        kept = (await beside("org", "diff", str(other))).data
        assert kept["left"] == kept["gaps"] == []
        assert all(
            d["until"] <= hours.start.isoformat() or d["from"] >= hours.end.isoformat()
            for d in kept["on_call"]
        )

        other.write_text(WITHOUT_BO)
        answer = await beside("org", "diff", str(other))
        wanted = {"schedule": "primary", "from": hours.start.isoformat(), "until": hours.end.isoformat()}  # fmt: skip
        assert answer.data["left"] == [{**wanted, "person": "bo"}]
        assert answer.data["gaps"] == [wanted], "somebody who has left is nobody"
        await stop(app)


async def test_applied_beside_a_bot_it_counts_at_once_and_after_a_restart(
    file: Path, tmp_path: Path
) -> None:
    with settings(environment(tmp_path, TOCSIN_ORG=str(file))):
        app = await build(load_settings())
        await start(app)
        assert (await beside("declare", "x", "--as", "cy")).code == Exit.REFUSED
        file.write_text(OTHER)
        applied = await beside("org", "apply", "--yes")
        assert applied.data["applied"] is True
        assert (await beside("declare", "x", "--as", "cy")).code == Exit.DONE
        assert (await beside("org", "apply")).data["applied"] is False
        await stop(app)
        again = await build(load_settings())
        assert "cy" in again.org.people
        await stop(again)


async def test_another_replica_adopts_it_and_an_old_file_does_not_come_back_by_a_restart(
    file: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.yaml"
    old.write_text(ORG)
    address = fresh_postgres()
    first = environment(tmp_path / "one", TOCSIN_ORG=str(file), DATABASE_URL=address)
    second = environment(tmp_path / "two", TOCSIN_ORG=str(old), DATABASE_URL=address)
    (tmp_path / "one").mkdir()
    with settings(second), pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path / "one")
        other = await build(load_settings(second))
        await start(other)
        file.write_text(OTHER)
        with settings(first):
            assert (await beside("org", "apply", "--yes")).code == Exit.DONE
        for _ in range(500):
            if "cy" in other.org.people:
                break
            await other.memory.read(lambda uow: uow.now)
        assert "cy" in other.org.people
        await stop(other)
        late = await build(load_settings(second))
        assert "cy" in late.org.people
        await stop(late)


def test_how_duty_is_shared_out_over_any_period(file: Path, tmp_path: Path) -> None:
    with settings(environment(tmp_path, TOCSIN_ORG=str(file))):
        told = tocsin("fairness", "primary", "--from", "2026-01-05T09:00+01:00", "--until", "2026-02-02T09:00+01:00")  # fmt: skip
        shares = told.data["schedules"]["primary"]
        assert [(s["person"], s["hours"], s["nights"], s["weekends"]) for s in shares] == [
            ("ana", 336.0, 112.0, 96.0),
            ("bo", 336.0, 112.0, 96.0),
        ]
        wrong = tocsin("fairness", "--from", "2026-02-01", "--until", "2026-01-01")
        assert "The end is after the beginning" in wrong.err
