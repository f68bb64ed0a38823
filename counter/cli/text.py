"""``counter text``: what a customer accepts, whole."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counter.cli.exits import UsageError
from counter.cli.output import Json, document, note, say
from counter.cli.session import Session, session
from counter.i18n import listed, named, t

if TYPE_CHECKING:
    from counter.rules.reference import AcceptedText


def text(
    context: typer.Context,
    id: Annotated[str, typer.Argument(metavar="TEXT", help=t("cli.option.text"))] = "",
    city: Annotated[str, typer.Option(help=t("cli.option.city"))] = "",
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", dir_okay=False, help=t("cli.option.text_pdf"))] = None,
    json: Json = False,
) -> None:
    here = session(context)
    texts = _texts(here, city, id)
    if pdf:
        _write(pdf, texts, here.settings.font)
    if json:
        document({"texts": [_document(each) for each in texts], "file": str(pdf) if pdf else None})
    elif pdf:
        note(t("cli.text.written", file=pdf))
    else:
        say(_pages(texts))


def _texts(here: Session, city: str, id: str) -> "list[AcceptedText]":
    """The texts of a city, the counter's own where none is named: that of the id, else all of them."""
    reference = here.reference()
    known = reference.cities.get(reference.city_of(city or here.settings.city))
    if known is None:
        raise UsageError(t("cli.text.no_city"))
    if id and id not in known.texts:
        raise UsageError(t("cli.text.no_text", texts=listed(known.texts)))
    return [each for each in known.texts.values() if id in {"", each.id}]


def _document(text: "AcceptedText") -> dict[str, str]:
    return {
        "id": text.id,
        "name": text.name,
        "city": text.city,
        "version": text.version,
        "source": text.source,
        "title": t(f"choice.text.{text.id}"),
        "text": named(text).strip(),
    }


def _pages(texts: "list[AcceptedText]") -> str:
    from counter.paper.accepted import text_page

    return "\n\n".join(map(text_page, texts))


def _write(file: Path, texts: "list[AcceptedText]", font: Path | None) -> None:
    from counter.files import write_whole
    from counter.paper.fonts import find_fonts
    from counter.paper.pdf import pdf

    write_whole(file, pdf(_pages(texts), file.stem, find_fonts(font)))
