"""An unmodified Bolt app beside the fake, for the fake's own tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Http, Workspace


def client(workspace: Workspace, token: str = BOT_TOKEN) -> AsyncWebClient:
    return AsyncWebClient(token, base_url=workspace.environ["SLACK_API_URL"])


def app_for(workspace: Workspace) -> AsyncApp:
    return AsyncApp(client=client(workspace), signing_secret=SIGNING_SECRET)


@asynccontextmanager
async def over_sockets(
    workspace: Workspace, app: AsyncApp, ping: float = 5
) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(app, APP_TOKEN, ping_interval=ping)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # the vendor's
    await workspace.slack.until(lambda: workspace.slack.post.links)
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # the vendor's


@asynccontextmanager
async def over_http(workspace: Workspace, app: AsyncApp) -> AsyncIterator[None]:
    async def events(request: web.Request) -> web.Response:
        body = await request.text()
        answer = await app.async_dispatch(
            AsyncBoltRequest(body=body, headers=dict(request.headers.items()))
        )
        kind = answer.first_headers().get("content-type", "text/plain").split(";")[0]
        return web.Response(status=answer.status, text=answer.body, content_type=kind)

    site = web.Application()
    site.add_routes([web.post("/slack/events", events)])
    runner = web.AppRunner(site, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    workspace.slack.post.http = Http(url, SIGNING_SECRET)
    try:
        yield
    finally:
        await runner.cleanup()


def refusal(error: SlackApiError) -> str:
    """The code with which Slack refused."""
    return str(error.response["error"])
