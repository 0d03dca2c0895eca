"""One of every card and form that people see, with the worst of contents among them: for golden files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.accounts.home_cards import home_card
from bot.core.chat import replies
from bot.core.chat.card import Card, Form, Step, StepState
from bot.core.chat.codec import card_json
from bot.core.incident import Incident, IncidentId, Major, Mode, Role, Status
from bot.core.people import PersonId
from bot.core.severity import Severity
from bot.incidents.cards import Facts, PageFact, RoomFact, announcement, room_card
from bot.incidents.lists import declared
from bot.language.forms import form_of
from bot.language.outcomes import Incomplete
from bot.language.spec import INCIDENT
from bot.language.table import all_commands
from bot.paging.cards import page_card, unreached
from bot.postmortems.cards import debrief_in_room
from bot.statuspage.cards import begun_card, ended_card, ending_card, list_card, preview_card
from bot.statuspage.maintenance import Maintenance, MaintenanceId, Phase, Told
from bot.tasks.model import Horizon, Task, TaskId
from bot.warrooms.words import OCCASIONS

AT = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
ANA, BO = PersonId("ana"), PersonId("bo")
NASTY = "Checkout <!channel> & @here *is* `down`"

INCIDENT_ = Incident(
    IncidentId(42),
    NASTY,
    BO,
    AT,
    Status.INVESTIGATING,
    Severity.SEV1,
    roles={Role.COMMANDER: ANA},
    times={Status.INVESTIGATING: AT},
    next_update_at=AT + timedelta(minutes=20),
    call_url="https://meet.example/$reference-x",
    summary="Cards are refused.",
    impact="Everyone who pays by card",
)
FACTS = Facts(
    INCIDENT_,
    {ANA: "Ana Lima", BO: "Bo Chen"},
    ("checkout", "database"),
    (RoomFact("slack", "C0ROOM", "inc-42-checkout", "https://acme.slack.com/archives/C0ROOM"),),
    (PageFact(1, "triggered", (BO,)),),
    open_tasks=2,
    last_update="Failing over.\nErrors fall.",
)
_PLAN = (
    Step("War room", StepState.DONE),
    Step("Invites", StepState.RETRYING, "Slack is slow"),
    Step("Pin", StepState.FAILED, "the Slack app lacks the scope pins:write"),
    Step("Topic", StepState.WAITING),
)
_WORDS: Mapping[str, str | int] = {
    "text": "What happened, & what to do.", "url": "https://tocsin.test/incidents/INC-42",
    "by": "Bo Chen", "role": "commander", "at": "2026-01-09T14:00:00+00:00",
    "who": "ana", "name": "Ana Lima", "late": 2, "card": card_json(replies.done(NASTY)),
}  # fmt: skip


# What is asked while something is missing.
_ASKING = ("lead", "severity", "role")


def cards() -> Mapping[str, Card]:
    """By name. The names are the golden files'."""
    quiet = Facts(replace(INCIDENT_, severity=None, roles={}, mode=Mode.TEST), FACTS.names)
    over = replace(
        FACTS, incident=replace(INCIDENT_, status=Status.RESOLVED), draft_url="https://t.test/d"
    )
    task = Task(TaskId(1), IncidentId(42), 3, Horizon.TASK, "Fail over", BO, AT, BO, AT)
    made = {
        "card": room_card(FACTS),
        "card-quiet": room_card(quiet),
        "card-resolved": room_card(over),
        "card-in-trouble": room_card(replace(FACTS, plan=_PLAN)),
        "announcement": announcement(FACTS),
        "declared": declared(FACTS, []),
        "home": home_card([FACTS], [task], ["payments-primary"]),
        "home-empty": home_card([], [], []),
        "page": page_card(FACTS, 1, "Please look", FACTS.pages[0], repeat="(repeat)"),
        "page-to-catch-all": page_card(FACTS, 1, "", replace(FACTS.pages[0], state="unreached")),
        "unreached": unreached(FACTS, replace(FACTS.pages[0], state="unreached")),
        "refusal": replies.refusal("Only admins can redact. Ask Ana Lima."),
        "fault": replies.fault("1a2b3c4d"),
        "pending": replies.pending(),
        "not-recorded": replies.not_recorded("/incident declare a < b"),
        "unknown": replies.unknown("/incident declare a < b"),
        "question": replies.question("Which did you mean?", [("Declare", "declare x"), ("Search", "search x")]),
        "done": replies.done("Added to the timeline."),
    }  # fmt: skip
    made |= _maintenance()
    lacking = replace(FACTS, incident=replace(INCIDENT_, severity=None, roles={}, major=Major.YES))
    for name, make in OCCASIONS.items():
        made[f"occasion-{name}"] = make(lacking if name in _ASKING else FACTS, _WORDS)
    made["occasion-debrief"] = debrief_in_room(
        FACTS.incident, datetime.fromisoformat(str(_WORDS["at"])), FACTS.draft_url
    )
    return {**made, "answered-lead": OCCASIONS["lead"](FACTS, _WORDS)}


def _maintenance() -> Mapping[str, Card]:
    told = Told("u1", Phase.SCHEDULED, "Planned work on Checkout.", AT)
    planned = Maintenance(
        MaintenanceId(3), "m1", NASTY, ("checkout",), AT, AT + timedelta(hours=1), BO, AT, updates=(told,)
    )  # fmt: skip
    going = replace(planned, phase=Phase.IN_PROGRESS)
    return {
        "maintenance-preview": preview_card(planned, ["Checkout"], "maintenance x --now"),
        "maintenance-list": list_card([going, planned]),
        "maintenance-begun": begun_card(going),
        "maintenance-ending": ending_card(going),
        "maintenance-ended": ended_card(going),
    }


def forms() -> Mapping[str, Form]:
    """The form of every command that has arguments, as it opens when nothing was said."""
    found = {}
    for command in all_commands().commands:
        if command.args:
            outcome = Incomplete(command, {INCIDENT: 42}, command.args)
            found[f"form-{command.group}-{command.name}"] = form_of(outcome)
    return found
