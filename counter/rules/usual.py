"""What a step need not ask (不用问的): the only answer that a rule leaves, and the one that is usual.

What is answered so is shown as filled, stands on the confirmation, and can be changed like any other answer.
"""

from collections.abc import Iterable

from counter.rules.case import Case, PhotoSource
from counter.rules.filling import fill, value_at
from counter.rules.judge import refusals
from counter.rules.reference import Context
from counter.rules.service import Service, StepId


def usual(case: Case, service: Service, step: StepId, context: Context) -> Case:
    """The case with those of a step's choices answered that nobody need be asked about; answers that are there stay.

    PIC-1, EXC-1: a way to collect that is the only one left. PHO-3: an exchange keeps the photo of the old card, where
    no rule of the step speaks against it.
    """
    for path, values in _choices(service, step):
        refused = refusals(case, step, path, values, context)
        open = [value for value in values if value not in refused]
        if value_at(case, path) is None and (len(open) == 1 or PhotoSource.KEEP in open):
            case = fill(case, path, PhotoSource.KEEP if PhotoSource.KEEP in open else open[0])
    return case


def _choices(service: Service, step: StepId) -> Iterable[tuple[str, tuple[object, ...]]]:
    if step is StepId.PHOTO:
        yield "photo.source", service.photo_sources
    if step is StepId.PICKUP:
        yield "pickup.method", service.pickup_methods
