"""What a browser calls itself, in two words for the list of one's sessions. It proves nothing."""

from __future__ import annotations

import re

from aiohttp import web

# The first that is found counts: most browsers also name the ones that they descend from.
_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
_NAMES = {"Edg": "Edge", "OPR": "Opera"}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def device(request: web.Request) -> str:
    """For example "Firefox on Linux"."""
    agent = request.headers.get("User-Agent", "")[:400]
    browser = next((b for b in _BROWSERS if f"{b}/" in agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in agent), "")
    if not browser:
        return re.sub(r"[^\w./ -]", "", agent)[:40] or "an unnamed browser"
    named = _NAMES.get(browser, browser)
    return f"{named} on {system}" if system else named
