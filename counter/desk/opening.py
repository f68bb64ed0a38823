"""Opening the desk: over an unlocked store, with the province that the counter is enrolled with."""

from dataclasses import replace

from counter.desk.desk import Desk
from counter.desk.retention import sweep_letters
from counter.devices.printer import words_of
from counter.province.client import AT_SYNC, UNATTENDED, Patience, Province
from counter.province.transport import Way
from counter.reference.load import load_reference
from counter.settings import Settings
from counter.store.records import Role
from counter.store.store import Store


def connect(store: Store, settings: Settings) -> Province | None:
    """The province that this counter is enrolled with; None before enrolment."""
    key, known = store.identity.counter_key(), store.identity.province()
    if key is None or known is None:
        return None
    url, province_key = known
    return Province(
        settings.province or url,
        store.place.branch,
        store.place.counter,
        key,
        province_key,
        way=Way(store.identity.province_ca(), settings.proxy),
        at_counter=Patience(timeout=settings.ask_seconds),
        at_sync=replace(UNATTENDED if store.operator.role is Role.TIMER else AT_SYNC, timeout=settings.sync_seconds),
    )


def open_desk(store: Store, settings: Settings) -> Desk:
    """A desk over an unlocked store: its reference data, its province, its printer. Where one fails, it is closed."""
    try:
        sweep_letters(store.home)
        return Desk(
            store,
            load_reference(settings.home),
            connect(store, settings),
            printer=words_of(settings.slip_printer),
            scan_folder=settings.scan_folder,
            font=settings.font,
        )
    except BaseException:
        store.close()
        raise
