"""Block Kit's interactive elements and text objects, and what Slack refuses about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fakes.slack.model import Json

Report = Callable[[str], None]


def text_of(
    value: Any, report: Report, where: str, most: int, *, plain: bool = False, least: int = 1
) -> None:
    """A text object of at most ``most`` characters."""
    if not isinstance(value, dict) or value.get("type") not in {"plain_text", "mrkdwn"}:
        report(f"missing or malformed text object [json-pointer:{where}]")
        return
    if plain and value["type"] != "plain_text":
        report(f"must be of type plain_text [json-pointer:{where}/type]")
    known = (
        {"type", "text", "emoji"} if value["type"] == "plain_text" else {"type", "text", "verbatim"}
    )
    if set(value) - known:
        report(f"no more than {len(known)} known keys allowed [json-pointer:{where}]")
    string(value.get("text"), report, f"{where}/text", most, least=least)


def string(value: Any, report: Report, where: str, most: int, *, least: int = 0) -> None:
    if not isinstance(value, str):
        report(f"must be a string [json-pointer:{where}]")
    elif len(value) > most:
        report(f"must be less than {most + 1} characters [json-pointer:{where}]")
    elif len(value) < least:
        report(f"must be more than {least - 1} characters [json-pointer:{where}]")


def maybe_string(holder: Json, key: str, report: Report, where: str, most: int) -> None:
    if key in holder:
        string(holder[key], report, f"{where}/{key}", most)


def confirm_of(value: Json, report: Report, where: str) -> None:
    for key, most in (("title", 100), ("confirm", 30), ("deny", 30)):
        text_of(value.get(key), report, f"{where}/{key}", most, plain=True)
    text_of(value.get("text"), report, f"{where}/text", 300)


def option_of(value: Any, report: Report, where: str, *, plain: bool = True) -> None:
    if not isinstance(value, dict):
        report(f"must be an object [json-pointer:{where}]")
        return
    text_of(value.get("text"), report, f"{where}/text", 75, plain=plain)
    string(value.get("value"), report, f"{where}/value", 150, least=1)
    if "description" in value:
        text_of(value["description"], report, f"{where}/description", 75, plain=plain)


def options_of(element: Json, report: Report, where: str, most: int, *, plain: bool = True) -> None:
    """Between 1 and ``most`` options; what is chosen at first must be among them."""
    options = element.get("options", [])
    if not 1 <= len(options) <= most:
        report(f"must have 1 to {most} items [json-pointer:{where}/options]")
    for number, option in enumerate(options):
        option_of(option, report, f"{where}/options/{number}", plain=plain)
    first = element.get("initial_options") or [element.get("initial_option")]
    for chosen in first:
        if chosen is not None and chosen not in options:
            report(f"initial option is not among the options [json-pointer:{where}]")
    values = [option.get("value") for option in options if isinstance(option, dict)]
    if len(values) != len(set(values)):
        report(f"option values must be unique [json-pointer:{where}/options]")


def _button(element: Json, report: Report, where: str) -> None:
    text_of(element.get("text"), report, f"{where}/text", 75, plain=True)
    maybe_string(element, "value", report, where, 2000)
    maybe_string(element, "url", report, where, 3000)
    maybe_string(element, "accessibility_label", report, where, 75)
    if element.get("style", "primary") not in {"primary", "danger"}:
        report(f"unknown style [json-pointer:{where}/style]")
    if "url" in element and not str(element["url"]).startswith(("http://", "https://", "slack://")):
        report(f"invalid url [json-pointer:{where}/url]")


def _select(element: Json, report: Report, where: str) -> None:
    groups = element.get("option_groups")
    if groups is None:
        options_of(element, report, where, 100)
        return
    if not 1 <= len(groups) <= 100:
        report(f"must have 1 to 100 items [json-pointer:{where}/option_groups]")
    for number, group in enumerate(groups):
        inner = f"{where}/option_groups/{number}"
        text_of(group.get("label"), report, f"{inner}/label", 75, plain=True)
        options_of({"options": group.get("options", [])}, report, inner, 100)


def _overflow(element: Json, report: Report, where: str) -> None:
    options_of(element, report, where, 5)


def _choices(element: Json, report: Report, where: str) -> None:
    options_of(element, report, where, 10, plain=False)


def _input(element: Json, report: Report, where: str) -> None:
    maybe_string(element, "initial_value", report, where, 3000)
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if not 0 <= least <= 3000 or not 1 <= most <= 3000 or least > most:
        report(f"invalid length bounds [json-pointer:{where}]")
    elif len(element.get("initial_value", "")) > most:
        report(f"initial_value is longer than max_length [json-pointer:{where}/initial_value]")


def _nothing(element: Json, report: Report, where: str) -> None:
    return


ELEMENTS: dict[str, Callable[[Json, Report, str], None]] = {
    "button": _button,
    "static_select": _select,
    "multi_static_select": _select,
    "overflow": _overflow,
    "radio_buttons": _choices,
    "checkboxes": _choices,
    "plain_text_input": _input,
    **dict.fromkeys(
        (
            "users_select", "multi_users_select", "conversations_select",
            "multi_conversations_select", "channels_select", "multi_channels_select",
            "external_select", "multi_external_select", "datepicker", "timepicker",
            "datetimepicker", "email_text_input", "url_text_input", "number_input",
            "rich_text_input",
        ),
        _nothing,
    ),
}  # fmt: skip
PLACEHOLDERS = {
    name for name in ELEMENTS if name not in {"button", "overflow", "radio_buttons", "checkboxes"}
}
INPUTS = set(ELEMENTS) - {"button", "overflow"}
ACTIONS = set(ELEMENTS) - {
    "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input",
}  # fmt: skip


def element_of(element: Any, report: Report, where: str, allowed: set[str]) -> str:
    """Check one element; returns its action_id."""
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in allowed:
        report(f"unsupported type: {kind} [json-pointer:{where}/type]")
        return ""
    ELEMENTS[kind](element, report, where)
    if "placeholder" in element:
        if kind not in PLACEHOLDERS:
            report(f"placeholder not allowed [json-pointer:{where}/placeholder]")
        text_of(element["placeholder"], report, f"{where}/placeholder", 150, plain=True)
    if "confirm" in element:
        confirm_of(element["confirm"], report, f"{where}/confirm")
    if "action_id" in element:
        string(element["action_id"], report, f"{where}/action_id", 255, least=1)
    return str(element.get("action_id", ""))
