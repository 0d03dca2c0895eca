"""The shape of the organisation file, field by field, and what each field accepts.

Whether a name that refers to something finds it is for ``org_checks`` to say.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from pydantic import PlainValidator as Read

from bot.core.severity import Severity
from bot.organisation.reach import ChannelModel, HoursModel, PolicyModel, RulesModel
from bot.organisation.values import (
    PLATFORMS,
    Key,
    Notified,
    PersonKey,
    Platform,
    Strict,
    Text,
    Zone,
    a_call,
    a_discord,
    a_guests,
    a_phone,
    a_room,
    a_severity,
    a_truth,
    a_whole,
    an_address,
    an_email,
)

Severe = Annotated[Severity, Read(a_severity)]


class PersonModel(Strict):
    name: Text
    email: Annotated[str | None, Read(an_email)] = None
    timezone: Zone | None = None
    slack: Text | None = None
    discord: Annotated[str | None, Read(a_discord)] = None
    console: Text | None = None
    identities: dict[Platform, Text] = Field(default_factory=dict)
    admin: Annotated[bool, Read(a_truth)] = False
    phone: Annotated[str | None, Read(a_phone)] = None
    addresses: dict[Key, Text] = Field(default_factory=dict)
    rules: RulesModel = RulesModel()
    quiet: HoursModel | None = None


class TeamModel(Strict):
    name: Text | None = None
    members: list[Key] = Field(default_factory=list)
    managers: list[Key] = Field(default_factory=list)


class ServiceModel(Strict):
    team: Key | None = None
    tier: Annotated[int | None, Read(a_whole(1, 5))] = None
    depends_on: list[Key] = Field(default_factory=list)
    escalation: Key | None = None
    component: Key | None = None
    runbooks: list[Annotated[str, Read(an_address)]] = Field(default_factory=list)
    rooms: list[Platform] = Field(default_factory=list)


class CatchAllModel(Strict):
    notify: list[Notified] = Field(min_length=1)


class ComponentModel(Strict):
    name: Text
    group: Text = ""
    description: Text = ""


class SlackModel(Strict):
    guests: Annotated[str, Read(a_guests)] = "deny"


class DiscordModel(Strict):
    allowed_roles: list[Text] = Field(default_factory=list)
    category: Text = "Incidents"
    rooms_as: Annotated[str, Read(a_room)] = "channels"
    parent: Text = "war-rooms"


class ChatModel(Strict):
    announce: dict[Platform, Text] = Field(default_factory=dict)
    call: Annotated[str, Read(a_call)] = ""
    rooms: list[Platform] = Field(default_factory=lambda: [*PLATFORMS])
    rooms_by_severity: dict[Severe, list[Platform]] = Field(default_factory=dict)
    slack: SlackModel = SlackModel()
    discord: DiscordModel = DiscordModel()


class PluginModel(Strict):
    private: Annotated[bool, Read(a_truth)] = False


class FileModel(Strict):
    organisation: Text
    timezone: Zone = "UTC"
    chat: ChatModel = ChatModel()
    people: dict[PersonKey, PersonModel] = Field(min_length=1)
    teams: dict[Key, TeamModel] = Field(default_factory=dict)
    services: dict[Key, ServiceModel] = Field(default_factory=dict)
    schedules: dict[Key, dict[str, Any]] = Field(default_factory=dict)
    escalations: dict[Key, PolicyModel] = Field(default_factory=dict)
    channels: dict[Key, ChannelModel] = Field(default_factory=dict)
    catch_all: CatchAllModel
    components: dict[Key, ComponentModel] = Field(default_factory=dict)
    plugins: dict[Key, PluginModel] = Field(default_factory=dict)
