"""What a confirmed case becomes: the record that is signed into the ledger and told to the province."""

import msgspec

from counter.rules.case import Case
from counter.rules.part import Part


class CaseRecord(Part, frozen=True):
    """What a confirmed case becomes: the exact content of a ledger entry's body, and what the province receives.

    `texts` name the versions of the texts that the case's consents accept (TXT-1, ``terms@440100-2026-11``).
    `deferred` names the questions that the province could not be asked (``identity``, ``one_card``,
    ``photo``, ``sms``, ``booking``); they are asked again before the entry is sent. `authorised` is why a second person
    is needed (授权), '' where none is: such a record becomes an entry by that person only. `reason` is why an entry is
    taken back (冲正): such a record is that of the entry with the fee negated, and nothing told or asked any more.
    """

    case: Case
    fee_fen: int
    texts: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    authorised: str = ""
    reason: str = ""

    def is_of_case(self, other: "CaseRecord | None") -> bool:
        """Is the other of the very same case? What is computed of one, its days above all, is of its day."""
        return other is not None and other.case == self.case


def encode_record(record: CaseRecord) -> bytes:
    """The record as canonical JSON (sorted keys, UTF-8): the bytes whose digest the ledger keeps."""
    return msgspec.json.encode(record, order="sorted")


def decode_record(body: bytes) -> CaseRecord:
    """The record in an entry's body; raises `msgspec.MsgspecError` when it is none."""
    return msgspec.json.decode(body, type=CaseRecord)


def pictures(case: Case) -> frozenset[str]:
    """The digests of all pictures that a case names: the card's photo and the scanned papers."""
    return frozenset({case.photo.digest, *(scan.digest for scan in case.scans)} - {""})
