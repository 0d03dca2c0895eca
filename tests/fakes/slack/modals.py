"""views.*: forms and the home tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.slack.args import Args, known_user, method
from tests.fakes.slack.blocks import check_view
from tests.fakes.slack.model import Json, SlackError, View, invalid

if TYPE_CHECKING:
    from tests.fakes.slack.post import Delivery
    from tests.fakes.slack.workspace import FakeSlack

DEEPEST = 3


def _body(slack: FakeSlack, args: Args, kind: str) -> Json:
    body = check_view(args.structure("view"), kind)
    external = body["external_id"]
    if external and any(v.body["external_id"] == external for v in slack.views.values() if v.open):
        raise SlackError("duplicate_external_id")
    return body


def _triggered(slack: FakeSlack, args: Args) -> Any:
    if not args.text("trigger_id"):
        raise invalid("missing required field: trigger_id")
    return slack.spend(args.text("trigger_id"))


def make(slack: FakeSlack, user: str, body: Json, under: View | None = None) -> View:
    """A new modal, on top of ``under``."""
    key = slack.new("V")
    root = under.root if under else key
    made = View(key, user, body, slack.stamp(), root, under.id if under else "")
    slack.views[key] = made
    slack.touch()
    return made


def depth(slack: FakeSlack, view: View) -> int:
    return sum(1 for each in slack.views.values() if each.root == view.root and each.open)


@method("views.open")
def open_view(slack: FakeSlack, args: Args) -> Json:
    trigger = _triggered(slack, args)
    view = make(slack, trigger.user, _body(slack, args, "modal"))
    trigger.delivery.views.append(view)
    return {"view": view.json()}


@method("views.push")
def push_view(slack: FakeSlack, args: Args) -> Json:
    trigger = _triggered(slack, args)
    under = slack.views.get(trigger.view)
    if under is None:
        raise invalid("trigger was not made inside a view")
    body = _body(slack, args, "modal")
    if depth(slack, under) >= DEEPEST:
        raise SlackError("push_limit_reached")
    view = make(slack, trigger.user, body, under)
    trigger.delivery.views.append(view)
    return {"view": view.json()}


def changed(slack: FakeSlack, view: View, body: Json) -> None:
    view.body, view.hash = body, slack.stamp()
    view.updates += 1
    view.errors = {}
    slack.touch()


@method("views.update")
def update_view(slack: FakeSlack, args: Args) -> Json:
    external = args.text("external_id")
    known = slack.views.values()
    found = next((v for v in known if external and v.body["external_id"] == external), None)
    view = found or slack.views.get(args.text("view_id"))
    if view is None or not view.open:
        raise SlackError("not_found")
    if args.text("hash") not in {"", view.hash}:
        raise SlackError("hash_conflict")
    given = args.structure("view")
    changed(slack, view, check_view(given, "modal"))
    return {"view": view.json()}


@method("views.publish")
def publish(slack: FakeSlack, args: Args) -> Json:
    user = known_user(slack, args.need("user_id")).id
    body = check_view(args.structure("view"), "home")
    before = slack.homes.get(user)
    if args.text("hash") not in {"", before.hash if before else ""}:
        raise SlackError("hash_conflict")
    key = before.id if before else slack.new("V")
    updates = before.updates + 1 if before else 0
    slack.homes[user] = View(key, user, body, slack.stamp(), key, updates=updates)
    slack.touch()
    return {"view": slack.homes[user].json()}


def answered(slack: FakeSlack, view: View, ack: Json, delivery: Delivery) -> None:
    """What the acknowledgement of a submission does to the form."""
    match ack.get("response_action"):
        case None:
            view.open = False
        case "clear":
            for each in slack.views.values():
                each.open = each.open and each.root != view.root
        case "errors":
            _marked(view, ack["errors"])
        case "update":
            changed(slack, view, check_view(ack["view"], "modal"))
            delivery.views.append(view)
        case "push":
            body = check_view(ack["view"], "modal")
            if depth(slack, view) >= DEEPEST:
                raise SlackError("push_limit_reached")
            delivery.views.append(make(slack, view.user, body, view))
        case other:
            raise SlackError(f"unknown response_action {other}")


def _marked(view: View, errors: dict[str, str]) -> None:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not errors or set(errors) - inputs:
        raise SlackError("errors name no input")
    view.errors = dict(errors)
