"""The check of commit subjects: what it refuses, and where it begins."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECK = Path(__file__).resolve().parents[1] / ".ci" / "subjects"
SOMEBODY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ana"), ("EMAIL", "ana@example.org"))
}
AWAY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="no git here")


def environment() -> dict[str, str]:
    """Without the repository that a git hook names, and without anybody's own configuration."""
    mine = {name: value for name, value in os.environ.items() if name not in AWAY}
    return {**mine, **SOMEBODY, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, env=environment(), check=True, capture_output=True)


def commit(root: Path, subject: str) -> None:
    git(root, "commit", "--quiet", "--allow-empty", "-m", subject)


def checked(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(CHECK)],
        cwd=root, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One old commit that the rule does not know, then the one that adds it."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "--quiet")
    commit(root, "Something old, in prose.")
    (root / ".ci").mkdir()
    (root / ".ci" / "subjects").write_text("the check\n")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "ci: commit subjects")
    return root


@needs_git
def test_old_commits_and_good_ones_pass(repository: Path) -> None:
    commit(repository, "jobs: lease due rows on insert")
    commit(repository, "chat/slack: " + "x" * 60)
    assert checked(repository).returncode == 0


@needs_git
@pytest.mark.parametrize(
    ("subject", "why"),
    [
        ("Lease due rows", "area: what"),
        ("jobs:lease due rows", "area: what"),
        ("jobs: lease due rows.", "full stop"),
        ("jobs: " + "x" * 67, "73 characters"),
    ],
)
def test_a_subject_of_another_shape_is_named(repository: Path, subject: str, why: str) -> None:
    commit(repository, subject)
    done = checked(repository)
    assert done.returncode == 1
    assert subject in done.stderr
    assert why in done.stderr


@needs_git
def test_a_branch_that_left_before_the_rule_may_be_merged_after_it(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "-b", "side", "HEAD~1")
    commit(repository, "Another old one, in prose.")
    git(repository, "checkout", "--quiet", "-")
    git(repository, "merge", "--quiet", "--no-edit", "side")
    commit(repository, "jobs: lease due rows on insert")
    assert checked(repository).returncode == 0


@needs_git
def test_a_shallow_clone_does_not_break_it(repository: Path, tmp_path: Path) -> None:
    commit(repository, "jobs: lease due rows on insert")
    git(tmp_path, "clone", "--quiet", "--depth", "1", repository.as_uri(), "shallow")
    done = checked(tmp_path / "shallow")
    assert (done.returncode, done.stderr) == (0, "")


def test_an_archive_has_no_subjects(tmp_path: Path) -> None:
    assert checked(tmp_path).returncode == 0
