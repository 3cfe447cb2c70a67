"""Substances in a pasted text, offered as rows. The text is shown again and stored nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from register.casework import reference, suggestions
from register.coding.catalogue import Substance
from register.coding.proposals import Named
from register.quality import identifiers, value_sets
from register.web import fields
from register.web.field_shapes import FieldView
from register.web.language import active, sentence
from register.web.physician.picker import Piece, cut

CERTAIN = "certain"
NAME = "pasted"


@dataclass(frozen=True, slots=True)
class Offer:
    """One substance that the text names, with its words; ``stands`` when a row of the page says it already."""

    code: str
    name: str
    words: str
    why: str
    stands: bool
    disputed: bool


@dataclass(frozen=True, slots=True)
class PastedText:
    """A text as it was pasted, and what was read in it; without a text only the box to paste it in."""

    field: FieldView
    read: bool = False
    pieces: tuple[Piece, ...] = ()
    offers: tuple[Offer, ...] = ()
    denied: tuple[Offer, ...] = ()
    warnings: tuple[str, ...] = ()


def text_in(request: HttpRequest) -> str:
    """What was pasted, with line ends as one character."""
    return request.POST.get(NAME, "").replace("\r\n", "\n").replace("\r", "\n")


def named_in(text: str, code: str) -> Named | None:
    """The substance that the text proposes under this code."""
    if len(text) > suggestions.LONGEST_TEXT:
        return None
    return next((one for one in suggestions.read(text).proposed if one.code == code), None)


def pasted(text: str, standing: Sequence[Any]) -> PastedText:
    """The box, and what is in the text when there is one. ``standing`` are the rows that the page has already."""
    long = len(text) > suggestions.LONGEST_TEXT
    field = _field(text, _("This text is too long. Paste the conclusion alone.") if long else "")
    if long or not text.strip():
        return PastedText(field)
    found = suggestions.read(text)
    codes = {row.substance_id for row in standing}
    marks = [(span.start, span.end, "denied" if span.denied else "found") for span in found.spans]
    return PastedText(
        field=field,
        read=True,
        pieces=cut(text, marks),
        offers=tuple(_offer(one, codes) for one in found.proposed),
        denied=tuple(_offer(one, codes) for one in found.denied),
        warnings=tuple(dict.fromkeys(sentence(part) for part in identifiers.find(text))),
    )


def _field(text: str, error: str) -> FieldView:
    return fields.plain(
        NAME,
        _("Conclusion of the report"),
        value=text,
        widget="lines",
        hint=_("Without names. The text is not kept; only what you take over is."),
        error=error,
        optional=True,
        maximum=suggestions.LONGEST_TEXT,
    )


def _offer(named: Named, codes: set[str | None]) -> Offer:
    substance: Substance = reference.current().catalogue.substance(named.code)
    name = substance.name_nl if active() == "nl" else substance.name_en
    why = sentence(named.reason)
    if named.certainty != CERTAIN:
        why = f"{why} · {value_sets.label('VS-CERT', named.certainty, active()).lower()}"
    return Offer(named.code, name, named.words, why, named.code in codes, named.disputed)
