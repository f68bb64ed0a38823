"""NOTICE names every package of the lock, in its version, with its licence."""

import importlib.metadata

from tools import notice


def test_every_package_of_the_lock_has_its_licence() -> None:
    text = notice.NOTICE.read_text("utf-8")
    lines = dict(line.split(": ", 1) for line in text.removeprefix(notice.HEAD).splitlines())
    assert set(lines) == {f"{name} {version}" for name, version in notice.pins()}
    assert all(lines.values())


def test_the_licence_is_the_one_that_the_package_says() -> None:
    installed = {each.metadata["Name"].lower() for each in importlib.metadata.distributions()}
    lines = notice.NOTICE.read_text("utf-8").splitlines()
    here = [(name, version) for name, version in notice.pins() if name.lower() in installed]
    assert len(here) > 50
    assert [name for name, version in here if f"{name} {version}: {notice.licence(name)}" not in lines] == []
