"""What can become of a question to the province, beside an answer."""


class OutOfReachError(Exception):
    """No answer from the province: no network, too late, or an answer that is not its own. Nothing is lost; ask later.

    `reason` is a word for programs: ``network``, ``timeout``, ``unsigned``, ``malformed``, ``unavailable``.
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
