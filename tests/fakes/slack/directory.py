"""auth.test, team.info, users.*, usergroups.*, files.*: who there is, and who we are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.slack.args import Args, known_user, method, page
from tests.fakes.slack.model import DOMAIN, Json, SlackError

if TYPE_CHECKING:
    from tests.fakes.slack.workspace import FakeSlack


@method("auth.test")
def auth_test(slack: FakeSlack, args: Args) -> Json:
    return {
        "url": f"https://{DOMAIN}.slack.com/",
        "team": "Acme",
        **slack.about_bot(),
        "is_enterprise_install": False,
    }


@method("team.info")
def team_info(slack: FakeSlack, args: Args) -> Json:
    return {"team": {**slack.team_json(), "name": "Acme"}}


def _with_email(slack: FakeSlack) -> bool:
    return "users:read.email" in slack.scopes


@method("users.info")
def user_info(slack: FakeSlack, args: Args) -> Json:
    return {"user": known_user(slack, args.need("user")).json(with_email=_with_email(slack))}


@method("users.list")
def users(slack: FakeSlack, args: Args) -> Json:
    items, after = page(list(slack.users.values()), args, 1000)
    return {"members": [user.json(with_email=_with_email(slack)) for user in items], **after}


@method("users.lookupByEmail")
def by_email(slack: FakeSlack, args: Args) -> Json:
    email = args.need("email").lower()
    for user in slack.users.values():
        if user.email.lower() == email and not user.deleted:
            return {"user": user.json()}
    raise SlackError("users_not_found")


@method("usergroups.list")
def groups(slack: FakeSlack, args: Args) -> Json:
    found = [
        {
            "id": group.id,
            "team_id": slack.team_json()["id"],
            "handle": group.handle,
            "name": group.name,
            "user_count": len(group.users),
            **({"users": group.users} if args.flag("include_users") else {}),
        }
        for group in slack.groups.values()
    ]
    return {"usergroups": found}


@method("usergroups.users.list")
def group_users(slack: FakeSlack, args: Args) -> Json:
    group = slack.groups.get(args.need("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


@method("files.getUploadURLExternal")
def upload_url(slack: FakeSlack, args: Args) -> Json:
    if not args.need("filename") or int(args.need("length")) <= 0:
        raise SlackError("length_not_valid")
    key = slack.new("F")
    slack.files[key] = {"id": key, "title": args.text("filename"), "channels": [], "size": 0}
    return {"upload_url": f"{slack.url}/upload/{key}", "file_id": key}


@method("files.completeUploadExternal")
def upload_done(slack: FakeSlack, args: Args) -> Json:
    given = args.structure("files") or []
    if not given:
        raise SlackError("invalid_arguments")
    channel = args.text("channel_id")
    if channel and channel not in slack.channels:
        raise SlackError("channel_not_found")
    for file in given:
        kept = slack.files.get(file.get("id", ""))
        if kept is None or not kept["size"]:
            raise SlackError("file_not_found")
        kept["title"] = file.get("title", kept["title"])
        kept["channels"] = [channel] if channel else []
    return {"files": [slack.files[file["id"]] for file in given]}
