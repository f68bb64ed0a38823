"""The passphrases that everybody tries first (``data/passphrases.txt``)."""

from functools import cache

from counter.reference.load import DATA
from counter.rules.passphrase import folded


@cache
def common_passphrases() -> frozenset[str]:
    """Folded as `counter.rules.passphrase` compares them."""
    lines = (DATA / "passphrases.txt").read_text("utf-8").splitlines()
    return frozenset(folded(line) for line in lines if line and not line.startswith("#"))
