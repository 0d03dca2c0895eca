"""The shape of the command line: what it offers, how it fails, what its page says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.cli import main
from bot.cli.exits import Exit
from bot.cli.reference import reference
from bot.core.ports.declarations import PlatformModule
from bot.wiring import discovery as plugins
from tests.cli import settings, tocsin
from tests.installation import environment

APPLICATION = """
import sys
from bot.cli import application
application()
heavy = {"aiohttp", "sqlalchemy", "pydantic", "slack_bolt", "slack_sdk", "discord"}
print(*sorted(n for n in sys.modules if n.partition(".")[0] in heavy))
"""


def test_the_page_says_what_the_commands_say() -> None:
    assert Path("docs/cli.md").read_text(encoding="utf-8") == reference(), "run make docs"


def test_every_command_explains_itself() -> None:
    assert "\n\n\n" not in reference()


def test_it_says_which_one_it_is() -> None:
    ran = tocsin("--version")
    assert (ran.code, ran.out) == (0, f"tocsin {version('tocsin')}\n")


def test_help_loads_no_database_no_http_and_no_settings() -> None:
    done = subprocess.run(
        [sys.executable, "-c", APPLICATION], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_a_platform_brings_verbs_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def manifest(name: str = "Tocsin") -> str:
        """The app's manifest."""
        return f"display_name: {name}"

    pigeon = PlatformModule("pigeon", "Pigeon", commands={"manifest": manifest})
    monkeypatch.setattr(plugins, "_offered", lambda extra: iter([("acme.pigeon", pigeon)]))
    with pytest.raises(SystemExit) as left:
        main(["pigeon", "manifest", "--name", "Bell"])
    assert left.value.code == Exit.DONE
    assert capsys.readouterr().out == "display_name: Bell\n"


def test_a_wrong_setting_is_one_sentence_and_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOCSIN_LOG_LEVEL", "loud")
    with pytest.raises(SystemExit) as left:
        main(["migrate"])
    assert left.value.code == Exit.WRONG
    said = capsys.readouterr().err
    assert said.startswith("TOCSIN_LOG_LEVEL is 'loud'")
    assert len(said.splitlines()) == 1


def test_a_taken_port_is_a_sentence_with_its_setting(tmp_path: Path) -> None:
    found = environment(tmp_path)
    host, _, port = found["TOCSIN_BIND"].rpartition(":")
    with socket.socket() as other, settings(found):
        other.bind((host, int(port)))
        other.listen()
        ran = subprocess.run(
            [sys.executable, "-m", "bot", "run"], capture_output=True, text=True, check=False
        )
    assert ran.returncode == Exit.WRONG, ran.stderr
    assert "set TOCSIN_BIND" in ran.stderr.splitlines()[-1]
    assert "Traceback" not in ran.stderr


def test_a_shell_completes_the_commands() -> None:
    asked = {"_TOCSIN_COMPLETE": "complete_bash", "COMP_WORDS": "tocsin dec", "COMP_CWORD": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()"],
        env={**os.environ, **asked}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.stdout.split() == ["declare"], ran
