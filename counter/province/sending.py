"""A batch on its way (发送): one odd entry stops no other.

What the province refuses for its form or size, or fails over, is halved until the entry that it is about stands alone.
That one is *withheld*, at once where it was refused, and once the province has failed over it in so many syncs
(`data/sync.toml`): one that fails over everything fails over its place in the chain too, and nothing comes back. Of
what is withheld the province only hears its place in the chain, so that what comes after it fits, and stores it as
rejected; here it comes back with its reason.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from counter.province.client import Province
from counter.province.errors import FailedProvinceError, RefusedFormError, RefusedSizeError
from counter.province.wire import Entry, EntryAnswer, Outcome

SETTLING = frozenset({Outcome.CREATED, Outcome.EXISTS, Outcome.REJECTED})
"""The answers after which the chain goes on."""


@dataclass(frozen=True, slots=True)
class HeldUp:
    """The first entry that the province has not taken, and all after it with it: its number, the word that was
    answered, and why, as far as that was said."""

    seq: int
    outcome: str
    code: str = ""


def send(
    province: Province, batch: Sequence[Entry], is_hopeless: Callable[[str], bool]
) -> Iterator[Sequence[EntryAnswer]]:
    """Send entries in the order of seq; the answers to each part that was sent, to be kept before the next goes.

    `is_hopeless` is told the id of an entry that the province has failed over, and answers whether it is to be
    withheld; else `FailedProvinceError` is raised, as where the province fails over everything.
    """
    try:
        yield province.entries(tuple(batch))
    except (RefusedFormError, RefusedSizeError, FailedProvinceError) as odd:
        if len(batch) == 1:
            if isinstance(odd, FailedProvinceError) and not is_hopeless(batch[0].id):
                raise
            why = odd.reason if isinstance(odd, FailedProvinceError) else odd.code
            yield [_withheld(province, batch[0], why)]
            return
        half = len(batch) // 2
        yield from send(province, batch[:half], is_hopeless)
        yield from send(province, batch[half:], is_hopeless)


def _withheld(province: Province, entry: Entry, why: str) -> EntryAnswer:
    """Say only where the entry stands in the chain."""
    code = f"province.{why}"
    blank = {"kind": "", "fee_fen": 0, "maker": "", "checker": None, "reverses": None, "body": b"", "salt": b""}
    place = replace(entry, id=entry.hash, refused_code=code, refused_rule="", withheld=True, **blank)
    (answer,) = province.entries((place,))
    return replace(answer, id=entry.id)


def held_up(answers: Sequence[EntryAnswer], batch: Sequence[Entry]) -> HeldUp | None:
    """What these answers leave standing of a batch, if anything."""
    for answer in answers:
        if answer.outcome not in SETTLING:
            seq = next(entry.seq for entry in batch if entry.id == answer.id)
            return HeldUp(seq, answer.outcome, answer.code)
    return None
