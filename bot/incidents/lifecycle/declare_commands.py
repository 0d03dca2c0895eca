"""Declaring: one title is enough, and nothing that was typed is lost."""

from __future__ import annotations

from dataclasses import replace

from bot.core.chat.card import Button, Buttons, Form, Need
from bot.core.chat.replies import done
from bot.core.chat.vocabulary import Reply
from bot.core.incident import Mode, Status, Visibility
from bot.core.people import PersonId
from bot.core.severity import Severity
from bot.core.slots import DECLARED_ANSWER
from bot.incidents.facts import short_facts
from bot.incidents.lifecycle.service import Declare, declare, set_services
from bot.incidents.lists import alike_of, declared
from bot.incidents.notes.captures import capture
from bot.incidents.reads import similar
from bot.language.call import Call
from bot.language.forms import inputs_of, priority_inputs
from bot.language.spec import Access, Arg, ArgKind, Bare, Command, Native, Place, Values, Who


def _declare(call: Call) -> Reply:
    lead = call.given("lead", str)
    command = Declare(
        call.needed("title", str),
        call.given("severity", Severity),
        call.given("services", tuple) or (),
        None if lead is None else PersonId(lead),
        Visibility.PRIVATE if call.values.get("private") else Visibility.PUBLIC,
        _mode(call),
        status=Status.TRIAGE if call.values.get("triage") else Status.INVESTIGATING,
    )
    incident = declare(call.uow, call.actor, command)
    if call.invocation.source is not None and call.invocation.quoted.strip():
        capture(call.uow, call.actor, incident.id, call.invocation)
    alike = similar(call.uow, incident, call.actor.viewer) if incident.is_open else ()
    card = declared(short_facts(call.uow, incident), [alike_of(each) for each in alike])
    card = replace(
        card, blocks=(*card.blocks, *call.uow.fill(DECLARED_ANSWER, incident, call.actor))
    )
    offers = tuple(
        Button(f"#{service}", f"services {incident.reference} #{service}")
        for remark in call.remarks
        for service in remark.services
    )
    return Reply(replace(card, blocks=(*card.blocks, Buttons(offers))) if offers else card)


def _form(command: Command, values: Values) -> Form:
    """What is wrong is enough; the rest may be left empty."""
    first = inputs_of(command, values, ("title", "severity"))
    last = inputs_of(command, values, ("services", "lead", "private", "test"))
    return Form(
        "Declare an incident", "declare", (*first, *priority_inputs(), *last), submit="Declare"
    )


def _mode(call: Call) -> Mode:
    if call.values.get("retrospective"):
        return Mode.RETROSPECTIVE
    return Mode.TEST if call.values.get("test") else Mode.STANDARD


def _services(call: Call) -> Reply:
    named = call.needed("services", tuple)
    incident = set_services(call.uow, call.actor, call.number, named)
    return Reply(done(call.now_is("services", ", ".join(incident.services))))


COMMANDS = (
    Command(
        name="declare",
        synonyms=("new", "create"),
        help="Open an incident. A title is enough.",
        who=Who.ANYONE,
        place=Place.ANYWHERE,
        access=Access.WRITE,
        native=Native.LISTED,
        bare=Bare.EMPTY,
        examples=(
            "declare checkout is down",
            "declare checkout is down sev1 #checkout",
            "declare payroll leaked --private",
        ),
        args=(
            Arg("title", ArgKind.TITLE, Need.REQUIRED, help="What is wrong"),
            Arg("severity", ArgKind.SEVERITY, help="sev1 (worst) to sev5"),
            Arg("services", ArgKind.SERVICES, help="#service"),
            Arg("lead", ArgKind.PERSON, help="@who leads"),
            Arg("private", ArgKind.FLAG, help="Only for those invited"),
            Arg("test", ArgKind.FLAG, help="A drill: nobody outside is told"),
            Arg(
                "triage", ArgKind.FLAG, help="Reported: somebody decides whether it is an incident"
            ),
            Arg("retrospective", ArgKind.FLAG, help="Written down afterwards: nobody is paged"),
        ),
        form=_form,
        run=_declare,
    ),
    Command(
        name="services",
        synonyms=("service",),
        help="Say which services are affected.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("services #checkout #database",),
        args=(Arg("services", ArgKind.SERVICES, Need.REQUIRED, help="#service"),),
        run=_services,
    ),
)
