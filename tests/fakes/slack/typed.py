"""What Slack makes of what people type, and what it sends of the forms that they fill."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.model import Json, Kind, Message, View

if TYPE_CHECKING:
    from tests.fakes.slack.workspace import FakeSlack

Answer = str | list[str] | None


def escaped(slack: FakeSlack, text: str, *, named: bool) -> str:
    """``@name``, ``#name`` and addresses as Slack's markup; ``named`` for slash commands, which carry
    the names too. Everything else loses its ``&<>``.
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    people = {user.name: user.id for user in slack.users.values()}
    groups = {group.handle: group.id for group in slack.groups.values()}
    rooms = {c.name: c for c in slack.channels.values() if c.name}

    def person(match: re.Match[str]) -> str:
        name = match[1]
        if name in {"channel", "here", "everyone"}:
            return f"<!{name}>"
        if name in groups:
            return f"<!subteam^{groups[name]}|@{name}>"
        if name not in people:
            return match[0]
        return f"<@{people[name]}|{name}>" if named else f"<@{people[name]}>"

    def room(match: re.Match[str]) -> str:
        found = rooms.get(match[1])
        if found is None:
            return match[0]
        return f"<#{found.id}|{'' if found.kind is Kind.PRIVATE else found.name}>"

    text = re.sub(r"(?<!\S)https?://\S+", lambda match: f"<{match[0]}>", text)
    text = re.sub(r"(?<![\w@])@([\w.-]*\w)", person, text)
    return re.sub(r"(?<![\w#])#([\w-]+)", room, text)


def labels(blocks: list[Json]) -> tuple[str, ...]:
    """The labels of the buttons, in order."""
    usable = [element for _, element in elements_of(blocks) if element["type"] == "button"]
    return tuple(element["text"]["text"] for element in usable)


def calls(message: Message) -> frozenset[str]:
    """Whom a message calls: people by their ids, ``everyone`` for channel, here, everyone or a group."""
    found: set[str] = set()
    for text, loose in _marked_up(message):
        found |= set(re.findall(r"<@([UW]\w+)", text))
        many = re.search(r"<!(channel|here|everyone|subteam)", text)
        if many or (loose and re.search(r"(?<!\w)@(channel|here|everyone)\b", text)):
            found.add("everyone")
    return frozenset(found)


def _marked_up(message: Message) -> Iterator[tuple[str, bool]]:
    """Every text that Slack reads as markup, and whether it looks for bare ``@words`` in it too: in the
    text of an edit that does not forbid it, and in blocks that are not verbatim."""
    yield message.text, message.loose
    yield from _mrkdwn(message.blocks)


def _mrkdwn(value: Any) -> Iterator[tuple[str, bool]]:
    match value:
        case {"type": "mrkdwn", "text": str(text), **rest}:
            yield text, not rest.get("verbatim", False)
        case dict():
            for inner in value.values():
                yield from _mrkdwn(inner)
        case list():
            for inner in value:
                yield from _mrkdwn(inner)
        case _:
            return


def elements_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every element that somebody can use, with the block it stands in."""
    for block in blocks:
        inner = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        yield from (
            (block, each) for each in inner if isinstance(each, dict) and "action_id" in each
        )


def found_element(blocks: list[Json], wanted: str) -> tuple[Json, Json]:
    """The element with that label or action_id."""
    usable = list(elements_of(blocks))
    for block, element in usable:
        label = element.get("text", {}).get("text", "") if element["type"] == "button" else ""
        if wanted in {label, element["action_id"]}:
            return block, element
    names = [e.get("text", {}).get("text") or e["action_id"] for _, e in usable]
    raise AssertionError(f"nothing called {wanted!r} among {names}")


_ONE = {
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
_MANY = {
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
}
_OPTION = {"static_select", "radio_buttons", "external_select"}
_OPTIONS = {"multi_static_select", "checkboxes", "multi_external_select"}


def _options(element: Json) -> list[Json]:
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


def _chosen(element: Json, wanted: str) -> Json:
    for option in _options(element):
        if wanted in {option["value"], option["text"]["text"]}:
            return dict(option)
    if element["type"] in {"external_select", "multi_external_select"}:
        return {"text": {"type": "plain_text", "text": wanted}, "value": wanted}
    offered = [option["value"] for option in _options(element)]
    raise AssertionError(f"{wanted!r} is not offered: {offered}")


def state_of(element: Json, answer: Answer, *, given: bool) -> Json:
    """An element's part of ``state.values``. Without an answer it is what stood there at first."""
    kind = element["type"]
    if kind in _ONE or kind in _MANY:
        selected, initial = {**_ONE, **_MANY}[kind]
        empty: Any = [] if kind in _MANY else None
        value = answer if given else element.get(initial, empty)
        return {"type": kind, selected: value or empty}
    if kind in _OPTION:
        first = element.get("initial_option")
        chosen = _chosen(element, str(answer)) if given and answer else None
        return {"type": kind, "selected_option": chosen if given else first}
    if kind in _OPTIONS:
        answers = answer if isinstance(answer, list) else [answer] if answer else []
        chosen_all = [_chosen(element, str(each)) for each in answers]
        first_all = element.get("initial_options", [])
        return {"type": kind, "selected_options": chosen_all if given else first_all}
    text = answer if given else element.get("initial_value")
    return {"type": kind, "value": text or None}


def filled(view: View, answers: Mapping[str, Answer]) -> Json:
    """``state.values`` after somebody filled a form; keys are labels, block_ids or action_ids.

    Slack's own checks are made before anything is sent: what is required, what is too long.
    """
    values: Json = {}
    used: set[str] = set()
    for block, element in elements_of(view.blocks):
        if element["type"] in {"button", "overflow"}:
            continue
        label = block.get("label", {}).get("text", "")
        names = [n for n in (block["block_id"], element["action_id"], label) if n in answers]
        used |= set(names)
        answer = answers[names[0]] if names else None
        state = state_of(element, answer, given=bool(names))
        _check_answer(block, element, state)
        values.setdefault(block["block_id"], {})[element["action_id"]] = state
    unknown = set(answers) - used
    assert not unknown, f"the form has no {sorted(unknown)}; it has {sorted(values)}"
    return values


def _check_answer(block: Json, element: Json, state: Json) -> None:
    value = next(value for key, value in state.items() if key != "type")
    required = block["type"] == "input" and not block.get("optional", False)
    assert value or not required, f"Slack would ask for {block['block_id']} first"
    most, least = element.get("max_length", 3000), element.get("min_length", 0)
    if isinstance(value, str) and element["type"] == "plain_text_input":
        assert least <= len(value) <= most, f"Slack would refuse the length of {block['block_id']}"
