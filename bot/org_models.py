"""The shape of the organisation file, field by field: what pydantic checks before we do."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.escalation import Direction


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PersonModel(Strict):
    name: str
    email: str | None = None
    timezone: str | None = None
    slack: str | None = None
    discord: str | None = None
    console: str | None = None
    identities: dict[str, str] = {}
    admin: bool = False


class TeamModel(Strict):
    name: str | None = None
    members: list[str] = []
    managers: list[str] = []


class ServiceModel(Strict):
    team: str | None = None
    tier: int | None = Field(None, ge=1, le=5)
    depends_on: list[str] = []
    escalation: str | None = None
    component: str | None = None
    runbooks: list[str] = []


class StepModel(Strict):
    notify: list[str] = Field(min_length=1)
    after: str = "0m"
    kind: Direction = Direction.FUNCTIONAL


class PolicyModel(Strict):
    steps: list[StepModel] = Field(min_length=1)
    repeat: int = Field(1, ge=1, le=20)


class CatchAllModel(Strict):
    notify: list[str] = Field(min_length=1)


class ComponentModel(Strict):
    name: str
    group: str = ""
    description: str = ""


class ChatModel(Strict):
    announce: dict[str, str] = {}
    call: str = ""
    rooms: list[str] = ["slack", "discord", "console"]
    slack: dict[str, Any] = {}
    discord: dict[str, Any] = {}


class FileModel(Strict):
    organisation: str
    timezone: str = "UTC"
    chat: ChatModel = ChatModel()
    people: dict[str, PersonModel] = Field(min_length=1)
    teams: dict[str, TeamModel] = {}
    services: dict[str, ServiceModel] = {}
    schedules: dict[str, dict[str, Any]] = {}
    escalations: dict[str, PolicyModel] = {}
    catch_all: CatchAllModel
    components: dict[str, ComponentModel] = {}
