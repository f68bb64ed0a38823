"""A parcel of cards that has come to the branch (网点签收): its values in a case."""

from counter.rules.part import Part


class ParcelCard(Part, frozen=True):
    """A card of a parcel as the province told it: for whom, and by which mobile they are told of it.

    `branch` is the branch that it belongs to where that is another one: then nothing is said of the holder. `signed`:
    this branch has signed for it before.
    """

    number: str = ""
    name: str = ""
    document: str = ""
    mobile: str = ""
    branch: str = ""
    signed: bool = False


class Parcel(Part, frozen=True):
    """Cards that have come to the branch (网点签收), PIC-7; `returned`: mail that could not be delivered, PIC-8.

    `counted` are the numbers as they were counted, one that was counted twice stands there twice; `known` is what the
    province said was sent here, and of what was counted besides, None where it has not answered; `before` are numbers
    that this counter has signed for already. What follows from these is `counter.rules.counting.count`.
    """

    number: str = ""
    returned: bool = False
    counted: tuple[str, ...] = ()
    known: tuple[ParcelCard, ...] | None = None
    before: tuple[str, ...] = ()
