"""``tocsin declare``, ``say``, ``incidents``, ``show`` and ``export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.reach import Reach, ask, reaching
from bot.cli.shown import As, Json, Which, counting, minute, say, show, table
from bot.core.chat.vocabulary import Group

if TYPE_CHECKING:
    from bot.admin.records import ListNumbers, RecordFormat


def register(app: typer.Typer) -> None:
    app.command()(declare)
    app.command("say")(tell)
    app.command("incidents")(listed)
    app.command("show")(one)
    app.command()(export)


def declare(
    title: Annotated[list[str], typer.Argument(help="What is wrong, as it stands.")],
    sev: Annotated[str, typer.Option(help="sev1 (worst) to sev5, or the number.")] = "",
    service: Annotated[
        list[str] | None, typer.Option(help="An affected service; again for more.")
    ] = None,
    lead: Annotated[str, typer.Option(help="Who leads: a person's key.")] = "",
    *,
    private: Annotated[bool, typer.Option("--private", help="Only for those invited.")] = False,
    test: Annotated[bool, typer.Option("--test", help="A drill: nobody outside is told.")] = False,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Open an incident: recorded, then paged and given its rooms, with a bot running or without."""
    from bot.admin.incidents import Declare
    from bot.admin.parsing import severity
    from bot.core.people import ServiceId

    asked = Declare(
        title=" ".join(title),
        severity=severity(sev),
        services=tuple(ServiceId(each) for each in service or ()),
        lead=lead,
        private=private,
        test=test,
        as_=who,
    )
    answer = ask(asked)
    show(answer, as_json, lambda: typer.echo(answer.text))


def tell(
    words: Annotated[list[str], typer.Argument(help="What would follow /incident in chat.")],
    who: As = "",
    *,
    oncall: Annotated[bool, typer.Option("--oncall", help="What would follow /oncall.")] = False,
    as_json: Json = False,
) -> None:
    """Anything that chat understands: tocsin say update INC-42 monitoring '"Failing over"'."""
    from bot.admin.incidents import Say

    group = Group.ONCALL if oncall else Group.INCIDENT
    answer = ask(Say(text=" ".join(words), group=group, as_=who))
    show(answer, as_json, lambda: typer.echo(answer.text))


def listed(
    words: Annotated[list[str] | None, typer.Argument(help="Only with these words.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    mine: Annotated[bool, typer.Option("--mine", help="Those that --as is in.")] = False,
    limit: Annotated[int, typer.Option(help="At most this many, newest first.")] = 50,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Incidents: the open ones, or all, or those with some words."""
    from bot.admin.incidents import ListIncidents, Selection

    others = Selection.ALL if every or words else Selection.OPEN
    selection = Selection.MINE if mine else others
    asked = ListIncidents(selection=selection, words=" ".join(words or ()), limit=limit, as_=who)
    answer = ask(asked)
    columns = ("", "Severity", "Status", "Services", "Declared (UTC)", "Title")
    rows = [
        (i.reference, i.severity.label if i.severity else "not set", i.status.value,
         ", ".join(i.services), minute(i.declared_at), i.title)
        for i in answer.incidents
    ]  # fmt: skip
    show(answer, as_json, lambda: table(columns, rows, "None."))


def one(incident: Which, who: As = "", *, as_json: Json = False) -> None:
    """One incident: what its card says, its rooms, its plan."""
    from bot.admin.incidents import ShowIncident
    from bot.admin.parsing import incident_id

    answer = ask(ShowIncident(incident=incident_id(incident), as_=who))
    show(answer, as_json, lambda: typer.echo(answer.text))


def export(
    incident: Annotated[str, typer.Argument(help="INC-42, its number, or all.")],
    form: Annotated[str, typer.Option("--format", help="json, md or html.")] = "json",
    to: Annotated[Path | None, typer.Option(help="A file; with all, a folder.")] = None,
    *,
    everything: Annotated[
        bool,
        typer.Option("--everything", help="Private incidents, too. They are yours to guard then."),
    ] = False,
    who: As = "",
) -> None:
    """The whole record of an incident, or of each: everything kept of it that the reader may see."""
    from bot.admin.parsing import incident_id
    from bot.admin.records import ExportRecord, ListNumbers

    chosen = _format(form)
    if incident == "all":
        if to is None:
            raise typer.BadParameter("exporting all needs a folder: --to exports/")
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        readable = ListNumbers(everything=everything, as_=who)
        count = reaching(lambda found: _every(found, to, readable, chosen))
        say(f"{count} incidents written to {to}.")
        return
    number = incident_id(incident)
    text = ask(ExportRecord(incident=number, format=chosen, everything=everything, as_=who)).text
    if to is None:
        typer.echo(text, nl=False)
    else:
        to.write_text(text, encoding="utf-8")
        say(f"Written to {to}.")


def _format(form: str) -> RecordFormat:
    """Raises ``Invalid``."""
    from bot.admin.records import RecordFormat
    from bot.core.errors import Invalid

    try:
        return RecordFormat(form)
    except ValueError:
        known = ", ".join(each.value for each in RecordFormat)
        raise Invalid(f"An export is written as {known}.") from None


async def _every(found: Reach, folder: Path, readable: ListNumbers, form: RecordFormat) -> int:
    from bot.admin.records import ExportRecord

    listing = (await found.ask(readable)).incidents
    with counting("Exporting", len(listing)) as done:
        for at, incident in enumerate(listing, start=1):
            asked = ExportRecord(
                incident=incident, format=form, everything=readable.everything, as_=readable.as_
            )
            answer = await found.ask(asked)
            name = f"{answer.reference}.{form.value}"
            (folder / name).write_text(answer.text, encoding="utf-8")
            done(at)
    return len(listing)
