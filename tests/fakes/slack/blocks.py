"""What Slack refuses about the blocks of a message, a modal and a home tab."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.fakes.slack import elements
from tests.fakes.slack.elements import Report, element_of, string, text_of
from tests.fakes.slack.model import Json, SlackError, invalid, texts

# Undocumented, and met by many: all texts of a message's blocks together. Refusals are told from 11,341.
TEXT_OF_ALL_BLOCKS = 11_000
MARKDOWN_OF_ALL_BLOCKS = 12_000


def _section(block: Json, report: Report, where: str) -> None:
    fields = block.get("fields")
    if "text" in block or fields is None:
        text_of(block.get("text"), report, f"{where}/text", 3000)
    if fields is not None:
        if not 1 <= len(fields) <= 10:
            report(f"no more than 10 items allowed [json-pointer:{where}/fields]")
        for number, field in enumerate(fields):
            text_of(field, report, f"{where}/fields/{number}", 2000)
    if "accessory" in block and block["accessory"].get("type") != "image":
        element_of(block["accessory"], report, f"{where}/accessory", elements.ACTIONS)


def _header(block: Json, report: Report, where: str) -> None:
    text_of(block.get("text"), report, f"{where}/text", 150, plain=True)


def _context(block: Json, report: Report, where: str) -> None:
    items = block.get("elements", [])
    if not 1 <= len(items) <= 10:
        report(f"must have 1 to 10 items [json-pointer:{where}/elements]")
    for number, item in enumerate(items):
        if not isinstance(item, dict) or item.get("type") != "image":
            text_of(item, report, f"{where}/elements/{number}", 3000)


def _actions(block: Json, report: Report, where: str) -> None:
    items = block.get("elements", [])
    if not 1 <= len(items) <= 25:
        report(f"must have 1 to 25 items [json-pointer:{where}/elements]")
    ids = [
        element_of(item, report, f"{where}/elements/{number}", elements.ACTIONS)
        for number, item in enumerate(items)
    ]
    known = [each for each in ids if each]
    if len(known) != len(set(known)):
        report(f"`action_id` already exists in this block [json-pointer:{where}/elements]")


def _input(block: Json, report: Report, where: str) -> None:
    text_of(block.get("label"), report, f"{where}/label", 2000, plain=True)
    if "hint" in block:
        text_of(block["hint"], report, f"{where}/hint", 2000, plain=True)
    element_of(block.get("element"), report, f"{where}/element", elements.INPUTS)


def _image(block: Json, report: Report, where: str) -> None:
    string(block.get("alt_text"), report, f"{where}/alt_text", 2000, least=1)
    if "slack_file" not in block:
        string(block.get("image_url"), report, f"{where}/image_url", 3000, least=1)


def _markdown(block: Json, report: Report, where: str) -> None:
    string(block.get("text"), report, f"{where}/text", 12_000, least=1)


def _rich_text(block: Json, report: Report, where: str) -> None:
    if not isinstance(block.get("elements"), list):
        report(f"missing required field: elements [json-pointer:{where}]")


def _divider(block: Json, report: Report, where: str) -> None:
    return


BLOCKS: dict[str, Callable[[Json, Report, str], None]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "divider": _divider,
}
_KEYS = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text"},
    "context": {"elements"},
    "actions": {"elements"},
    "input": {"label", "hint", "element", "optional", "dispatch_action"},
    "image": {"alt_text", "image_url", "slack_file", "title"},
    "markdown": {"text"},
    "rich_text": {"elements"},
    "divider": set[str](),
}


def problems(blocks: Any, most: int, root: str = "/blocks", *, modal: bool = False) -> list[str]:
    """Everything that Slack would refuse, in its words; empty when the blocks are good."""
    found: list[str] = []
    if not isinstance(blocks, list):
        return [f"must be an array [json-pointer:{root}]"]
    if len(blocks) > most:
        found.append(f"no more than {most} items allowed [json-pointer:{root}]")
    ids: list[str] = []
    for number, block in enumerate(blocks):
        _block(block, found.append, f"{root}/{number}", modal=modal)
        if isinstance(block, dict) and "block_id" in block:
            ids.append(str(block["block_id"]))
    found += [f"`block_id` {one} already exists" for one in set(ids) if ids.count(one) > 1]
    return found


def _block(block: Any, report: Report, where: str, *, modal: bool) -> None:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in BLOCKS or (modal and kind == "markdown"):
        report(f"unsupported type: {kind} [json-pointer:{where}/type]")
        return
    strange = set(block) - _KEYS[kind] - {"type", "block_id"}
    if strange:
        report(f"unknown keys {sorted(strange)} [json-pointer:{where}]")
    if "block_id" in block:
        string(block["block_id"], report, f"{where}/block_id", 255, least=1)
    BLOCKS[kind](block, report, where)


def check_message(blocks: Any) -> list[Json]:
    """The blocks of a message, with the ids that Slack gives. Raises ``invalid_blocks`` and others."""
    if not blocks:
        return []
    found = problems(blocks, 50)
    if found:
        told = [f"[ERROR] {problem}" for problem in found]
        raise SlackError("invalid_blocks", errors=found, response_metadata={"messages": told})
    if sum(len(text) for text in texts(blocks)) > TEXT_OF_ALL_BLOCKS:
        raise SlackError("msg_blocks_too_long")
    return with_ids(blocks)


def with_ids(blocks: list[Json]) -> list[Json]:
    """Slack names what the app did not name."""
    named = json.loads(json.dumps(blocks))
    for number, block in enumerate(named):
        block.setdefault("block_id", f"b{number}")
        inner = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for which, element in enumerate(inner):
            if isinstance(element, dict) and element.get("type") in elements.ELEMENTS:
                element.setdefault("action_id", f"a{number}-{which}")
    return list(named)


_MODAL = {
    "type", "title", "blocks", "close", "submit", "private_metadata", "callback_id",
    "clear_on_close", "notify_on_close", "external_id", "submit_disabled",
}  # fmt: skip
_HOME = {"type", "blocks", "private_metadata", "callback_id", "external_id"}


def check_view(view: Any, kind: str) -> Json:
    """A view as ``views.*`` or a response takes it. Raises ``invalid_arguments`` and ``view_too_large``."""
    if not isinstance(view, dict) or view.get("type") != kind:
        raise invalid(f"view must be of type {kind} [json-pointer:/view]")
    found = problems(view.get("blocks"), 100, "/view/blocks", modal=True)
    known = _MODAL if kind == "modal" else _HOME
    found += [f"unknown key {key} [json-pointer:/view]" for key in sorted(set(view) - known)]
    for key, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        elements.maybe_string(view, key, found.append, "/view", most)
    if kind == "modal":
        found += _modal(view)
    if found:
        raise invalid(*found)
    if len(json.dumps(view, ensure_ascii=False).encode()) > 250_000:
        raise SlackError("view_too_large")
    return {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        **view,
        "blocks": with_ids(view["blocks"]),
    }


def _modal(view: Json) -> list[str]:
    found: list[str] = []
    for key in ("title", "submit", "close"):
        if key in view or key == "title":
            text_of(view.get(key), found.append, f"/view/{key}", 24, plain=True)
    if not view.get("blocks"):
        found.append("must have at least 1 item [json-pointer:/view/blocks]")
    inputs = [
        b for b in view.get("blocks") or [] if isinstance(b, dict) and b.get("type") == "input"
    ]
    if inputs and "submit" not in view:
        found.append("submit required when an input block is present [json-pointer:/view]")
    return found
