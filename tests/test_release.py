"""``make release``: what it makes of changelog and version, and what it refuses."""

import subprocess
from pathlib import Path

import pytest

from tools import release
from tools.release import ReleaseError, released, unreleased, with_version

CHANGELOG = """# Changelog

## [Unreleased]

### Added

- A thing.

## [0.1.0] - 2026-01-02

- The first.
"""
SOURCE = '"""counter."""\n\n__version__ = "0.1.0"\n'


def test_the_notes_are_what_stands_before_the_last_version() -> None:
    assert unreleased(CHANGELOG) == "### Added\n\n- A thing."


def test_the_notes_go_under_the_version() -> None:
    changelog = released(CHANGELOG, "0.2.0", "2026-03-04")
    assert changelog.startswith(
        "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-03-04\n\n### Added\n\n- A thing.\n"
    )
    assert changelog.endswith("## [0.1.0] - 2026-01-02\n\n- The first.\n")
    with pytest.raises(ReleaseError, match="says nothing"):
        unreleased(changelog)


@pytest.mark.parametrize("changelog", ["# Changelog\n", "## [Unreleased]\n\n### Added\n\n## [0.1.0]\n\n- The first.\n"])
def test_no_notes_no_release(changelog: str) -> None:
    with pytest.raises(ReleaseError, match="changelog"):
        unreleased(changelog)


@pytest.mark.parametrize("version", ["0.1.0", "0.1.1", "0.10.0", "1.0.0"])
def test_the_version_stands_in_the_package(version: str) -> None:
    assert with_version(SOURCE, version) == f'"""counter."""\n\n__version__ = "{version}"\n'


@pytest.mark.parametrize("version", ["", "1", "1.0", "v1.0.0", "1.0.0rc1", "0.0.9", "1.0.0\n"])
def test_what_is_no_version_or_an_older_one(version: str) -> None:
    with pytest.raises(ReleaseError):
        with_version(SOURCE, version)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    root = tmp_path / "repository"
    (root / "counter").mkdir(parents=True)
    (root / "CHANGELOG.md").write_text(CHANGELOG, "utf-8")
    (root / "counter" / "__init__.py").write_text(SOURCE, "utf-8")
    for command in (
        "init --quiet",
        "config user.name Clerk",
        "config user.email clerk@example.org",
        "add .",
        "commit --quiet --message First",
    ):
        subprocess.run(["git", *command.split()], cwd=root, check=True)
    return root


def test_a_changed_tree_is_refused_and_left_alone(repository: Path) -> None:
    (repository / "new.txt").write_text("not committed", "utf-8")
    with pytest.raises(ReleaseError, match=r"new\.txt"):
        release.release(repository, "0.2.0")
    assert (repository / "CHANGELOG.md").read_text("utf-8") == CHANGELOG
    assert release.git(repository, "tag") == ""


def test_a_version_is_released_once(repository: Path) -> None:
    release.git(repository, "tag", "v0.2.0")
    with pytest.raises(ReleaseError, match="already"):
        release.prepare(repository, "0.2.0", "2026-03-04")


def test_archives_that_fail_leave_the_tree_as_it_was(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(root: Path, folder: Path) -> tuple[Path, Path]:
        assert '"0.2.0"' in (root / "counter" / "__init__.py").read_text("utf-8")
        raise ReleaseError("no wheel")

    monkeypatch.setattr(release, "build", build)
    with pytest.raises(ReleaseError, match="no wheel"):
        release.release(repository, "0.2.0")
    assert release.git(repository, "status", "--porcelain") == release.git(repository, "tag") == ""
    assert release.git(repository, "log", "--format=%s") == "First"


def test_commit_and_tag(repository: Path) -> None:
    notes = release.prepare(repository, "0.2.0", "2026-03-04")
    release.commit(repository, "0.2.0", notes)
    assert release.git(repository, "log", "--format=%s", "v0.2.0") == "Release 0.2.0\nFirst"
    assert release.git(repository, "tag", "--list", "--format=%(contents)") == f"counter 0.2.0\n\n{notes}"
    assert release.git(repository, "status", "--porcelain") == ""
    assert '"0.2.0"' in (repository / "counter" / "__init__.py").read_text("utf-8")
