"""What every part of the store works with."""

from dataclasses import dataclass
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counter.clock import Clock, business_date
from counter.rules.reference import Place
from counter.store.database import Database
from counter.store.errors import NoSigningKeyError
from counter.store.records import Operator


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who has just shown their passphrase, and the key that it has opened; the timer has none."""

    operator: Operator
    key: Ed25519PrivateKey | None = None

    @property
    def signs_with(self) -> Ed25519PrivateKey:
        """The key, of somebody who has one. Raises `NoSigningKeyError`."""
        if self.key is None:
            raise NoSigningKeyError("this operator has no key to sign with")
        return self.key


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The open file, where the counter stands, who has signed in with which key, and the clock.

    `incarnation` is that of this home: 0 until a backup is restored.
    """

    database: Database
    place: Place
    signatory: Signatory
    clock: Clock
    incarnation: int = 0

    @property
    def operator(self) -> Operator:
        return self.signatory.operator

    def today(self) -> date:
        """The business date of now."""
        return business_date(self.clock())
