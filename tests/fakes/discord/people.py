"""The people's side: what somebody can do in Discord's client, and only what they could."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.fakes.discord import message_routes, posting, shape
from tests.fakes.discord.interactions import (
    COMMAND,
    COMPLETION,
    COMPONENT,
    SUBMIT,
    Interaction,
)
from tests.fakes.discord.model import Channel, Intent, Json, May, Member, Message, Role, flat
from tests.fakes.discord.options import Resolved, filled, find_command
from tests.fakes.discord.routing import Call, Stage

_MESSAGE_MENU, _BUTTON, _LINK = 3, 2, 5


@dataclass
class Person:
    """One member of the guild at their keyboard. What their client would not let them do fails the test."""

    stage: Stage
    member: Member

    @property
    def id(self) -> str:
        return str(self.member.user.id)

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    # --- application commands, buttons, forms ---

    def slash(self, channel: Channel, path: str, **options: object) -> Interaction:
        """Invoke ``path`` (``"incident declare"``) as the registered tree allows it."""
        command, leaf, kinds = find_command(self.stage.world, path)
        resolved = Resolved(self.stage.world)
        given = filled(leaf, options, resolved)
        for name, kind in reversed(kinds):
            given = [{"type": kind, "name": name, "options": given}]
        data = {**_named(command), "options": given, **resolved.told()}
        return self._begin(COMMAND, channel, data, needs=May.USE_APPLICATION_COMMANDS)

    def complete(
        self, channel: Channel, path: str, focus: str, text: str, **options: object
    ) -> Interaction:
        """Typing into an option that completes."""
        command, leaf, kinds = find_command(self.stage.world, path)
        [option] = [o for o in leaf.get("options") or () if o["name"] == focus]
        assert option.get("autocomplete"), f"/{path} {focus} does not complete"
        resolved = Resolved(self.stage.world)
        given = filled(leaf, options, resolved, partial=True)
        given.append({"type": option["type"], "name": focus, "value": text, "focused": True})
        for name, kind in reversed(kinds):
            given = [{"type": kind, "name": name, "options": given}]
        return self._begin(COMPLETION, channel, {**_named(command), "options": given})

    def menu(self, channel: Channel, message: Message, name: str) -> Interaction:
        """A message's context menu."""
        command = next(
            (c for c in self.stage.world.commands.values() if c["type"] == _MESSAGE_MENU and c["name"] == name),
            None,
        )  # fmt: skip
        assert command is not None, f"no message menu {name!r} is registered"
        about = shape.message(self.stage.world, message)
        resolved = {"messages": {str(message.id): about}}
        data = {**_named(command), "target_id": str(message.id), "resolved": resolved}
        return self._begin(COMMAND, channel, data)

    def press(self, message: Message, label: str) -> Interaction:
        """A button, by its label or its custom id."""
        found = self._part(message, label, "label")
        assert found["type"] == _BUTTON
        assert found["style"] != _LINK, f"{label!r} is a link"
        data = {
            "component_type": _BUTTON,
            "custom_id": found["custom_id"],
            "id": found.get("id", 1),
        }
        return self._begin(COMPONENT, self._at(message), data, on=message)

    def pick(self, message: Message, custom_id: str, *values: str) -> Interaction:
        """Choose in a select."""
        found = self._part(message, custom_id, "placeholder")
        if found["type"] == 3:
            offered = {option["value"] for option in found["options"]}
            assert set(values) <= offered, f"{values} not among {sorted(offered)}"
        assert found.get("min_values", 1) <= len(values) <= found.get("max_values", 1)
        data: Json = {"component_type": found["type"], "custom_id": found["custom_id"], "values": list(values)}  # fmt: skip
        resolved = Resolved(self.stage.world)
        if found["type"] != 3:
            for value in values:
                resolved.add(int(value))
        return self._begin(COMPONENT, self._at(message), {**data, **resolved.told()}, on=message)

    def submit(self, form: Interaction, values: Mapping[str, str | list[str]]) -> Interaction:
        """Send the modal that ``form`` opened; ``values`` by custom id."""
        assert form.modal is not None, "no form was opened"
        parts = [p for p in flat(form.modal["components"]) if p.get("custom_id")]
        assert set(values) <= {p["custom_id"] for p in parts}, [p["custom_id"] for p in parts]
        components = [_answer(part, values) for part in form.modal["components"]]
        data = {"custom_id": form.modal["custom_id"], "components": components}
        channel = self.stage.world.channels[form.channel]
        return self._begin(SUBMIT, channel, data, on=form.on)

    def _part(self, message: Message, wanted: str, by: str) -> Json:
        assert not message.deleted, "the message is gone"
        if message.ephemeral:
            assert message.seen_by == self.member.user.id, "only another person sees that message"
        found = [p for p in message.parts() if wanted in {p.get(by), p.get("custom_id")}]
        shown = [p.get("label") or p.get("custom_id") for p in message.parts()]
        assert found, f"no {wanted!r} among {shown}"
        assert not found[0].get("disabled"), f"{wanted!r} is disabled"
        return found[0]

    def _at(self, message: Message) -> Channel:
        return self.stage.world.channels[message.channel]

    def _begin(
        self, kind: int, channel: Channel, data: Json, *, on: Message | None = None,
        needs: May = May.VIEW_CHANNEL,
    ) -> Interaction:  # fmt: skip
        world = self.stage.world
        world.may(self.member.user.id, channel, May.VIEW_CHANNEL, needs)
        made = self.stage.interactions.begin(
            kind, self.member.user.id, channel.id, {"data": data}, on
        )
        payload: Json = {
            "id": str(made.id), "application_id": str(world.me.id), "type": kind, "data": data,
            "channel_id": str(channel.id), "token": made.token, "version": 1, "locale": "en-GB",
            "app_permissions": str(world.permissions(world.me.id, channel)), "entitlements": [],
            "attachment_size_limit": 10_485_760,
            "channel": {**shape.channel(world, channel), "permissions": str(world.permissions(self.member.user.id, channel))},
        }  # fmt: skip
        owners = {"0": str(world.guild)}
        if channel.recipient is not None:
            payload |= {"user": shape.user(self.member.user), "context": 1}
        else:
            have = str(world.permissions(self.member.user.id, channel))
            payload["member"] = {**shape.member(self.member), "permissions": have}
            payload |= {"guild_id": str(world.guild), "guild_locale": "en-US", "context": 0}
            payload["guild"] = {"id": str(world.guild), "locale": "en-US", "features": []}
        payload["authorizing_integration_owners"] = owners
        if on is not None:
            payload["message"] = shape.message(world, on)
        made.payload = payload
        self.stage.gateway.tell("INTERACTION_CREATE", payload)
        return made

    # --- plain messages ---

    def say(self, channel: Channel, text: str, *, reply_to: Message | None = None) -> Message:
        world = self.stage.world
        needs = May.SEND_MESSAGES_IN_THREADS if channel.thread else May.SEND_MESSAGES
        world.may(self.member.user.id, channel, needs)
        body: Json = {"content": text}
        if reply_to is not None:
            body["message_reference"] = {"message_id": str(reply_to.id)}
        return posting.post(world, self.stage.gateway, channel, self.member.user, body)

    def direct(self, text: str) -> Message:
        """Write to the bot alone."""
        return self.say(self.stage.world.direct(self.member.user.id), text)

    def edit(self, message: Message, text: str) -> None:
        assert message.author is self.member.user
        posting.edit(
            self.stage.world, self.stage.gateway, self._at(message), message, {"content": text}
        )

    def delete(self, message: Message) -> None:
        assert message.author is self.member.user
        posting.delete(self.stage.world, self.stage.gateway, self._at(message), message)

    def react(self, message: Message, emoji: str) -> None:
        channel = self._at(message)
        self.stage.world.may(self.member.user.id, channel, May.ADD_REACTIONS)
        message_routes.react(self._call(), channel, message, emoji, self.member.user.id)

    def unreact(self, message: Message, emoji: str) -> None:
        message_routes.unreact(self._call(), self._at(message), message, emoji, self.member.user.id)

    def pin(self, message: Message) -> None:
        posting.pin(
            self.stage.world, self.stage.gateway, self._at(message), message, self.member.user
        )

    def unpin(self, message: Message) -> None:
        posting.unpin(self.stage.world, self.stage.gateway, self._at(message), message)

    def _call(self) -> Call:
        return Call(self.stage, {}, {}, {})

    # --- membership ---

    def takes(self, role: Role) -> None:
        """Somebody gives this person a role."""
        self.member.roles.add(role.id)
        self._changed("GUILD_MEMBER_UPDATE")

    def loses(self, role: Role) -> None:
        self.member.roles.discard(role.id)
        self._changed("GUILD_MEMBER_UPDATE")

    def leaves(self) -> None:
        """The guild, for good."""
        self.stage.world.members.pop(self.member.user.id)
        self._changed("GUILD_MEMBER_REMOVE")

    def _changed(self, event: str) -> None:
        told = {"guild_id": str(self.stage.world.guild), **shape.member(self.member)}
        self.stage.gateway.tell(event, told, needs=Intent.MEMBERS)

    # --- what they see ---

    def sees(self, channel: Channel) -> list[Message]:
        """The channel as this person reads it: others' private answers are not there."""
        world = self.stage.world
        world.may(self.member.user.id, channel, May.READ_MESSAGE_HISTORY)
        return [m for m in channel.said() if not m.ephemeral or m.seen_by == self.member.user.id]


def _named(command: Json) -> Json:
    named: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    return {**named, "guild_id": command["guild_id"]} if command.get("guild_id") else named


def _answer(part: Json, values: Mapping[str, str | list[str]]) -> Json:
    if part.get("components"):
        inner = [_answer(one, values) for one in part["components"]]
        return {"type": part["type"], "id": part.get("id", 1), "components": inner}
    if part.get("component"):
        inner_one = _answer(part["component"], values)
        return {"type": part["type"], "id": part.get("id", 1), "component": inner_one}
    if not part.get("custom_id"):
        return {"type": part["type"], "id": part.get("id", 1)}
    told: Json = {"type": part["type"], "custom_id": part["custom_id"], "id": part.get("id", 1)}
    given = values.get(part["custom_id"], part.get("value") or "")
    if part["type"] != 4:
        default = [o["value"] for o in part.get("options") or () if o.get("default")]
        return {**told, "values": values.get(part["custom_id"], default)}
    assert given or not part.get("required", True), f"{part['custom_id']} is required"
    assert len(given) <= (part.get("max_length") or 4000), f"{part['custom_id']} is too long"
    return {**told, "value": given}
