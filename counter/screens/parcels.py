"""What lies at the branch (网点存卡): cards that wait to be fetched, since when, for whom, who was told. PIC-7."""

from collections.abc import Sequence

from rich.text import Text

from counter.clock import SHANGHAI
from counter.desk import parcels
from counter.desk.desk import Desk
from counter.i18n import t
from counter.rules.masking import mask_card, mask_mobile, mask_name
from counter.rules.services.parcels import SIGN_PARCEL
from counter.screens.case.screen import CaseScreen
from counter.screens.list import Line, ListScreen, Rows
from counter.store.deeds import REVEAL_PARCELS
from counter.store.records import LyingCard
from counter.widgets.bound import bound, fixed


class ParcelsScreen(ListScreen[LyingCard]):
    """The one that has lain longest first. F2 receives a parcel, F4 says that the holder was told."""

    BINDINGS = [
        bound("receive", "receive"),
        bound("told", "tell"),
        bound("reveal", "reveal"),
        bound("next-untold", "next_untold"),
        fixed("other", "tab", "app.focus_next", "key.other_list", show=False),
    ]

    catalog = "parcels"
    columns = {"card": 11, "name": 9, "mobile": 13, "parcel": 16, "since": 12, "days": 5, "told": 12}
    searches = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.revealed = False
        self.late: frozenset[LyingCard] = frozenset()
        """Those that nobody has fetched within the city's days."""

    def read(self, text: str) -> Sequence[LyingCard]:
        found = parcels.lying(self.desk)
        self.late = frozenset(parcels.overdue(self.desk, found))
        return [card for card in found if _fits(card, text)]

    def line(self, row: LyingCard) -> Line:
        days = str((self.desk.today() - row.since).days)
        return (
            row.number if self.revealed else mask_card(row.number),
            Text(row.name if self.revealed else mask_name(row.name)),  # never markup
            row.mobile if self.revealed else mask_mobile(row.mobile),
            row.parcel or t("choice.parcel.returned"),
            row.since.isoformat(),
            Text(f"{days}!" if row in self.late else days, style="bold" if row in self.late else ""),
            f"{row.told_at.astimezone(SHANGHAI):%m-%d %H:%M}" if row.told_at else "-",
        )

    def open(self, row: LyingCard) -> None:
        """Enter: what is known of a card in a sentence, the mobile to call among it."""
        self.notify(
            t(
                "parcels.row",
                card=mask_card(row.number),
                parcel=row.parcel or t("choice.parcel.returned"),
                by=row.told_by or "-",
            )
        )

    def action_receive(self) -> None:
        """F2: a parcel has arrived."""
        desk = self.desk
        self.app.push_screen(CaseScreen(desk, desk.store.drafts.new_id(), desk.new_case(SIGN_PARCEL.id)))

    def _here(self) -> LyingCard | None:
        at = self.query_one(Rows).cursor_row
        return self.rows[at] if 0 <= at < len(self.rows) else None

    def action_tell(self) -> None:
        """F4: the holder was told, now and by who has signed in."""
        card = self._here()
        if card is not None:
            self.in_background(lambda _: self.desk.store.parcels.tell([card.number]), lambda _: self.reload())

    def action_next_untold(self) -> None:
        """F8: the next holder who has not been told."""
        table = self.query_one(Rows)
        order = [*range(table.cursor_row + 1, len(self.rows)), *range(min(table.cursor_row + 1, len(self.rows)))]
        left = next((at for at in order if self.rows[at].told_at is None), None)
        if left is None:
            self.notify(t("parcels.all_told" if self.rows else "parcels.none"))
        else:
            table.focus()
            table.move_cursor(row=left)

    def action_reveal(self) -> None:
        """F6: show what is masked, to call the holders; the audit remembers who looked."""
        self.revealed = not self.revealed
        self.in_background(lambda _: self.desk.store.audit.note(REVEAL_PARCELS), lambda _: self.reload())


def _fits(card: LyingCard, text: str) -> bool:
    """The number's or the document's end, part of the name, the parcel."""
    wanted = text.upper()
    return not wanted or any(
        (
            card.number.endswith(wanted),
            card.document.endswith(wanted),
            wanted in card.name.upper(),
            wanted in card.parcel,
        )
    )
