"""``tocsin org check``, ``diff`` and ``apply``."""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.exits import Exit
from bot.cli.shown import Json, say, show, table

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

File = Annotated[
    Path | None, typer.Argument(help="The organisation file; left out, the one of TOCSIN_ORG.")
]


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="The organisation file.")
    group.callback()(lambda: None)
    group.command()(check)
    group.command()(diff)
    group.command()(apply)
    group.command()(calendar)
    app.add_typer(group, name="org")


def check(file: File = None, as_json: Json = False) -> None:
    """Read the file, and say every mistake with its line and what is allowed.

    Ends with code 1 when it is well written and a step of a policy would still reach nobody for 60 days.
    """
    from bot.org import load_org
    from bot.paging.silence import silent
    from bot.wiring.clock import SystemClock

    path = _path(file)
    org = load_org(path)
    kinds = ("people", "teams", "services", "schedules", "policies", "components")
    counts = {kind: len(getattr(org, kind)) for kind in kinds}
    words = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    now = SystemClock().now()
    nobody = list(silent(org, now, now + timedelta(days=60)))
    answer = {"file": str(path), "organisation": org.name, **counts, "reaching_nobody": nobody}
    good = f"{path} is {'well written' if nobody else 'right'}. {org.name}: {words}."
    show(answer, as_json, lambda: typer.echo(good))
    for where in nobody:
        say(f"{path.name}: {where}: reaches nobody in the next 60 days; name a person, or mend the schedule.")  # fmt: skip
    if nobody:
        sys.exit(Exit.REFUSED)


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


def calendar(
    rota: Annotated[Path, typer.Argument(help="A calendar file (.ics); an event a shift.")],
    schedule: Annotated[str, typer.Argument(help="What the schedule is to be called.")],
    since: Annotated[str, typer.Option("--from", help="2026-01-01; today when not said.")] = "",
    until: Annotated[str, typer.Option(help="2027-01-01; a year later when not said.")] = "",
    file: Annotated[Path | None, typer.Option("--org", help="The organisation file.")] = None,
) -> None:
    """Print a calendar's shifts as a schedule to put into the organisation file. Changes nothing.

    An event is for its attendees by e-mail, or for whom its title names; what names nobody is said.
    """
    from zoneinfo import ZoneInfo

    import yaml

    from bot.admin.desk import Refusal
    from bot.oncall.engine.schedule import FixedPeriod, FixedShift, Schedule
    from bot.org import load_org
    from bot.organisation.schedules.printer import print_schedule
    from handlers.oncall import calendars

    org = load_org(_path(file))
    start, end = _period(since, until, ZoneInfo(org.timezone))
    try:
        body = rota.read_bytes()
    except OSError as error:
        raise Refusal(f"{rota} cannot be read: {error.strerror}.") from None
    found = calendars.rota(body, org.people, start, end, ZoneInfo(org.timezone))
    fixed = FixedPeriod(start, end, tuple(FixedShift(*shift) for shift in found.shifts))
    made = print_schedule(Schedule(org.timezone, (), (fixed,)))
    typer.echo(yaml.safe_dump({"schedules": {schedule: made}}, sort_keys=False, allow_unicode=True))
    say(f"{len(found.shifts)} shifts.")
    for title in found.unknown:
        say(f"Nobody of the organisation: {title}")


def _period(since: str, until: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Midnights of ``zone``, as instants."""
    from bot.admin.desk import Refusal
    from bot.core.times.wallclock import first, reading
    from bot.wiring.clock import SystemClock

    try:
        today = reading(SystemClock().now(), zone).date()
        start = date.fromisoformat(since) if since else today
        end = date.fromisoformat(until) if until else start + timedelta(days=365)
    except ValueError:
        raise Refusal("Write days as 2026-01-31.") from None
    if end <= start:
        raise Refusal("The end is after the beginning.")
    midnights = (datetime.combine(day, time()) for day in (start, end))
    begin, finish = (first(each, zone) for each in midnights)
    return begin, finish


def _path(file: Path | None) -> Path:
    from bot.admin.desk import Refusal
    from bot.settings.loading import load_settings

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
