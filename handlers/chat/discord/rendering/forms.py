"""A form as a modal, and a modal's answers. Pure.

Five parts at most: the flags of a form are one list together, and of a form with more questions than
fit those are asked that are required, then the first of the others; what is left can be said later.
Services that share the list with flags begin with #.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.core.chat.card import Form, Input, InputKind, Need, Option, Text
from bot.core.chat.vocabulary import TICKED
from handlers.chat.discord.rendering import limits
from handlers.chat.discord.rendering.limits import clipped
from handlers.chat.discord.rendering.markdown import cleaned, flat, line_of

Payload = dict[str, Any]

_TEXT_INPUT, _SELECT, _USERS, _LABEL, _WORDS = 4, 3, 5, 18, 10
_SHORT, _LONG = 1, 2
FLAGS = "options"


def modal(
    form: Form, custom_id: str, people: Mapping[str, str], services: Sequence[str]
) -> Payload:
    """``people`` maps our ids to Discord's; ``services`` are what can be chosen."""
    asked = fitting(form.inputs, services)
    parts = [_label(question, people, services) for question in asked]
    intro = "\n".join(line_of(block.line, {}) for block in form.intro if isinstance(block, Text))
    if intro and len(parts) < limits.MODAL_PARTS:
        parts.insert(0, {"type": _WORDS, "content": clipped(intro, limits.CONTENT)})
    title = clipped(flat(form.title), limits.MODAL_TITLE) or "Tocsin"
    return {"custom_id": custom_id, "title": title, "components": parts}


def fitting(inputs: Sequence[Input], services: Sequence[str] = ()) -> list[Input]:
    """At most five, in the form's own order. Flags share one list, which takes the services in when the
    form is still too long; then people wait, then whatever is optional and last.
    """
    flags = [each for each in inputs if _is_flag(each)]
    listed = [each for each in inputs if each not in flags]
    asked = next((each for each in listed if each.kind is InputKind.SERVICES), None)
    over = len(listed) + bool(flags) > limits.MODAL_PARTS
    if flags and over and asked is not None and asked.need is Need.OPTIONAL:
        listed.remove(asked)
        listed.append(_together(flags, [f"#{name}" for name in services]))
    elif len(flags) > 1:
        listed.append(_together(flags, ()))
    else:
        listed = list(inputs)
    spare = sorted((e for e in reversed(listed) if e.need is Need.OPTIONAL), key=_matters)
    left_out = spare[: max(0, len(listed) - limits.MODAL_PARTS)]
    return [each for each in listed if each not in left_out][: limits.MODAL_PARTS]


def _is_flag(question: Input) -> bool:
    return question.kind is InputKind.CHOICE and [o.value for o in question.options] == [TICKED]


def _matters(question: Input) -> bool:
    return question.kind is not InputKind.PERSON


def _together(flags: Sequence[Input], services: Sequence[str]) -> Input:
    chosen = " ".join(each.name for each in flags if each.value)
    options = [Option(each.name, each.label) for each in flags]
    options += [Option(name, name) for name in services]
    label = "Services and options" if services else "Options"
    listed = tuple(options[: limits.OPTIONS])
    return Input(FLAGS, label, InputKind.CHOICE, value=chosen, options=listed)


def _label(question: Input, people: Mapping[str, str], services: Sequence[str]) -> Payload:
    label = clipped(flat(question.label), limits.INPUT_LABEL) or question.name
    return {"type": _LABEL, "label": label, "component": _control(question, people, services)}


def _control(question: Input, people: Mapping[str, str], services: Sequence[str]) -> Payload:
    match question.kind:
        case InputKind.LINE | InputKind.PARAGRAPH:
            return _typed(question, _SHORT if question.kind is InputKind.LINE else _LONG)
        case InputKind.PERSON:
            return _person(question, people)
        case InputKind.CHOICE:
            return _choice(question, 1 if question.name != FLAGS else len(question.options))
        case InputKind.SERVICES:
            return _services(question, services)


def _services(question: Input, services: Sequence[str]) -> Payload:
    """A list while it can hold them all."""
    if not 0 < len(services) <= limits.OPTIONS:
        return _typed(question, _SHORT)
    options = tuple(Option(f"#{name}", name) for name in services)
    return _choice(replace(question, options=options), len(options))


def _common(question: Input) -> Payload:
    return {"custom_id": question.name, "required": question.need is Need.REQUIRED}


def _typed(question: Input, style: int) -> Payload:
    most = min(question.limit, limits.INPUT_TEXT)
    control = {**_common(question), "type": _TEXT_INPUT, "style": style, "max_length": most}
    if question.value:
        control["value"] = clipped(cleaned(question.value), most)
    if question.placeholder:
        control["placeholder"] = clipped(flat(question.placeholder), 100)
    return control


def _choice(question: Input, most: int) -> Payload:
    chosen = set(question.value.split())
    options = [
        {
            "label": clipped(flat(o.label), limits.OPTION_TEXT) or o.value,
            "value": o.value[: limits.OPTION_TEXT],
            **({"default": True} if o.value in chosen or o.value.lstrip("#") in chosen else {}),
        }
        for o in question.options[: limits.OPTIONS]
    ]
    least = 1 if question.need is Need.REQUIRED else 0
    return {
        **_common(question),
        "type": _SELECT,
        "options": options,
        "min_values": least,
        "max_values": max(1, min(most, len(options))),
    }


def _person(question: Input, people: Mapping[str, str]) -> Payload:
    control: Payload = {**_common(question), "type": _USERS, "min_values": 0, "max_values": 1}
    if question.need is Need.REQUIRED:
        control["min_values"] = 1
    native = people.get(question.value.lstrip("@"))
    if native:
        control["default_values"] = [{"id": native, "type": "user"}]
    return control


def answers(components: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What was answered, by question. People are Discord's mentions; a flag that was chosen says yes."""
    found: dict[str, str] = {}
    for part in components:
        controls = part.get("components") or (
            [part["component"]] if "component" in part else [part]
        )
        for control in controls:
            found |= _answered(control)
    return found


def _answered(control: Mapping[str, Any]) -> dict[str, str]:
    name = str(control.get("custom_id", ""))
    if "values" not in control:
        value = control.get("value")
        return {name: str(value)} if name and value else {}
    values = [str(value) for value in control["values"] or ()]
    if name == FLAGS:
        chosen = [value for value in values if value.startswith("#")]
        given = {"services": " ".join(chosen)} if chosen else {}
        return given | dict.fromkeys((v for v in values if v not in chosen), TICKED)
    if control.get("type") == _USERS:
        return {name: " ".join(f"<@{value}>" for value in values)} if values else {}
    return {name: " ".join(values)} if values else {}
