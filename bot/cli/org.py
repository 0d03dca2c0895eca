"""``tocsin org check``, ``diff`` and ``apply``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.shown import Json, say, show, table

File = Annotated[
    Path | None, typer.Argument(help="The organisation file; left out, the one of TOCSIN_ORG.")
]


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="The organisation file.")
    group.callback()(lambda: None)
    group.command()(check)
    group.command()(diff)
    group.command()(apply)
    app.add_typer(group, name="org")


def check(file: File = None, as_json: Json = False) -> None:
    """Read the file, and say every mistake with its line and what is allowed."""
    from bot.org import load_org

    path = _path(file)
    org = load_org(path)
    kinds = ("people", "teams", "services", "schedules", "policies", "components")
    counts = {kind: len(getattr(org, kind)) for kind in kinds}
    words = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    answer = {"file": str(path), "organisation": org.name, **counts}
    show(answer, as_json, lambda: typer.echo(f"{path} is right. {org.name}: {words}."))


def diff(file: File = None, as_json: Json = False) -> None:
    """What applying it would change, and who would be on call differently in the next 60 days."""
    from bot.cli.reach import ask

    answer = ask("org_diff", **_sent(_path(file)))
    show(answer, as_json, lambda: _shown(answer))


def apply(
    file: File = None,
    yes: Annotated[bool, typer.Option("--yes", help="Without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Show the difference, then make it the organisation: at once, in every replica, without a restart."""
    from bot.cli.reach import ask, do

    sent = _sent(_path(file))
    answer = ask("org_diff", **sent)
    if not yes and sys.stdin.isatty():
        _shown(answer)
        typer.confirm("Apply?", abort=True)
    answer |= do("org_apply", **sent)
    word = "Applied." if answer["applied"] else "That is the applied one already."
    show(answer, as_json, lambda: say(word))


def _path(file: Path | None) -> Path:
    from bot.office import Refusal
    from bot.settings import load_settings

    named = file or load_settings().org_path
    if not named:
        raise Refusal("Name the organisation file, or set TOCSIN_ORG to it.")
    return Path(named)


def _sent(path: Path) -> dict[str, str]:
    """The file's text, checked here first: a mistake is said with its line, and nothing is asked."""
    from bot.org import load_org

    load_org(path)
    return {"text": path.read_text(encoding="utf-8-sig"), "name": path.name}


def _shown(answer: dict[str, Any]) -> None:
    rows = [(c["how"], c["what"], c["name"], ", ".join(c["fields"])) for c in answer["changes"]]
    table(("", "What", "Name", "Fields"), rows, "Nothing differs.")
    duty = [
        (*_hours(d), ", ".join(d["before"]) or "nobody", ", ".join(d["after"]) or "nobody")
        for d in answer["on_call"]
    ]
    columns = ("Schedule", "From (UTC)", "Until (UTC)", "On call now", "On call then")
    table(columns, duty, "Nobody is on call differently in the next 60 days.")
    if answer["more_on_call"]:
        typer.echo(f"… and {answer['more_on_call']} more.")
    if answer["gaps"]:
        typer.echo("Nobody would be on call where somebody is now:")
        table(("Schedule", "From (UTC)", "Until (UTC)"), [_hours(g) for g in answer["gaps"]], "")
    if answer["left"]:
        typer.echo("Who leaves would still be on call, by what was changed in chat:")
        left = [(*_hours(each), each["person"]) for each in answer["left"]]
        table(("Schedule", "From (UTC)", "Until (UTC)", "Who"), left, "")


def _hours(entry: dict[str, Any]) -> tuple[str, str, str]:
    return (entry["schedule"], *(entry[at][:16].replace("T", " ") for at in ("from", "until")))
