"""Requests as JSON: they come back as they went, and what is wrong with one is said with its field."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from typing import Any

import pytest

from bot.admin import codec
from bot.admin.context import About
from bot.admin.incidents import Declare, ListIncidents, ShowIncident
from bot.admin.oncall import GetDutyShares, WouldPage
from bot.admin.records import ExportRecord
from bot.admin.request import Request
from bot.admin.table import VERBS, verb_of
from bot.core.errors import Fault, Invalid
from tests.bot.admin.requests import EXAMPLES

LIMIT = 1 << 20


def test_there_is_an_example_of_every_request_that_leaves_no_field_as_it_is_by_itself() -> None:
    assert sorted(type(each).__name__ for each in EXAMPLES) == sorted(
        verb.request.__name__ for verb in VERBS
    )
    for request in EXAMPLES:
        for field in fields(request):
            default = field.default
            assert default is MISSING or getattr(request, field.name) != default, field


@pytest.mark.parametrize("request_", EXAMPLES, ids=lambda each: type(each).__name__)
def test_a_request_comes_back_as_it_went(request_: Request[Any]) -> None:
    verb = verb_of(request_)
    body = codec.encode(request_)
    assert codec.decode_request(verb.request, body, verb.limit) == request_
    assert set(json.loads(body)) == set(codec.wire_fields(verb.request))


def test_names_that_python_keeps_for_itself_have_no_mark_in_json() -> None:
    body = json.loads(codec.encode(GetDutyShares()))
    assert set(body) == {"schedule", "from", "until"}
    assert "as" in json.loads(codec.encode(ListIncidents()))


WRONG = [
    (ShowIncident, {"incident": 1, "incidnet": 2}, "incidnet is no field of this request; its fields: as, incident."),
    (ShowIncident, {"incident": 1, "as_": "ana"}, "as_ is no field of this request"),
    (ShowIncident, {}, "incident is missing."),
    (ShowIncident, {"incident": "1"}, "incident: "),
    (ShowIncident, {"incident": True}, "incident: "),
    (ShowIncident, {"incident": 1, "as": 7}, "as: "),
    (Declare, {"title": "x", "private": "yes"}, "private: "),
    (Declare, {"title": "x", "severity": "SEV9"}, "severity: should be one of SEV1, SEV2, SEV3, SEV4, SEV5."),
    (Declare, {"title": "x", "services": ["a", 7]}, "services.1: "),
    (ExportRecord, {"incident": 1, "format": "doc"}, "format: Input should be 'json', 'md' or 'html'."),
    (WouldPage, {"service": "x", "at": "2026-01-05T08:00"}, "at: Input should have timezone info."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "said"), WRONG)
def test_what_is_wrong_is_said_with_its_field(
    kind: type[Request[Any]], values: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        codec.decode_request(kind, json.dumps(values).encode(), LIMIT)
    assert str(refused.value).startswith(said), refused.value


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "The body is no JSON."),
        (b"", "The body is no JSON."),
        (b"[1]", "The body is no JSON object."),
        (b'{"incident": "\xff"}', "The body is no JSON."),
        (b"[" * 100_000, "The body is no JSON."),
    ],
)
def test_what_is_no_json_object_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        codec.decode_request(ShowIncident, body, LIMIT)


def test_an_over_long_body_is_refused_before_it_is_parsed() -> None:
    """It is no JSON, and its length is what is said of it."""
    with pytest.raises(Invalid, match="more than 1 KiB"):
        codec.decode_request(ShowIncident, b"{" * 1025, 1024)


def test_an_answer_may_have_more_than_is_known_of_it_and_not_less() -> None:
    known = About(version="1", process="2", replica="3", console="4", public="5")
    values = json.loads(codec.encode(known))
    more = json.dumps({**values, "moon": "full"}).encode()
    assert codec.decode_answer(About, more) == known
    with pytest.raises(Fault, match=r"\(public\); the bot and the command differ in version"):
        codec.decode_answer(About, json.dumps({**values, "public": None}).encode())
