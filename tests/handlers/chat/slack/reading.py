"""Block Kit as somebody reads it aloud."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.slack import FakeSlack

_STEPS = {"▫️": "[waiting]", "✅": "[done]", "🔁": "[retrying]", "❌": "[failed]"}


def block_text(slack: FakeSlack, block: Mapping[str, Any]) -> str:  # noqa: PLR0911 - one case a block
    match block:
        case {"type": "header", "text": {"text": str(text)}}:
            return re.sub(r"^[🔴🟠🟢] ", "", text)
        case {"type": "section", "fields": list(fields)}:
            return "\n".join(_field(slack, each["text"]) for each in fields)
        case {"type": "section", "text": {"text": str(text)}}:
            return unmarked(slack, text)
        case {"type": "context", "elements": list(items)}:
            return " ".join(unmarked(slack, each["text"]) for each in items)
        case {"type": "actions", "elements": list(items)}:
            return " ".join(f"[{each['text']['text']}]" for each in items)
        case _:
            return ""


def _field(slack: FakeSlack, text: str) -> str:
    label, _, value = text.partition("\n")
    return f"{unmarked(slack, label)}: {unmarked(slack, value)}"


def unmarked(slack: FakeSlack, text: str) -> str:
    text = re.sub(r"<@(\w+)(\|[^>]*)?>", lambda m: f"@{_name(slack, m[1])}", text)
    text = re.sub(r"<#(\w+)(\|[^>]*)?>", lambda m: f"#{slack.channels[m[1]].name}", text)
    text = re.sub(r"<!date\^\d+\^[^|]+\|\S+ (\d\d:\d\d) UTC>", r"\1", text)
    text = re.sub(r"<[^>|]+\|([^>]*)>", r"\1", text)
    text = re.sub(r"^(> |• )", "", text, flags=re.MULTILINE)
    for sign, word in _STEPS.items():
        text = text.replace(sign, word)
    return html.unescape(re.sub(r"([*`])([^*`\n]+)\1", r"\2", text))


def _name(slack: FakeSlack, user: str) -> str:
    return slack.users[user].real_name or slack.users[user].name


def marked(value: Any) -> Iterator[str]:
    """Every text that Slack reads for mentions; plain text is not."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for inner in value.values():
            yield from marked(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from marked(inner)
