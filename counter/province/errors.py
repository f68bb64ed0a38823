"""What can become of a question to the province, beside an answer."""

from collections.abc import Mapping
from typing import Final


class OutOfReachError(Exception):
    """No answer from the province: no network, too late, or an answer that is not its own. Nothing is lost; ask later.

    `reason` is a word for programs: ``network``, ``timeout``, ``unsigned``, ``endless``, ``malformed`` (the province's
    own, but not understood), ``unavailable``; ``key``, ``certificate`` and ``failed`` have errors of their own.
    """

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class RefusedError(Exception):
    """The province's own, signed no: its code, its words for the log, and the rule where a rule says so."""

    def __init__(self, code: str, detail: str = "", rule: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.rule = rule


class WrongClockError(RefusedError):
    """This machine's clock and the province's are too far apart for a signature to hold."""


class EnrolmentCodeError(RefusedError):
    """The code enrols nothing: wrong, used, expired, or tried too often."""


class EnrolledError(RefusedError):
    """This window has a key; another takes its place only after the province has revoked it."""


class RefusedSizeError(RefusedError):
    """What was sent is larger than the province takes."""


class RefusedFormError(RefusedError):
    """The province cannot read what was sent."""


REFUSALS: Final[Mapping[str, type[RefusedError]]] = {
    "clock": WrongClockError,
    "enrolment_code": EnrolmentCodeError,
    "enrolled": EnrolledError,
    "too_large": RefusedSizeError,
    **dict.fromkeys(("malformed", "encoding", "digest", "not_jpeg"), RefusedFormError),
}
"""The refusals that have a sentence of their own, by their code."""


class UnknownKeyError(OutOfReachError):
    """Whoever answered does not know this counter's key. Nobody has signed that: it only names what to look at."""


class UntrustedProvinceError(OutOfReachError):
    """Whoever answers at the address cannot show that they are the province: not the certificate that is trusted."""


class FailedProvinceError(OutOfReachError):
    """The province has failed over what it was asked, and has signed that it did: it would again."""


OUT_OF_REACH: Final[Mapping[str, type[OutOfReachError]]] = {
    "key": UnknownKeyError,
    "certificate": UntrustedProvinceError,
    "failed": FailedProvinceError,
}
"""Those with a sentence of their own, by their reason."""


def out_of_reach(reason: str, retry_after: float | None = None) -> OutOfReachError:
    """The error for a reason."""
    return OUT_OF_REACH.get(reason, OutOfReachError)(reason, retry_after)


class InsecureAddressError(ValueError):
    """A province that is not on this machine is asked over HTTPS only: bodies carry people."""


class ServerAheadError(Exception):
    """The province holds entries that this ledger does not have, or has otherwise: another ledger has sent them.

    Most likely this one was restored from a backup. Nothing is sent; the operator of the branch's machines is called.
    """


class OlderProvinceError(Exception):
    """The province's program is older and does not know the form of an entry yet. Nothing is lost; it goes later."""


class SyncBusyError(Exception):
    """Another sync of this ledger is running, on the screen or from the timer."""
