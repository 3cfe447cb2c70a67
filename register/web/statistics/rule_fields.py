"""The part of the form for a new release in which its makers choose the rules beside the threshold."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from register.reporting.headings import HEADINGS
from register.reporting.profiles import ALIKE, DOMINANT, WAIVABLE, Profile
from register.web import fields
from register.web.field_shapes import FieldView, Option
from register.web.language import active

NAMES = ("alike", "dominant", "waiver_reason")
# What several boxes may say; kept as one text, apart by spaces.
WAIVED = "waived"
NOT_ASKED = ""


def profile_of(values: Mapping[str, str]) -> Profile:
    """The rules that were typed; a number that is none of the choices is a fault of the profile itself."""
    return Profile(
        alike=_number(values["alike"]),
        dominant=_number(values["dominant"]),
        waived=tuple(values[WAIVED].split()),
        reason=values["waiver_reason"].strip(),
    )


def shown(values: Mapping[str, str], wrong: Mapping[str, str]) -> list[FieldView]:
    """The fields with what was typed and what is wrong with it."""
    groups = {
        0: _("protected when all deaths of the group share an answer"),
        1: _("also when all but one share it"),
        2: _("also when all but two share it"),
    }
    answers = [(str(but), groups[but]) for but in ALIKE]
    shares = [
        (str(one), _("hidden when one service examined more than %(share)d %%") % {"share": one}) for one in DOMINANT
    ]
    return [
        fields.plain(
            "alike",
            _("Groups that share an answer"),
            value=values["alike"],
            widget="radios",
            options=[(NOT_ASKED, _("not asked")), *answers],
            hint=_(
                "Who knows somebody of such a group knows the answer, though no count is small. Asked of substances "
                "and intent. What shown zeros tell anyway is named, and you decide."
            ),
            error=wrong.get("alike", ""),
        ),
        fields.plain(
            "dominant",
            _("Counts of one forensic service"),
            value=values["dominant"],
            widget="radios",
            options=[(NOT_ASKED, _("not asked")), *shares],
            hint=_(
                "Not asked of areas, nor of months, circumstances and decisions: there it is not kept who examined a "
                "death."
            ),
            error=wrong.get("dominant", ""),
        ),
        FieldView(
            name=WAIVED,
            id=f"f-{WAIVED}",
            label=_("Small counts that are shown by a waiver"),
            widget="checks",
            options=tuple(Option(name, _title(name), name in values[WAIVED].split()) for name in WAIVABLE),
            hint=_("The whole table, for the whole country. Your name is kept; table and reason are published."),
            error=wrong.get(WAIVED, ""),
            optional=True,
        ),
        fields.plain(
            "waiver_reason",
            _("Reason of the waiver"),
            value=values["waiver_reason"],
            widget="lines",
            maximum=500,
            optional=True,
            hint=_("Needed when small counts of a table are shown."),
            error=wrong.get("waiver_reason", ""),
        ),
    ]


def _title(name: str) -> str:
    number, nl, en = HEADINGS[name]
    return f"{number} {nl if active() == 'nl' else en}"


def _number(text: str) -> int | None:
    """None where nothing is asked; -1 for what is no number of these choices."""
    if text == NOT_ASKED:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1
