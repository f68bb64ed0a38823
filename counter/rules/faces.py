"""人证比对: whether whoever stands at the window is the person of the document."""

from typing import Literal

from counter.rules.part import Part


class FaceComparison(Part, frozen=True):
    """Who compared document and face (人证比对), and whether they are the `same` person; None: nobody has yet."""

    by: Literal["clerk", "camera"] = "clerk"
    same: bool | None = None
