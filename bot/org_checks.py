"""What can be wrong with an organisation file: its shape, names of things that are not there, and pages
that would reach nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bot.org_format import Document, Problem
from bot.org_format import Path as Where
from bot.org_models import FileModel, near

Wrong = tuple[Where, str]
Reference = tuple[Where, str, Mapping[str, Any], str]

_WHY = {
    ("organisation",): "is required: the name that everybody reads.",
    ("people",): "is required: somebody must be there to be paged.",
    (
        "catch_all",
    ): "is required, such as {notify: [team:payments]}: a page that reaches nobody goes there.",
}


# --- its shape ---------------------------------------------------------------------------------


def explained(error: ValidationError, document: Document) -> list[Problem]:
    """Pydantic's findings in the house's words."""
    return [_problem(fault, document) for fault in error.errors(include_url=False)]


def _problem(fault: Mapping[str, Any], document: Document) -> Problem:
    where = tuple(part for part in fault["loc"] if part != "[key]")
    return Problem(document.line(where), where, _sentence(fault, where))


def _sentence(fault: Mapping[str, Any], where: Where) -> str:
    match fault["type"]:
        case "value_error":
            return str(fault["ctx"]["error"])
        case "missing":
            return _WHY.get(where, "is required.")
        case "extra_forbidden":
            return _no_field(where)
        case "list_type" | "too_short" if fault["type"] == "list_type" or where[-1] != "people":
            return (
                "must be a list of at least one, such as [a, b]."
                if _filled(fault)
                else "must be a list, such as [a, b]."
            )
        case "too_short":
            return "must name somebody."
        case _:
            return "must be fields with values, such as {name: Ana}."


def _no_field(where: Where) -> str:
    allowed = _fields_at(where[:-1])
    hint = near(str(where[-1]), allowed)
    return f"is not a field here;{hint} Allowed: {', '.join(allowed)}."


def _fields_at(where: Where) -> list[str]:
    """The fields of the model at a place in the file."""
    kind: Any = FileModel
    for part in where:
        models = isinstance(kind, type) and issubclass(kind, BaseModel)
        kind = kind.model_fields[part].annotation if models else get_args(kind)[-1]
    return list(kind.model_fields)
