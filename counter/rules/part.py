"""What every piece of a case is made as."""

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What every piece of a case is: an immutable value with named fields."""
