"""``tocsin org check``, ``diff`` and ``apply``."""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.exits import Exit
from bot.cli.shown import Json, data, minute, say, show, table

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.admin.organisation import DutyHours, OrganisationDiff
    from bot.core.organisation import Organisation

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


def check(file: File = None, *, as_json: Json = False) -> None:
    """Read the file, and say every mistake with its line and what is allowed.

    Ends with code 1 when it is well written and a step of a policy would still reach nobody for 60 days.
    """
    from bot.paging.silence import silent
    from bot.wiring.clock import SystemClock

    path = _path(file)
    org = _loaded(path)
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


def diff(file: File = None, *, as_json: Json = False) -> None:
    """What applying it would change, and who would be on call differently in the next 60 days."""
    from bot.admin.organisation import DiffOrganisation
    from bot.cli.reach import ask

    text, name = _read(_path(file))
    answer = ask(DiffOrganisation(text=text, name=name))
    show(answer, as_json, lambda: _shown(answer))


def apply(
    file: File = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Show the difference, then make it the organisation: at once, in every replica, without a restart."""
    from bot.admin.organisation import ApplyOrganisation, DiffOrganisation
    from bot.cli.reach import ask

    text, name = _read(_path(file))
    difference = ask(DiffOrganisation(text=text, name=name))
    if not yes and sys.stdin.isatty():
        _shown(difference)
        typer.confirm("Apply?", abort=True)
    answer = ask(ApplyOrganisation(text=text, name=name))
    word = "Applied." if answer.applied else "That is the applied one already."
    show({**data(difference), **data(answer)}, as_json, lambda: say(word))


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

    from bot.admin.context import Refusal
    from bot.oncall.engine.schedule import FixedPeriod, FixedShift, Schedule
    from bot.organisation.schedules.printer import print_schedule
    from handlers.oncall import calendars

    org = _loaded(_path(file))
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
    from bot.admin.context import Refusal
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
    from bot.admin.context import Refusal
    from bot.settings.loading import load_settings

    named = file or load_settings().org_path
    if not named:
        raise Refusal("Name the organisation file, or set TOCSIN_ORG to it.")
    return Path(named)


def _read(path: Path) -> tuple[str, str]:
    """The file's text and name, checked here first: a mistake is said with its line, and nothing is asked."""
    _loaded(path)
    return path.read_text(encoding="utf-8-sig"), path.name


def _loaded(path: Path) -> Organisation:
    """With the fields of all platforms that are there. No setting but TOCSIN_PLUGINS need be right."""
    from bot.org import load_org
    from bot.settings.loading import named_plugins
    from bot.wiring.discovery import declared

    return load_org(path, declared(named_plugins()))


def _shown(answer: OrganisationDiff) -> None:
    rows = [(c.how, c.what, c.name, ", ".join(c.fields)) for c in answer.changes]
    table(("", "What", "Name", "Fields"), rows, "Nothing differs.")
    duty = [
        (*_hours(d), ", ".join(d.before) or "nobody", ", ".join(d.after) or "nobody")
        for d in answer.on_call
    ]
    columns = ("Schedule", "From (UTC)", "Until (UTC)", "On call now", "On call then")
    table(columns, duty, "Nobody is on call differently in the next 60 days.")
    if answer.more_on_call:
        typer.echo(f"… and {answer.more_on_call} more.")
    if answer.gaps:
        typer.echo("Nobody would be on call where somebody is now:")
        table(("Schedule", "From (UTC)", "Until (UTC)"), [_hours(gap) for gap in answer.gaps], "")
    if answer.left:
        typer.echo("Who leaves would still be on call, by what was changed in chat:")
        left = [(*_hours(each), each.person) for each in answer.left]
        table(("Schedule", "From (UTC)", "Until (UTC)", "Who"), left, "")


def _hours(duty: DutyHours) -> tuple[str, str, str]:
    return duty.schedule, minute(duty.from_), minute(duty.until)
