"""``tocsin declare``, ``say``, ``incidents``, ``show`` and ``export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.reach import Reach, ask, do, reaching
from bot.cli.shown import As, Json, Which, counting, say, show, table


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
    private: Annotated[bool, typer.Option("--private", help="Only for those invited.")] = False,
    test: Annotated[bool, typer.Option("--test", help="A drill: nobody outside is told.")] = False,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Open an incident: recorded, then paged and given its rooms, with a bot running or without."""
    severity = f"sev{sev}" if sev.isdigit() else sev
    answer = do(
        "declare",
        title=" ".join(title),
        severity=severity,
        services=" ".join(service or []),
        lead=lead,
        private=private,
        test=test,
        **{"as": who},
    )
    show(answer, as_json, lambda: typer.echo(answer["text"]))


def tell(
    words: Annotated[list[str], typer.Argument(help="What would follow /incident in chat.")],
    who: As = "",
    oncall: Annotated[bool, typer.Option("--oncall", help="What would follow /oncall.")] = False,
    as_json: Json = False,
) -> None:
    """Anything that chat understands: tocsin say update INC-42 monitoring '"Failing over"'."""
    answer = do(
        "say", text=" ".join(words), group="oncall" if oncall else "incident", **{"as": who}
    )
    show(answer, as_json, lambda: typer.echo(answer["text"]))


def listed(
    words: Annotated[list[str] | None, typer.Argument(help="Only with these words.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    mine: Annotated[bool, typer.Option("--mine", help="Those that --as is in.")] = False,
    limit: Annotated[int, typer.Option(help="At most this many, newest first.")] = 50,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Incidents: the open ones, or all, or those with some words."""
    which = "mine" if mine else "all" if every or words else "open"
    answer = ask("incidents", which=which, words=" ".join(words or []), limit=limit, **{"as": who})
    columns = ("", "Severity", "Status", "Services", "Declared (UTC)", "Title")
    rows = [
        (i["reference"], i["severity"], i["status"], ", ".join(i["services"]),
         i["declared_at"][:16].replace("T", " "), i["title"])
        for i in answer["incidents"]
    ]  # fmt: skip
    show(answer, as_json, lambda: table(columns, rows, "None."))


def one(incident: Which, who: As = "", as_json: Json = False) -> None:
    """One incident: what its card says, its rooms, its plan."""
    answer = ask("show", incident=incident, **{"as": who})
    show(answer, as_json, lambda: typer.echo(answer["text"]))


def export(
    incident: Annotated[str, typer.Argument(help="INC-42, its number, or all.")],
    form: Annotated[str, typer.Option("--format", help="json, md or html.")] = "json",
    to: Annotated[Path | None, typer.Option(help="A file; with all, a folder.")] = None,
    everything: Annotated[
        bool,
        typer.Option("--everything", help="Private incidents, too. They are yours to guard then."),
    ] = False,
    who: As = "",
) -> None:
    """The whole record of an incident, or of each: everything kept of it that the reader may see."""
    named = {"format": form, "everything": everything, "as": who}
    if incident == "all":
        if to is None:
            raise typer.BadParameter("exporting all needs a folder: --to exports/")
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        count = reaching(lambda found: _every(found, to, named))
        say(f"{count} incidents written to {to}.")
        return
    text = ask("record", incident=incident, **named)["text"]
    if to is None:
        typer.echo(text, nl=False)
    else:
        to.write_text(text, encoding="utf-8")
        say(f"Written to {to}.")


async def _every(found: Reach, folder: Path, named: dict[str, Any]) -> int:
    listing = (await found.ask("references", named))["incidents"]
    with counting("Exporting", len(listing)) as done:
        for at, incident in enumerate(listing, start=1):
            answer = await found.ask("record", {**named, "incident": incident})
            name = f"{answer['reference']}.{named['format']}"
            (folder / name).write_text(answer["text"], encoding="utf-8")
            done(at)
    return len(listing)
