"""The fee's waiver (工本费减免) where the old card is looked at: offered where the city grants one, FEE-1."""

from collections.abc import Iterable

from counter.desk.desk import Desk
from counter.i18n import t
from counter.rules.case import Case
from counter.rules.fees import waivers
from counter.rules.service import Service
from counter.screens.options import choices, yes_no
from counter.widgets.fields.choice import ChoiceField, Option
from counter.widgets.fields.field import Field
from counter.widgets.fields.text import DateField

WAIVER, TESTED, ISSUED = "waiver", "old_card.tested_undamaged", "old_card.issued"


class WaiverFields:
    """Which waiver is claimed, then what it rests on and no other field says."""

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        self._desk = desk
        self._service = service
        self._case = case

    def fields(self) -> Iterable[Field]:
        yield ChoiceField(WAIVER, self._offered, required=False)
        yield ChoiceField(TESTED, yes_no)
        yield DateField(ISSUED)

    def apply(self, field: Field, case: Case) -> bool | None:
        """Does the field apply to this case? None for one that is not of these."""
        self._case = case
        granted = waivers(case, self._service, self._desk.context())
        claimed = granted.get(case.waiver)
        match field.path:
            case "waiver":
                return bool(granted or case.waiver)
            case "old_card.tested_undamaged":
                return claimed is not None and claimed.undamaged
            case "old_card.issued":
                return claimed is not None and bool(claimed.under_years)
        return None

    def _offered(self) -> list[Option]:
        granted = waivers(self._case, self._service, self._desk.context())
        return [Option("", t("choice.no_waiver")), *choices("waiver", granted)]
