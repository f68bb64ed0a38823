"""The first screen: who works here (登录). It comes up before the store is even imported."""

from pathlib import Path
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, Static

from counter.i18n import t
from counter.screens.background import WorkingScreen
from counter.store.keys import operators_at
from counter.widgets.bound import bound, fixed
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
        fixed("walk", "up", "choose(-1)"),
        fixed("walk", "down", "choose(1)"),
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
            yield Prose(id="operator")
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
            typed = proposed or len(ids) == 1
            self._offer(digits=not typed)
            self.query_one(FormInput if typed else Choice).focus()

    def on_descendant_focus(self) -> None:
        self._offer(digits=self.query_one(Choice).has_focus)

    def _offer(self, *, digits: bool) -> None:
        """Digits choose as long as nothing can be typed, and are said to only then."""
        self.query_one(Choice).digits = digits
        self.query_one("#operator", Prose).update(t("sign_in.operator") if digits else t("sign_in.operator_arrows"))

    def action_choose(self, by: int) -> None:
        """The arrows choose the operator, wherever the focus is; what is typed next is the passphrase."""
        if self.operators:
            self.query_one(Choice).action_move(by)
        self.query_one(FormInput).focus()

    def on_key(self, event: events.Key) -> None:
        """What can be typed is the passphrase's, and comes here where the operators have the focus: there digits
        choose."""
        box, chooses = self.query_one(FormInput), self.query_one(Choice).has_focus and event.key.isdecimal()
        if event.character and event.is_printable and not chooses:
            event.stop()
            box.focus()
            box.insert_text_at_cursor(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Likewise."""
        box = self.query_one(FormInput)
        box.focus()
        box.on_paste(event)

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
            self._say(t("sign_in.empty"))  # never sent, nor counted
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
