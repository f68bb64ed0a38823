"""A text that the customer accepts (办理须知, 同步申领告知书) on paper, TXT-1."""

from counter.i18n import named, t
from counter.paper.slip import RULE, WIDTH
from counter.rules.reference import SAMPLE, AcceptedText
from counter.terminal.wrapping import hang


def text_page(text: AcceptedText) -> str:
    """The whole text in the language in use, with its version; lines of at most 48 columns."""
    _, _, version = text.name.partition("@")
    foot = t("text.version", version=version)
    lines = [t(f"choice.text.{text.id}"), RULE, *named(text).strip().split("\n"), RULE, foot]
    if text.source == SAMPLE:
        lines.append(t("text.sample"))
    return "\n".join(line for paragraph in lines for line in hang("", paragraph, WIDTH))


def file_name(text: AcceptedText) -> str:
    """What the file of its page is called, without an ending: terms-440100-2026-11."""
    return text.name.replace("@", "-")
