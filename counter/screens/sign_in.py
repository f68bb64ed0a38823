"""The first screen: who works here (登录). It comes up before the store is even imported."""

from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, Static

from counter.i18n import t
from counter.screens.background import WorkingScreen
from counter.store.keys import operators_at
from counter.widgets.bound import bound
from counter.widgets.fields.choice import Choice, Option
from counter.widgets.fields.text import FormInput
from counter.widgets.lines import KeysLine
from counter.widgets.prose import Prose

if TYPE_CHECKING:
    from counter.store.store import Store

    AnswersWithStore = WorkingScreen[Store]
else:
    AnswersWithStore = WorkingScreen  # the store is not imported before it is needed


class SignInScreen(AnswersWithStore):
    """Choose the operator (`operator` is proposed), type the passphrase; answers with the unlocked store.

    `problem` says why somebody has to sign in again.
    """

    DEFAULT_CSS = """
    SignInScreen { align: center middle; }
    SignInScreen > Vertical { width: 64; max-width: 100%; height: auto; padding: 0 2; }
    SignInScreen .gap { height: 1; }
    SignInScreen #customers { height: auto; max-height: 45%; padding: 0 2; }
    SignInScreen #problem { min-height: 1; height: auto; }
    """
    BINDINGS = [
        bound("scroll-back", "scroll_customers(-1)", show=False, priority=True),
        bound("scroll", "scroll_customers(1)", priority=True),
        bound("quit", "app.quit"),
    ]

    def __init__(self, home: Path, operator: str = "", customers: str = "", problem: str = "") -> None:
        super().__init__()
        self.problem = problem
        self.home = home
        self.operator = operator
        self.customers = customers
        self.operators = [person for person in operators_at(home) if person.active]

    def compose(self) -> ComposeResult:
        options = [
            Option(person.id, f"{person.name}  {t(f'choice.role.{person.role}')}", person.id)
            for person in self.operators
        ]
        with Vertical():
            yield Prose(f"{t('screen.title')}  {t('sign_in.title')}")
            yield Static("", classes="gap")
            yield Prose(t("sign_in.operator"))
            yield Choice(options, tall=True)
            yield Static("", classes="gap")
            yield Prose(t("sign_in.passphrase"))
            yield FormInput.hidden(id="passphrase")
            yield Prose(self.problem, id="problem", classes="problem")
            yield Prose(t("sign_in.hint"))
        if self.customers:
            with VerticalScroll(id="customers", can_focus=False):
                yield Prose(self.customers)
        yield KeysLine()

    def on_mount(self) -> None:
        if self.operators:
            ids = [person.id for person in self.operators]
            proposed = self.operator in ids
            self.query_one(Choice).chosen = self.operator if proposed else ids[0]
            self.query_one(FormInput if proposed or len(ids) == 1 else Choice).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There are customers to scroll through in a demonstration only."""
        return bool(self.customers) if action == "scroll_customers" else True

    def action_scroll_customers(self, by: int) -> None:
        """Turn a page in the made-up customers."""
        customers = self.query_one("#customers", VerticalScroll)
        customers.scroll_relative(y=by * max(1, customers.size.height - 1), animate=False)

    @on(Choice.Done)
    def _chosen(self) -> None:
        self.query_one(FormInput).focus()

    @on(Input.Submitted)
    def action_sign_in(self) -> None:
        """Unlock the ledger in a thread: argon2id takes its time on purpose."""
        box = self.query_one(FormInput)
        if not box.value:
            box.focus()
            return
        passphrase, box.value = box.value, ""
        self._say(t("sign_in.opening"))
        operator = str(self.query_one(Choice).chosen)
        self.in_background(
            lambda _: self._unlock(operator, passphrase), self._opened, group="unlock", once=True, refused=self._say
        )

    def _unlock(self, operator: str, passphrase: str) -> "Store":
        from counter.store.store import Store

        return Store.unlock(self.home, operator, passphrase)

    def _opened(self, store: "Store") -> None:
        self.dismiss(store)

    def _say(self, text: str) -> None:
        self.query_one("#problem", Prose).update(text)
        self.query_one(FormInput).focus()
