"""A Slack workspace on loopback, to which the unmodified slack_sdk and Bolt talk.

    async with serving() as workspace:            # workspace.environ configures a bot
        slack = workspace.slack
        ana = slack.person("ana", email="ana@acme.example")
        told = await ana.types("/incident declare checkout is down")
        assert told.ack_seconds < 0.2
        await slack.until(lambda: slack.made_by_bot())
        slack.faults.at("chat.postMessage", LOST)  # the next post is made and its answer lost
        workspace.sockets.reset()                  # every socket is cut

Whatever Slack refuses it refuses, with Slack's own code. It knows nothing of the bot.
"""

from tests.fakes.slack.faults import (
    ALL,
    ERROR,
    ERROR_AFTER,
    HANG,
    HANG_AFTER,
    LIMITED,
    LOST,
    RESET,
    Fault,
    Faults,
    Moment,
    Wrong,
)
from tests.fakes.slack.model import (
    BOT_USER,
    Channel,
    Ephemeral,
    Kind,
    Message,
    SlackError,
    User,
    View,
)
from tests.fakes.slack.person import Person
from tests.fakes.slack.post import Delivery, Http
from tests.fakes.slack.server import Workspace, serving
from tests.fakes.slack.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, FakeSlack

__all__ = [
    "ALL",
    "APP_TOKEN",
    "BOT_TOKEN",
    "BOT_USER",
    "ERROR",
    "ERROR_AFTER",
    "HANG",
    "HANG_AFTER",
    "LIMITED",
    "LOST",
    "RESET",
    "SIGNING_SECRET",
    "Channel",
    "Delivery",
    "Ephemeral",
    "FakeSlack",
    "Fault",
    "Faults",
    "Http",
    "Kind",
    "Message",
    "Moment",
    "Person",
    "SlackError",
    "User",
    "View",
    "Workspace",
    "Wrong",
    "serving",
]
