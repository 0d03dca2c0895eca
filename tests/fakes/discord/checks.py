"""What a message may hold: content, embeds, components, mentions, nonce. Refuses as Discord does."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tests.fakes.discord.errors import Refusal, count, form, length
from tests.fakes.discord.model import COMPONENTS_V2, Json, flat

_ROW, _BUTTON, _TEXT_INPUT, _TEXT, _LABEL = 1, 2, 4, 10, 18
_SELECTS = frozenset({3, 5, 6, 7, 8})
_LAYOUT = frozenset({9, 10, 11, 12, 13, 14, 17})
_LINK = 5


def message(body: Json, *, fresh: bool = True) -> None:
    """Refuses a message that Discord would not take. ``fresh``: it is new and must say something."""
    content, embeds = body.get("content") or "", body.get("embeds") or []
    components, flags = body.get("components") or [], body.get("flags") or 0
    said = content or embeds or components or body.get("attachments") or body.get("sticker_ids")
    if fresh and not said:
        raise Refusal(400, 50006, "Cannot send an empty message")
    length("content", content, 2000)
    if flags & COMPONENTS_V2:
        layout(body)
    else:
        rows(components)
        check_embeds(embeds)
    mentions(body.get("allowed_mentions"))
    if body.get("nonce") is not None:
        nonce(str(body["nonce"]))


def nonce(text: str) -> None:
    if len(text) > 25:
        raise form("nonce", "NONCE_TYPE_TOO_LONG", "Nonce must be 25 or fewer in length.")


def mentions(allowed: Json | None) -> None:
    """``parse`` and a list of the same kind exclude each other; lists hold at most 100."""
    if allowed is None:
        return
    parse = allowed.get("parse") or []
    if set(parse) - {"users", "roles", "everyone"}:
        raise form("allowed_mentions.parse", "BASE_TYPE_CHOICES", "Value must be one of users, roles, everyone.")  # fmt: skip
    for kind in ("users", "roles"):
        named = allowed.get(kind) or []
        count(f"allowed_mentions.{kind}", named, 100)
        if kind in parse and named:
            told = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            raise form("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", told)


# --- embeds ----------------------------------------------------------------------------------


def check_embeds(embeds: list[Json]) -> None:
    count("embeds", embeds, 10)
    total = 0
    for at, embed in enumerate(embeds):
        total += _embed(f"embeds.{at}", embed)
    if total > 6000:
        told = "Embed size exceeds maximum size of 6000"
        raise form("embeds", "MAX_EMBED_SIZE_EXCEEDED", told)


def _embed(path: str, embed: Json) -> int:
    texts = {
        "title": (embed.get("title"), 256),
        "description": (embed.get("description"), 4096),
        "footer.text": ((embed.get("footer") or {}).get("text"), 2048),
        "author.name": ((embed.get("author") or {}).get("name"), 256),
    }
    size = 0
    for name, (text, most) in texts.items():
        if text is not None:
            length(f"{path}.{name}", text, most)
            size += len(text)
    if embed.get("url"):
        url(f"{path}.url", embed["url"])
    return size + _fields(f"{path}.fields", embed.get("fields") or [])


def _fields(path: str, fields: list[Json]) -> int:
    size = 0
    for at, one in enumerate(count(path, fields, 25)):
        length(f"{path}.{at}.name", one.get("name"), 256, 1)
        length(f"{path}.{at}.value", one.get("value"), 1024, 1)
        size += len(one["name"]) + len(one["value"])
    return size


def url(path: str, text: str) -> None:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https", "discord"} or not parts.netloc:
        raise form(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    if len(text) > 2048:
        raise form(path, "BASE_TYPE_MAX_LENGTH", "Must be 2048 or fewer in length.")


# --- components ------------------------------------------------------------------------------


def rows(components: list[Json]) -> None:
    """The older layout: up to five rows, each of up to five buttons or of one select."""
    for at, row in enumerate(count("components", components, 5)):
        if row.get("type") != _ROW:
            raise form(f"components.{at}.type", "BASE_TYPE_CHOICES", "Value must be one of (1,).")
        _row(f"components.{at}.components", row.get("components") or [])
    unique(components)


def layout(body: Json) -> None:
    """The newer layout: no content and no embeds beside it, 40 parts, 4000 characters of text."""
    for name in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(name):
            told = f"The 'MessageFlags.IS_COMPONENTS_V2' field cannot be used with {name}"
            raise form(name, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", told)
    parts = flat(count("components", body.get("components") or [], 40, 1))
    if len(parts) > 40:
        told = "Message components exceed the limit of 40"
        raise form("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", told)
    if sum(len(part.get("content", "")) for part in parts) > 4000:
        told = "The total length of displayable text must be 4000 or fewer"
        raise form("components", "COMPONENT_MAX_TEXT_LENGTH_EXCEEDED", told)
    for at, part in enumerate(parts):
        _part(f"components.{at}", part)
    unique(parts)


def _part(path: str, part: Json) -> None:
    if part["type"] == _ROW:
        _row(f"{path}.components", part.get("components") or [])
    elif part["type"] == _BUTTON:
        _button(path, part)
    elif part["type"] == _TEXT:
        length(f"{path}.content", part.get("content"), 4000, 1)
    elif part["type"] not in _LAYOUT | _SELECTS:
        raise form(f"{path}.type", "BASE_TYPE_CHOICES", "Not a component of messages.")


def _row(path: str, inner: list[Json]) -> None:
    selects = [part for part in inner if part.get("type") in _SELECTS]
    count(path, inner, 1 if selects else 5, 1)
    for at, part in enumerate(inner):
        if part.get("type") == _BUTTON:
            _button(f"{path}.{at}", part)
        elif part.get("type") in _SELECTS:
            select(f"{path}.{at}", part)
        else:
            raise form(f"{path}.{at}.type", "BASE_TYPE_CHOICES", "Not a component of a row.")


def _button(path: str, part: Json) -> None:
    style = part.get("style")
    if style not in {1, 2, 3, 4, 5, 6}:
        raise form(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).")
    if not part.get("label") and not part.get("emoji"):
        raise form(path, "BUTTON_COMPONENT_INVALID_LABEL", "A label or emoji must be provided")
    length(f"{path}.label", part.get("label") or "", 80)
    if style == _LINK:
        if part.get("custom_id"):
            told = "A custom id and url cannot both be specified"
            raise form(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_CONFLICT", told)
        url(f"{path}.url", part.get("url") or "")
        length(f"{path}.url", part["url"], 512)
    else:
        length(f"{path}.custom_id", part.get("custom_id"), 100, 1)


def select(path: str, part: Json) -> None:
    length(f"{path}.custom_id", part.get("custom_id"), 100, 1)
    length(f"{path}.placeholder", part.get("placeholder") or "", 150)
    least, most = part.get("min_values", 1), part.get("max_values", 1)
    if not 0 <= least <= 25 or not 1 <= most <= 25 or least > most:
        raise form(f"{path}.max_values", "NUMBER_TYPE_MAX", "Must be between 1 and 25.")
    if part["type"] != 3:
        return
    options = count(f"{path}.options", part.get("options"), 25, 1)
    if most > len(options):
        told = "max_values must be at most the number of options"
        raise form(f"{path}.max_values", "SELECT_MAX_VALUES", told)
    values = [option.get("value") for option in options]
    if len(set(values)) < len(values):
        told = "The specified option value is already used"
        raise form(f"{path}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", told)
    for at, option in enumerate(options):
        length(f"{path}.options.{at}.label", option.get("label"), 100, 1)
        length(f"{path}.options.{at}.value", option.get("value"), 100, 1)
        length(f"{path}.options.{at}.description", option.get("description") or "", 100)


def unique(components: list[Json]) -> None:
    parts = {id(part): part for part in flat(components)}
    ids = [part["custom_id"] for part in parts.values() if part.get("custom_id")]
    if len(set(ids)) < len(ids):
        told = "Component custom id cannot be duplicated"
        raise form("components", "COMPONENT_CUSTOM_ID_DUPLICATED", told)


# --- modals ----------------------------------------------------------------------------------


def modal(data: Json) -> None:
    length("data.title", data.get("title"), 45, 1)
    length("data.custom_id", data.get("custom_id"), 100, 1)
    for at, part in enumerate(count("data.components", data.get("components"), 5, 1)):
        path = f"data.components.{at}"
        if part.get("type") == _LABEL:
            length(f"{path}.label", part.get("label"), 45, 1)
            length(f"{path}.description", part.get("description") or "", 100)
            _question(f"{path}.component", part.get("component") or {})
        elif part.get("type") == _ROW:
            for inner in count(f"{path}.components", part.get("components"), 1, 1):
                length(f"{path}.components.0.label", inner.get("label"), 45, 1)
                _question(f"{path}.components.0", inner)
        elif part.get("type") != _TEXT:
            raise form(f"{path}.type", "BASE_TYPE_CHOICES", "Value must be one of (1, 10, 18).")
    unique(data["components"])


def _question(path: str, part: Json) -> None:
    if part.get("type") in _SELECTS:
        select(path, part)
        return
    if part.get("type") != _TEXT_INPUT:
        raise form(f"{path}.type", "BASE_TYPE_CHOICES", "Not a component of modals.")
    length(f"{path}.custom_id", part.get("custom_id"), 100, 1)
    length(f"{path}.placeholder", part.get("placeholder") or "", 100)
    length(f"{path}.value", part.get("value") or "", 4000)
    if part.get("style") not in {1, 2}:
        raise form(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2).")
    if not 1 <= (part.get("max_length") or 4000) <= 4000:
        raise form(f"{path}.max_length", "NUMBER_TYPE_MAX", "Must be between 1 and 4000.")


# --- channels --------------------------------------------------------------------------------

_PUNCTUATION = re.compile(r"[!-,./:-@\[-^`{-~]")


def channel_name(name: object, *, plain: bool) -> str:
    """1–100 characters. ``plain``: categories, threads and forums' posts keep their case and spaces."""
    length("name", name, 100, 1)
    assert isinstance(name, str)
    if plain:
        return name.strip()
    text = re.sub(r"\s+", "-", name.strip().lower())
    text = re.sub(r"-{2,}", "-", _PUNCTUATION.sub("", text)).strip("-")
    length("name", text, 100, 1)
    return text
