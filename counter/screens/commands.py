"""The commands that Ctrl+P names: what they are called, by what they are found, what they do."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeAlias

from textual.app import App
from textual.screen import Screen

from counter.desk.desk import Desk
from counter.i18n import LANGUAGES, has, in_every_language, keys_of, language, step_name, t, traits
from counter.keymap.in_use import key_of
from counter.paper.accepted import file_name, text_page
from counter.paper.languages import for_customer
from counter.reference.pinyin import typed_as
from counter.rules.reference import AcceptedText
from counter.screens import services
from counter.screens.background import WorkingScreen
from counter.screens.blanks import BlanksScreen
from counter.screens.case.screen import CaseScreen
from counter.screens.dialogs.help import rule_text
from counter.screens.dialogs.text import TextScreen
from counter.screens.paper import AcceptedTextScreen
from counter.screens.setting import SettingScreen
from counter.screens.till import TillScreen
from counter.settings import NAMES, Settings, meaning_of

Act: TypeAlias = Callable[[], Awaitable[object] | None]


class Program(Protocol):
    """What the commands need of the application."""

    settings: Settings

    @property
    def theme(self) -> str:
        """The theme in use."""

    def themes(self) -> Sequence[str]:
        """Those that there are to choose from."""

    def wear(self, theme: str) -> None:
        """Use another."""

    async def go_home(self) -> WorkingScreen[Any] | None:
        """Home, what was open kept; None where it could not be."""

    async def start(self, service: str) -> None:
        """A new case."""

    async def speak(self, language: str) -> None:
        """Another language."""

    async def settle(self, name: str, value: Any) -> bool:
        """A setting has another value; does it hold already?"""


@dataclass(frozen=True, slots=True)
class NamedCommand:
    """Something to do: of which group, what it is called, what of it, its key, by what it is found, and how."""

    group: str
    name: str
    about: str
    key: str
    words: Sequence[str]
    act: Act

    @property
    def found_by(self) -> tuple[str, ...]:
        """Every word of what is typed has to be in one of these."""
        return (self.name, self.group, self.key, *self.words)


def commands_of(screen: Screen[Any]) -> Iterator[NamedCommand]:
    """What the keys of a screen do now, each once."""
    app, done = screen.app, set[str]()
    for active in screen.active_bindings.values():
        binding = active.binding
        name = binding.description
        if active.enabled and has(name) and "palette" not in binding.action and name not in done:
            done.add(name)
            key = app.get_key_display(binding)
            act = _running(app, binding.action, active.node)
            yield NamedCommand(t("palette.group.key"), t(name), "", key, _called(name), act)


def everywhere(app: Program, desk: Desk, below: Screen[Any]) -> Iterator[NamedCommand]:
    """What can be done from any screen that asks nothing."""
    if isinstance(below, CaseScreen):
        yield from _steps(below)
    for service in services.matching(""):
        number, name = services.service_pick(service).cells
        words = (number.strip(), *services.names(service.id))
        yield NamedCommand(
            t("palette.group.service"),
            name,
            t(f"service.{service.id}.hint"),
            number.strip(),
            words,
            partial(app.start, service.id),
        )
    yield from _counted(below.app, desk)
    yield from _languages(app)
    yield from _themes(app)
    yield from _settings(app, below.app)
    yield from _documents(below.app, desk)


def _steps(screen: CaseScreen) -> Iterator[NamedCommand]:
    opened = screen.open
    for number, step in enumerate(opened.steps, 1):
        if opened.reachable(number):
            name = step_name(opened.service, step)
            yield NamedCommand(
                t("palette.group.step"),
                name,
                "",
                key_of(f"step-{number}"),
                (*typed_as(name), step),
                partial(screen.action_go, number),
            )


def _counted(app: App[Any], desk: Desk) -> Iterator[NamedCommand]:
    """The till and the blank cards, from anywhere."""
    for key, screen in (("key.till", TillScreen), ("key.blanks", BlanksScreen)):
        act = partial(_over, app, screen, desk)
        yield NamedCommand(t("palette.group.key"), t(key), "", key_of(key.removeprefix("key.")), _called(key), act)


def _languages(app: Program) -> Iterator[NamedCommand]:
    for other in LANGUAGES:
        name, here = traits(other).name, other == language()
        words = (other, *typed_as(name), *_called("palette.group.language"))
        about = t("palette.here") if here else ""
        yield NamedCommand(t("palette.group.language"), name, about, "", words, partial(app.speak, other))


def _themes(app: Program) -> Iterator[NamedCommand]:
    for name in app.themes():
        about = t("palette.here") if name == app.theme else ""
        words = _called("palette.group.theme")
        yield NamedCommand(t("palette.group.theme"), name, about, "", words, partial(app.wear, name))


def _settings(program: Program, app: App[Any]) -> Iterator[NamedCommand]:
    settings = program.settings
    for name in NAMES:
        meaning, value = meaning_of(name), getattr(settings, name)
        said = f"{name} = {'' if value is None else value}"
        words = (*typed_as(meaning), *_called("palette.group.setting"))
        yield NamedCommand(t("palette.group.setting"), said, meaning, "", words, partial(_change, app, program, name))


def _documents(app: App[Any], desk: Desk) -> Iterator[NamedCommand]:
    """The book of rules, and the texts that customers accept here."""
    group = t("palette.group.document")
    for key in keys_of("rule"):
        _, rule, part = key.split(".")
        if part == "title":
            words = (rule, *_called(key))
            yield NamedCommand(group, rule, t(key), "", words, partial(_read, app, rule_text(rule)))
    policy = desk.reference.cities.get(desk.place.city, desk.reference.general)
    for text in policy.texts.values():
        key = f"choice.text.{text.id}"
        yield NamedCommand(group, t(key), "", "", _called(key), partial(_read_whole, app, desk, text))


def _change(app: App[Any], program: Program, name: str) -> None:
    app.push_screen(SettingScreen(program.settings, name, program.settle))


def _over(app: App[Any], screen: Callable[[Desk], Screen[None]], desk: Desk) -> None:
    app.push_screen(screen(desk))


def _read(app: App[Any], text: str) -> None:
    app.push_screen(TextScreen(text))


def _read_whole(app: App[Any], desk: Desk, text: AcceptedText) -> None:
    app.push_screen(AcceptedTextScreen(desk, for_customer(lambda: text_page(text), None), file_name(text)))


def _running(app: App[Any], action: str, node: Any) -> Act:
    return lambda: app.run_action(action, node)


def _called(key: str) -> tuple[str, ...]:
    """What something is called in every language, and in pinyin."""
    names = in_every_language(key).values()
    return tuple(word for name in names for word in (name, *typed_as(name)))
