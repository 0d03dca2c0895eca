"""Forms made from a command's arguments, and answers made into a command again."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.core.chat.card import Form, Input, InputKind, Need, Option
from bot.core.chat.vocabulary import TICKED, Group, Invocation
from bot.core.incident import MAIN_LINE, Role
from bot.core.severity import (
    IMPACT_ANSWERS,
    IMPACT_QUESTION,
    URGENCY_ANSWERS,
    URGENCY_QUESTION,
    Level,
    Severity,
    priority,
)
from bot.language.outcomes import Ambiguous, Incomplete, Lexicon, Outcome, Parsed, Unreadable
from bot.language.reading.answered import Several, answered, not_read
from bot.language.reading.grammar import CommandTable, parse
from bot.language.spec import INCIDENT, TEXTS, Arg, ArgKind, Command, Values

_KINDS: Mapping[ArgKind, InputKind] = {
    ArgKind.TEXT: InputKind.PARAGRAPH,
    ArgKind.PHRASE: InputKind.PARAGRAPH,
    ArgKind.QUOTED: InputKind.PARAGRAPH,
    ArgKind.PERSON: InputKind.PERSON,
    ArgKind.SERVICES: InputKind.SERVICES,
    ArgKind.SEVERITY: InputKind.CHOICE,
    ArgKind.STATUS: InputKind.CHOICE,
    ArgKind.ROLE: InputKind.CHOICE,
    ArgKind.CHOICE: InputKind.CHOICE,
    ArgKind.FLAG: InputKind.CHOICE,
}
INCIDENT_REF = "INC-{}"


def _prefix(command: Command) -> str:
    return "/oncall " if command.group is Group.ONCALL else ""


def inputs_of(command: Command, values: Values, names: Collection[str]) -> tuple[Input, ...]:
    """The questions for some of a command's arguments, in the order of its spec."""
    return tuple(_input(arg, values) for arg in command.args if arg.name in names)


def form_of(outcome: Incomplete) -> Form:
    """The form that asks for the rest; what was said already is filled in."""
    command, values = outcome.command, outcome.values
    if command.form is not None:
        return command.form(command, values)
    number = values.get(INCIDENT)
    where = f" {INCIDENT_REF.format(number)}" if number is not None else ""
    return Form(
        f"{command.name.capitalize()}{where}",
        f"{_prefix(command)}{command.name}{where}",
        tuple(_input(arg, values) for arg in command.args),
        submit=command.name.capitalize(),
    )


def _input(arg: Arg, values: Values) -> Input:
    given = values.get(arg.name)
    limit = 300 if arg.kind is ArgKind.TITLE else 4000
    return Input(
        arg.name,
        arg.help or arg.name.capitalize(),
        _KINDS.get(arg.kind, InputKind.LINE),
        arg.need,
        "" if given is None else _shown(arg, given),
        "",
        options(arg),
        limit if arg.kind in TEXTS else 300,
    )


def _shown(arg: Arg, value: object) -> str:
    if isinstance(value, Severity):
        return value.label.lower()
    if isinstance(value, tuple):
        return " ".join(str(item) for item in value)
    return str(value)


def options(arg: Arg) -> tuple[Option, ...]:
    """What can be chosen, where there is a closed list."""
    match arg.kind:
        case ArgKind.SEVERITY:
            return tuple(Option(s.label.lower(), s.label) for s in Severity)
        case ArgKind.STATUS:
            return tuple(Option(s.value, s.value.capitalize()) for s in MAIN_LINE)
        case ArgKind.ROLE:
            return tuple(Option(r.value, r.word.capitalize()) for r in Role)
        case ArgKind.FLAG:
            return (Option(TICKED, "Yes"),)
        case _:
            return tuple(Option(choice, choice.capitalize()) for choice in arg.choices)


def from_form(call: Invocation, commands: CommandTable, known: Lexicon) -> Outcome:
    """What a sent form comes to: its command with each answer read as its argument, texts verbatim."""
    base = parse(call.text, call.group, commands, known)
    if not isinstance(base, Incomplete | Parsed):
        return base
    command, answers = base.command, with_priority(call.values)
    values = {name: value for name, value in base.values.items() if name not in call.values}
    for arg in command.args:
        answer = answers.get(arg.name, "").strip()
        value = answered(arg, answer, known) if answer else None
        if isinstance(value, Several):
            return Ambiguous(command, values, arg, value.choices)
        if value is not None:
            values[arg.name] = value
        elif answer:
            return Unreadable(command, values, arg, answer, not_read(arg, answer, known))
    missing = tuple(a for a in command.args if a.need is Need.REQUIRED and a.name not in values)
    return Incomplete(command, values, missing) if missing else Parsed(command, values)


AFFECTED, WORSENING = "affected", "worsening"


def priority_inputs() -> tuple[Input, Input]:
    """The two plain questions from whose answers a severity is computed."""
    return (
        _question(AFFECTED, IMPACT_QUESTION, IMPACT_ANSWERS),
        _question(WORSENING, URGENCY_QUESTION, URGENCY_ANSWERS),
    )


def _question(name: str, words: str, answers: Mapping[Level, str]) -> Input:
    choices = tuple(Option(str(level.value), answer) for level, answer in answers.items())
    return Input(name, words, InputKind.CHOICE, options=choices)


def with_priority(answers: Mapping[str, str]) -> Mapping[str, str]:
    """The answers with a severity: the one that was chosen, else the one that both questions give."""
    both = [answers.get(name, "") for name in (AFFECTED, WORSENING)]
    if answers.get("severity") or not all(level in ("1", "2", "3") for level in both):
        return answers
    computed = priority(Level(int(both[0])), Level(int(both[1])))
    return {**answers, "severity": computed.label.lower()}
