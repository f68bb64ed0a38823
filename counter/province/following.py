"""What a home that was restored fetches from the province, before anything else: what came after its backup."""

from collections.abc import Callable

from counter.province.client import Province
from counter.province.errors import ServerAheadError
from counter.province.wire import HeldEntry
from counter.rules.link import SignedLink
from counter.store.errors import DamagedLedgerError
from counter.store.store import Store


def take_over(store: Store, province: Province, step: Callable[[int], None]) -> list[str]:
    """Take over what the province holds beyond this ledger, page by page; the ids. `step` hears how many there are.

    Raises `ServerAheadError` where it does not continue the ledger, or is not signed by this counter's people.
    """
    fetched: list[str] = []
    more = True
    while more:
        last = store.ledger.count()
        step(last)
        page = province.held(last)
        if page.entries:
            try:
                store.behind.take([(_link_of(held), held) for held in page.entries], page.signers)
            except DamagedLedgerError:
                store.audit.note("sync: province ahead", page.entries[0].hash)
                raise ServerAheadError("what the province holds does not continue this ledger") from None
        fetched += [held.id for held in page.entries]
        more = page.more and bool(page.entries)
    return fetched


def _link_of(held: HeldEntry) -> SignedLink:
    return SignedLink(**{name: getattr(held, name) for name in SignedLink.__struct_fields__})
