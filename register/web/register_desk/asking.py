"""The forms with a standard text: asking a question, and accepting warnings with one reason for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from register.casework import findings
from register.casework.configuration import current as configuration
from register.casework.dossier import Dossier
from register.quality import dictionary
from register.quality.standard_texts import ACCEPTANCE, QUESTION, Texts
from register.web import fields
from register.web.field_shapes import FieldView
from register.web.language import active, sentence
from register.web.register_desk.forms import Sent, first, say

STANDS_FOR_FIELD = "{field}"


@dataclass(frozen=True, slots=True)
class OpenWarning:
    """One warning with its box."""

    key: str
    text: str
    ticked: bool


def ask(texts: Texts, sent: Sent) -> list[FieldView]:
    """A question: about which answer, and its words."""
    typed = sent.values("ask", {})
    topics = [(spec.key, spec.label(active())) for spec in dictionary.all_fields() if spec.page and spec.on_case]
    return [
        fields.plain(
            "field",
            _("About"),
            widget="select",
            options=topics,
            value=first(typed, "field"),
            hint=_("Leave this at the first line for a question about the whole case."),
            optional=True,
            prefix="ask",
        ),
        fields.plain(
            "standard",
            _("Standard question"),
            widget="select",
            options=[(text.code, text.label(active())) for text in texts.of(QUESTION)],
            value=first(typed, "standard"),
            hint=_("“{field}” becomes the name of what you ask about."),
            optional=True,
            prefix="ask",
        ),
        fields.plain(
            "text",
            _("Question in your own words"),
            widget="lines",
            optional=True,
            value=first(typed, "text"),
            maximum=2000,
            error=say(sent.problem("ask", "text")),
            prefix="ask",
        ),
    ]


def accept(dossier: Dossier, sent: Sent) -> tuple[list[OpenWarning], list[FieldView]]:
    """The warnings that wait for a reason, each ticked until somebody says otherwise, and the reason for them all."""
    typed = sent.values("accept-warnings", {})
    found = findings.open_warnings(dossier)
    chosen = typed.get("warnings") if sent.name == "accept-warnings" else [findings.key_of(one) for one in found]
    ticked = [OpenWarning(findings.key_of(one), sentence(one), findings.key_of(one) in (chosen or ())) for one in found]
    offered = dossier.reference.configuration.texts.of(ACCEPTANCE)
    shown = [
        fields.plain(
            "because",
            _("Reason to leave it as it is"),
            widget="select",
            options=[(text.code, text.label(active())) for text in offered],
            value=first(typed, "because"),
            error=say(sent.problem("accept-warnings", "reason")),
            prefix="accept",
        ),
        fields.plain(
            "reason",
            _("Reason in your own words"),
            value=first(typed, "reason"),
            optional=True,
            maximum=400,
            prefix="accept",
        ),
    ]
    return ticked, shown if found else []


def question(typed: Mapping[str, Sequence[str]], language: str) -> str:
    """The words of a question: the standard text about its field, the person's own words, or both."""
    standard = configuration.current().texts.words(QUESTION, first(typed, "standard"), language)
    spec = dictionary.find(first(typed, "field"))
    about = spec.label(language) if spec else _("this case")
    own = first(typed, "text").strip()
    return " ".join(part for part in (standard.replace(STANDS_FOR_FIELD, about), own) if part)


def reason(typed: Mapping[str, Sequence[str]]) -> str:
    """The reason for accepting: that of the list, the person's own words, or both."""
    listed = configuration.current().texts.words(ACCEPTANCE, first(typed, "because"), active())
    return " ".join(part for part in (listed, first(typed, "reason").strip()) if part)
