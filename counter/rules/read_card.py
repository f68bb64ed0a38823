"""A social security card as a reader has read it (插卡)."""

from datetime import date

from counter.rules.part import Part


class ReadCard(Part, frozen=True):
    """The public files of a social security card: its number (社保卡号) and days, and whose it is (社会保障号, name,
    birth), empty where the card keeps that behind its PIN."""

    number: str = ""
    social_number: str = ""
    name: str = ""
    birth: date | None = None
    issued: date | None = None
    expires: date | None = None
