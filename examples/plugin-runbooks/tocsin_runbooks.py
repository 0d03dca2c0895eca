"""An example of a plug-in: the runbooks of what is affected stand on the incident's card, and can be asked for.

pip install ./examples/plugin-runbooks     # into the environment that Tocsin runs in, then restart it
"""

from __future__ import annotations

from bot.core.chat.card import Bullets, Link, Strong, text
from bot.core.severity import Severity
from bot.core.timeline import Kind
from bot.incidents.events import Declared, ServicesChanged, SeverityChanged
from bot.plugins.api import Answer, Plugin, Snapshot, Verb

TASK = "Follow the runbook"


def runbooks(snapshot: Snapshot) -> list[tuple[str, str]]:
    """(service, address) of each runbook of what is affected."""
    affected = snapshot.incident.services if snapshot.incident else ()
    known = [snapshot.services[name] for name in affected if name in snapshot.services]
    return [(service.id, address) for service in known for address in service.runbooks]


def card(snapshot: Snapshot) -> list[Bullets]:
    """The slot on the incident's card."""
    found = runbooks(snapshot)
    return (
        [Bullets(tuple((Strong("Runbook "), Link(name, url)) for name, url in found))]
        if found
        else []
    )


def asked(snapshot: Snapshot) -> Answer:
    """The command /incident runbook."""
    found = card(snapshot)
    return Answer(found or [text("None of what is affected has a runbook.")], "Runbooks")


def heard(snapshot: Snapshot) -> Answer:
    """For the worst incidents the runbook is a task, once."""
    incident = snapshot.incident
    there = any(e.kind is Kind.TASK and e.text == TASK for e in snapshot.timeline)
    if (
        incident is None
        or incident.severity is not Severity.SEV1
        or there
        or not runbooks(snapshot)
    ):
        return Answer()
    return Answer(
        [text("SEV1: follow the runbook.")], "Runbooks", [f'task {incident.reference} "{TASK}"']
    )


PLUGIN = Plugin(
    "runbooks",
    hears=(Declared, SeverityChanged, ServicesChanged),
    heard=heard,
    card=card,
    verbs=(Verb("runbook", "The runbooks of what is affected.", ("runbook",), asked),),
)
