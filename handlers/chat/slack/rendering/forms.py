"""A ``Form`` as a modal, and a submitted modal as answers. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.chat.card import Card, Form, Input, InputKind, Need, Option
from bot.core.chat.vocabulary import Group
from handlers.chat.slack.rendering.mrkdwn import Ids, label
from handlers.chat.slack.rendering.render import VIEW_BLOCKS, Json, blocks

# Slack's limits of a view.
TITLE, INPUT_LABEL, PLACEHOLDER, OPTION, OPTIONS, OPTION_VALUE = 24, 2000, 150, 75, 100, 150
TEXT, METADATA = 3000, 3000
FORM, SHOWN = "form", "shown"
SERVICES = "services"


@dataclass(frozen=True, slots=True)
class ViewContext:
    """What a view remembers until it is sent: where it was opened, and about which message.

    ``about`` is the message acted upon: room, ts, author, text (cut when it is long).
    """

    command: str = ""
    room: str = ""
    group: Group = Group.INCIDENT
    about: Mapping[str, str] = field(default_factory=dict)


def pack_context(where: ViewContext) -> str:
    """As a view's private_metadata; the quoted text gives way when it is too long."""
    about = dict(where.about)
    while True:
        data = {"c": where.command, "r": where.room, "g": where.group, "a": about}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        if len(text) <= METADATA or not about.get("text"):
            return text
        about["text"] = about["text"][: -(len(text) - METADATA) - 1]


def unpack_context(private_metadata: str) -> ViewContext:
    """The inverse; what is not ours is empty."""
    try:
        data = json.loads(private_metadata or "{}")
        return ViewContext(str(data["c"]), str(data["r"]), Group(data["g"]), dict(data["a"]))
    except (ValueError, KeyError, TypeError):
        return ViewContext()


def modal(form: Form, where: ViewContext, services: Sequence[str], ids: Ids) -> Json:
    """The form as a view. ``services`` can be chosen from; ``ids`` knows who is filled in."""
    intro = blocks(Card("", form.intro), ids, VIEW_BLOCKS - len(form.inputs)) if form.intro else []
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": _plain(form.title, TITLE),
        "submit": _plain(form.submit, TITLE),
        "close": _plain("Cancel", TITLE),
        "private_metadata": pack_context(where),
        "blocks": [*intro, *(_input(each, services, ids) for each in form.inputs)][:VIEW_BLOCKS],
    }


def shown(card: Card, where: ViewContext, ids: Ids) -> Json:
    """A card as a view: the answer to a form, in its place."""
    return {
        "type": "modal",
        "callback_id": SHOWN,
        "title": _plain("Tocsin", TITLE),
        "close": _plain("Close", TITLE),
        "private_metadata": pack_context(where),
        "blocks": blocks(card, ids, VIEW_BLOCKS),
    }


def _plain(text: str, limit: int) -> Json:
    return {"type": "plain_text", "text": label(text, limit), "emoji": True}


def _input(question: Input, services: Sequence[str], ids: Ids) -> Json:
    return {
        "type": "input",
        "block_id": question.name,
        "label": _plain(question.label, INPUT_LABEL),
        "optional": question.need is Need.OPTIONAL,
        "element": {**_element(question, services, ids), "action_id": question.name},
    }


def _element(question: Input, services: Sequence[str], ids: Ids) -> Json:
    match question.kind:
        case InputKind.LINE | InputKind.PARAGRAPH:
            return _text(question)
        case InputKind.CHOICE:
            return _choice(question)
        case InputKind.PERSON:
            known = ids.get(question.value.lstrip("@"))
            first = {"initial_user": known} if known else {}
            return {"type": "users_select", **_hint(question, "Choose a person"), **first}
        case InputKind.SERVICES:
            return _services(question, services)


def _hint(question: Input, usual: str) -> Json:
    return {"placeholder": _plain(question.placeholder or usual, PLACEHOLDER)}


def _text(question: Input) -> Json:
    limit = max(1, min(question.limit, TEXT))
    made: Json = {"type": "plain_text_input", "max_length": limit}
    made["multiline"] = question.kind is InputKind.PARAGRAPH
    if question.value:
        made["initial_value"] = question.value[:limit]
    if question.placeholder:
        made |= _hint(question, "")
    return made


def _choice(question: Input) -> Json:
    """One question of yes alone is a box to tick."""
    options = [_option(option) for option in question.options[:OPTIONS]]
    first = [each for each in options if each["value"] == question.value]
    if len(options) == 1:
        return {
            "type": "checkboxes",
            "options": options,
            **({"initial_options": first} if first else {}),
        }
    made: Json = {"type": "static_select", "options": options, **_hint(question, "Choose")}
    if first:
        made["initial_option"] = first[0]
    return made


def _option(option: Option) -> Json:
    return {"text": _plain(option.label, OPTION), "value": option.value[:OPTION_VALUE]}


def _services(question: Input, services: Sequence[str]) -> Json:
    """A list while it is short; else what is typed is looked up."""
    chosen = [name.strip("#") for name in question.value.split()]
    given = [_option(Option(name, f"#{name}")) for name in chosen if name]
    hint = _hint(question, "Choose services")
    if not services:
        return {"type": "plain_text_input", **({"initial_value": question.value} if given else {})}
    if len(services) > OPTIONS:
        first = {"initial_options": given} if given else {}
        return {"type": "multi_external_select", "min_query_length": 0, **hint, **first}
    options = [_option(Option(name, f"#{name}")) for name in services]
    first = {"initial_options": given} if given and all(g in options for g in given) else {}
    return {"type": "multi_static_select", "options": options, **hint, **first}


def suggestions(services: Sequence[str], typed: str) -> list[Json]:
    """Services for what was typed: those that begin so, then those that hold it."""
    low = typed.strip("# ").casefold()
    first = [name for name in services if name.casefold().startswith(low)]
    then = [name for name in services if low in name.casefold() and name not in first]
    return [_option(Option(name, f"#{name}")) for name in (first + then)[:OPTIONS]]


def answers(view: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by the input's name. A chosen person is ``<@U…>``, services ``#a #b``."""
    found: dict[str, str] = {}
    for name, elements in (view.get("state") or {}).get("values", {}).items():
        for state in elements.values():
            found[str(name)] = _answer(state)
    return found


def _answer(state: Mapping[str, Any]) -> str:  # noqa: PLR0911 - one case a kind
    match state:
        case {"type": "plain_text_input"}:
            return str(state.get("value") or "")
        case {"type": "static_select", "selected_option": {"value": str(value)}}:
            return value
        case {"type": "checkboxes", "selected_options": list(chosen)}:
            return str(chosen[0]["value"]) if chosen else ""
        case {"type": "users_select", "selected_user": str(user)}:
            return f"<@{user}>"
        case {"selected_options": list(chosen)}:
            return " ".join(f"#{each['value']}" for each in chosen)
        case _:
            return ""
