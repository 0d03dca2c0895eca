"""The grammar by its sentences, in and out of rooms; and arbitrary text, on which it never acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.chat.vocabulary import Group
from bot.language.outcomes import Ambiguous, Incomplete, NeedsRoom, Outcome, Parsed, Unsure
from bot.language.reading.grammar import parse
from bot.language.reading.lexicon import OrgLexicon, Words
from bot.language.reading.writing import written
from bot.language.spec import INCIDENT
from bot.language.table import all_commands
from bot.org import parse_org
from tests.bot.language.sentences import NOW, ROOM, read


def told(outcome: Outcome) -> str:  # noqa: PLR0911 - one case an outcome
    """An outcome in a few words, for the table: the verb and its values."""
    match outcome:
        case Parsed(command=command, values=values):
            return written(command, values)
        case Incomplete(command=command, missing=missing):
            return f"form {command.name}: {' '.join(arg.name for arg in missing)}"
        case NeedsRoom(command=command):
            return f"which incident? {command.name}"
        case Ambiguous(choices=choices):
            return f"whom? {' '.join(str(choice) for choice in choices)}"
        case Unsure():
            return "unsure"
        case _:
            return outcome.text


@dataclass(frozen=True)
class Case:
    said: str
    outside: str
    in_room: str = ""

    @property
    def inside(self) -> str:
        return self.in_room or self.outside


TABLE = [
    # titles and their options
    Case("declare checkout is down", 'declare "checkout is down"'),
    Case("new checkout is down", 'declare "checkout is down"'),
    Case("create checkout is down", 'declare "checkout is down"'),
    Case("declare sev1", 'declare "sev1"'),
    Case('declare "sev1" sev2', 'declare "sev1" sev2'),
    Case("declare a #nope", 'declare "a #nope"'),
    Case("declare @bo cannot log in", 'declare "@bo cannot log in"'),
    Case("declare checkout is down sev1 #checkout", 'declare "checkout is down" sev1 #checkout'),
    Case("declare checkout is down P2", 'declare "checkout is down" sev2'),
    Case("declare down #checkout #database @ana", 'declare "down" #checkout #database @ana'),
    Case("declare down sev2 today", 'declare "down sev2 today"'),
    Case("declare leak --private", 'declare "leak" --private'),
    Case("declare leak \u2014private", 'declare "leak" --private'),
    Case("declare drill \u2013test sev5", 'declare "drill" sev5 --test'),
    Case("declare down sev1 sev3", 'declare "down" sev3'),
    Case("declare don't panic sev3", 'declare "don\'t panic" sev3'),
    Case("declare \u201cpay down\u201d sev1", 'declare "pay down" sev1'),
    Case("declare 'quoted' by apostrophes", "declare \"'quoted' by apostrophes\""),
    Case("declare --nope", 'declare "--nope"'),
    Case("declare list", 'declare "list"'),
    Case("declare the \"big\" one sev1", 'declare ⟦the "big" one⟧ sev1'),
    Case("declare @nobody is here @ana", 'declare "@nobody is here" @ana'),
    Case("declare", "form declare: title"),
    Case("", "form declare: title"),
    # real titles begin with verbs
    Case("search is down", "unsure"),
    Case("page load slow", "unsure"),
    Case("close to disk limit", "unsure"),
    Case("status page 500s", "unsure"),
    Case("task queue stuck", "unsure", 'task INC-7 "queue stuck"'),
    Case("checkout is down", "unsure"),
    Case("update service crashes", "unsure"),
    Case("lead generation is broken", "unsure"),
    Case("list of orders is empty", "unsure"),
    Case("resolved hosts are wrong", "unsure"),
    Case("note taking app down", "unsure", 'note INC-7 "taking app down"'),
    Case("join queries time out", "unsure"),
    Case("decalre checkout is down", "unsure"),
    Case("merge queue stuck", "unsure"),
    Case("major outage in the eu", "unsure"),
    Case("pause button broken", "unsure"),
    Case("accept header rejected", "unsure"),
    Case("link is broken", "unsure"),
    Case("time out on login", "unsure"),
    Case("brief outage of search", "unsure"),
    Case("similar names collide", "unsure"),
    Case("decline rate is up", "unsure", 'decline INC-7 "rate is up"'),
    Case("declare it was slow --retrospective", 'declare "it was slow" --retrospective'),
    Case("declare odd mails --triage sev4", 'declare "odd mails" sev4 --triage'),
    # triage, pauses, and what is alike
    Case("accept", "which incident? accept", "accept INC-7"),
    Case('decline "a test"', "which incident? decline", 'decline INC-7 "a test"'),
    Case("decline", "which incident? decline", "form decline: why"),
    Case("merge INC-41", "which incident? merge", "merge INC-7 INC-41"),
    Case("merge INC-40 INC-41", "merge INC-40 INC-41"),
    Case("merge", "which incident? merge", "form merge: into"),
    Case('pause "for the vendor"', "which incident? pause", 'pause INC-7 "for the vendor"'),
    Case("resume INC-3", "resume INC-3"),
    Case("major", "which incident? major", "major INC-7"),
    Case("major off", "which incident? major", "major INC-7 off"),
    Case("similar", "which incident? similar", "similar INC-7"),
    Case("catchup INC-3", "catchup INC-3"),
    Case("brief", "which incident? brief", "brief INC-7"),
    Case("brief customer", "which incident? brief", "brief INC-7 customer"),
    Case("redact 12", "which incident? redact", "redact INC-7 12"),
    Case("link https://x.example/a", "which incident? link", "link INC-7 https://x.example/a"),
    Case("subscribe INC-3", "subscribe INC-3"),
    Case("role scribe", "which incident? role", "role INC-7 scribe"),
    # afterwards
    Case("debrief", "which incident? debrief", "debrief INC-7"),
    Case("debrief fri 14:00", "which incident? debrief", "debrief INC-7 2026-03-06T13:00:00+00:00"),
    Case("debrief INC-3", "debrief INC-3"),
    Case("debrief was boring", "unsure"),
    Case("export", "which incident? export", "export INC-7"),
    Case("export INC-42", "export INC-42"),
    Case("export of orders fails", "unsure"),
    # looking
    Case("list", "list"),
    Case("list --mine", "list --mine"),
    Case("list --all", "list --all"),
    Case("show INC-42", "show INC-42"),
    Case("show inc-42", "show INC-42"),
    Case("show", "which incident? show", "show INC-7"),
    Case("search card payments", 'search "card payments"'),
    Case("search", "form search: words"),
    Case("timeline", "which incident? timeline", "timeline INC-7"),
    # the life cycle
    Case("status identified", "which incident? status", "status INC-7 identified"),
    Case("status INC-3 identified", "status INC-3 identified"),
    Case("mitigated", "which incident? status", "status INC-7 monitoring"),
    Case("fixed", "which incident? status", "status INC-7 resolved"),
    Case("resolved INC-9", "status INC-9 resolved"),
    Case("status", "which incident? status", "form status: status"),
    Case("sev 2", "which incident? sev", "sev INC-7 sev2"),
    Case("sev2", "which incident? sev", "sev INC-7 sev2"),
    Case("p1", "which incident? sev", "sev INC-7 sev1"),
    Case("sev2 INC-9", "sev INC-9 sev2"),
    Case("sev2 of INC-9", "unsure"),
    Case("sev 9", "unsure"),
    Case("close", "which incident? close", "close INC-7"),
    Case("reopen INC-5", "reopen INC-5"),
    Case("cancel", "which incident? cancel", "cancel INC-7"),
    Case('title "Card payments fail"', "which incident? title", 'title INC-7 "Card payments fail"'),
    # people
    Case("lead", "which incident? lead", "lead INC-7"),
    Case("lead @ana", "which incident? lead", "lead INC-7 @ana"),
    Case("lead @nobody", "unsure"),
    Case("role comms @bo", "which incident? role", "role INC-7 communications @bo"),
    Case("handoff scribe @cy", "which incident? handoff", "handoff INC-7 scribe @cy"),
    Case("role", "which incident? role", "form role: role"),
    Case("invite @ana @payments", "which incident? invite", "invite INC-7 @ana @payments"),
    # writing down
    Case(
        'update monitoring "Errors are back to normal"',
        "which incident? update",
        'update INC-7 monitoring "Errors are back to normal"',
    ),
    Case("update", "which incident? update", "form update: text"),
    Case('update "Failing over" next 20m', "which incident? update"),
    Case('note "CPU went up" at 14:32', "which incident? note"),
    Case('note INC-3 "CPU went up"', 'note INC-3 "CPU went up"'),
    Case("decision roll back", "unsure", 'decision INC-7 "roll back"'),
    # work
    Case('task "Fail over" @bo 30m', "which incident? task", 'task INC-7 "Fail over" @bo 1800s'),
    Case("task Fail over @bo 30m", "unsure", 'task INC-7 "Fail over" @bo 1800s'),
    Case("task 30m of data lost", "unsure", 'task INC-7 "30m of data lost"'),
    Case("untotask", "which incident? untotask", "untotask INC-7"),
    Case("publish draft", "which incident? publish", "publish INC-7 draft"),
    Case("statuspage", "which incident? publish", "publish INC-7"),
    Case("maintenance", "maintenance"),
    Case("maintenance plan", "maintenance plan"),
    Case("maintenance end 3", "maintenance end 3"),
    Case("maintenance page is down", "unsure"),
    Case('maintenance "Upgrade" fri 22:00-23:00 #checkout', 'maintenance "Upgrade" #checkout 2026-03-06T21:00:00+00:00/2026-03-06T22:00:00+00:00'),
    Case('maintenance "Upgrade" from fri 22:00 to 23:00', 'maintenance "Upgrade" 2026-03-06T21:00:00+00:00/2026-03-06T22:00:00+00:00'),
    Case("search slow", 'search "slow"'),
    Case("done 3", "which incident? done", "done INC-7 3"),
    Case("done", "which incident? done", "form done: number"),
    Case('followup "Alert on disk" @bo p2', "which incident? followup"),
    # who is woken is never guessed
    Case("page person:ana", "which incident? page", "page INC-7 person:ana"),
    Case("page ana", "which incident? page", "page INC-7 person:ana"),
    Case("page team:payments", "which incident? page", "page INC-7 team:payments"),
    Case('page checkout "orders fail"', "which incident? page", 'page INC-7 service:checkout "orders fail"'),
    Case("page nobody", "unsure"),
    Case("page", "which incident? page", "form page: who"),
    Case("ack", "ack"),
    Case("ack 17", "ack 17"),
    Case("repair", "which incident? repair", "repair INC-7"),
]  # fmt: skip


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.said or "(nothing)")
def test_out_of_a_room(case: Case) -> None:
    assert told(read(case.said)) == case.outside


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.said or "(nothing)")
def test_in_a_room(case: Case) -> None:
    outcome = told(read(case.said, ROOM))
    if case.outside.startswith("which incident?") and not case.in_room:
        assert outcome.startswith(case.said.split()[0])
    else:
        assert outcome == case.inside


def test_the_table_is_long_enough() -> None:
    assert len(TABLE) >= 60


@pytest.mark.parametrize("command", all_commands().commands, ids=lambda c: c.name)
def test_every_example_of_every_command_reads_as_that_command(command: object) -> None:
    for example in command.examples:  # type: ignore[attr-defined]
        outcome = read(example, ROOM, command.group)  # type: ignore[attr-defined]
        assert isinstance(outcome, Parsed), f"{example}: {told(outcome)}"
        assert outcome.command is command


def test_a_time_is_read_in_the_speakers_zone() -> None:
    outcome = read('note "CPU went up" at 14:32', ROOM)
    assert isinstance(outcome, Parsed)
    assert outcome.values["at"] == datetime(2026, 3, 3, 13, 32, tzinfo=UTC), "Berlin is an hour on"
    outcome = read('update "Failing over" next 20m', ROOM)
    assert isinstance(outcome, Parsed)
    assert outcome.values["next"] == NOW + timedelta(minutes=20)


def test_an_unknown_service_offers_services() -> None:
    outcome = read("declare it is down #chekout")
    assert isinstance(outcome, Parsed)
    assert outcome.remarks[0].services[0] == "checkout"


def test_a_second_severity_is_remarked_on() -> None:
    outcome = read("declare it is down sev1 sev3")
    assert isinstance(outcome, Parsed)
    assert outcome.remarks[0].text == "SEV1 was given too; SEV3 was taken."


def test_a_bare_name_that_several_bear_is_asked_about() -> None:
    text = "organisation: A\npeople: {pay: {name: P}}\nteams: {pay: {members: [pay]}}\ncatch_all: {notify: [team:pay]}"
    org = parse_org(text, "o")
    known = OrgLexicon(Words().of(org), lambda name: None, ROOM, NOW, UTC)
    outcome = parse("page pay", Group.INCIDENT, all_commands(), known)
    assert isinstance(outcome, Ambiguous)
    assert [str(choice) for choice in outcome.choices] == ["person:pay", "team:pay"]


def test_a_mistyped_verb_is_offered() -> None:
    outcome = read("timelin")
    assert isinstance(outcome, Unsure)
    assert [s.command for s in outcome.suggestions] == ["declare timelin", "timeline"]


def test_an_incident_is_always_named_by_a_command_of_a_room() -> None:
    outcome = read("close", ROOM)
    assert isinstance(outcome, Parsed)
    assert outcome.values[INCIDENT] == ROOM
