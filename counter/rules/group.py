"""The unit (单位) that brings its people together, as each of their cases says it."""

from counter.rules.part import Part


class GroupUnit(Part, frozen=True):
    """The unit (单位) whose people are served together, EXC-7; its contact (联系人) signs for their cards.

    `uscc` is its unified social credit code (统一社会信用代码); `by_holders`: not the contact, but each holder signs.
    """

    name: str = ""
    uscc: str = ""
    contact: str = ""
    contact_mobile: str = ""
    by_holders: bool = False
