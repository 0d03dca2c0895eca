"""What Discord answers when it will not: the status, its own code, and the fields that are wrong."""

from __future__ import annotations

from tests.fakes.discord.model import Json


class Refusal(Exception):
    """An error as the wire has it."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code}: {message} {errors or ''}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> Json:
        told: Json = {"message": self.message, "code": self.code}
        return told if self.errors is None else {**told, "errors": self.errors}


class TooMany(Refusal):
    """429: ``after`` in seconds; a hidden bucket says nothing in its headers."""

    def __init__(self, after: float, scope: str = "user") -> None:
        super().__init__(429, 0, "You are being rate limited.")
        self.after = after
        self.scope = scope
        self.headers: dict[str, str] = {}

    def body(self) -> Json:
        told = {"message": self.message, "retry_after": round(self.after, 3)}
        return {**told, "global": self.scope == "global"}


def unknown(what: str) -> Refusal:
    """404 with the code of the kind of thing that is not there."""
    codes = {
        "Channel": 10003, "Guild": 10004, "Member": 10007, "Message": 10008, "Role": 10011,
        "User": 10013, "Emoji": 10014, "Webhook": 10015, "Interaction": 10062,
        "Application Command": 10063, "Permission Overwrite": 10009,
    }  # fmt: skip
    return Refusal(404, codes[what], f"Unknown {what}")


def no_access() -> Refusal:
    return Refusal(403, 50001, "Missing Access")


def no_permission() -> Refusal:
    return Refusal(403, 50013, "Missing Permissions")


def no_token() -> Refusal:
    return Refusal(401, 0, "401: Unauthorized")


def form(path: str, code: str, message: str) -> Refusal:
    """50035: ``path`` is dotted, as in ``embeds.0.title``."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for part in reversed(path.split(".")):
        errors = {part: errors}
    return Refusal(400, 50035, "Invalid Form Body", errors)


def length(path: str, text: object, most: int, least: int = 0) -> None:
    """Refuses what is no text or too long or too short."""
    if not isinstance(text, str):
        raise form(path, "STRING_TYPE_CONVERT", f"Could not interpret {text!r} as string.")
    size = len(text)
    if least and not text.strip():
        raise form(path, "BASE_TYPE_REQUIRED", "This field is required")
    if size > most and not least:
        raise form(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
    if not least <= size <= most:
        told = f"Must be between {least} and {most} in length."
        raise form(path, "BASE_TYPE_BAD_LENGTH", told)


def count(path: str, things: object, most: int, least: int = 0) -> list[Json]:
    """Refuses what is no list or has too many or too few items."""
    if not isinstance(things, list):
        raise form(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    if not least <= len(things) <= most:
        told = f"Must be between {least} and {most} in length."
        raise form(path, "BASE_TYPE_BAD_LENGTH", told)
    return things
