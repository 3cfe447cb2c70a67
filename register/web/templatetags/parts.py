"""Small parts of every template: a glyph, the words of a sentence in the page's language, the state of a case."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from register.quality import value_sets
from register.quality.dictionary import FieldSpec
from register.web import saves
from register.web.language import active
from register.web.language import sentence as sentence_of
from register.workflow.case_transitions import CaseState

register = template.Library()

# Glyph and colour of each state of a case; the word beside it says the same.
STATE_MARKS = {
    CaseState.DRAFT: ("busy", ""),
    CaseState.SUBMITTED: ("done", "is-done"),
    CaseState.IN_REVIEW: ("busy", ""),
    CaseState.QUERY_OPEN: ("ask", "is-wait"),
    CaseState.QUERY_ANSWERED: ("ask", ""),
    CaseState.AWAITING_TOX: ("wait", "is-wait"),
    CaseState.PANEL: ("busy", ""),
    CaseState.CLOSED: ("done", "is-done"),
    CaseState.REOPENED: ("change", ""),
    CaseState.EXCLUDED: ("minus", "muted"),
    CaseState.WITHDRAWN: ("minus", "muted"),
}


@register.inclusion_tag("components/glyph.html")
def glyph(name: str, tone: str = "", says: str = "") -> dict[str, str]:
    """A mark. ``says`` is its word for a screen reader, left out when the word stands beside it."""
    return {"name": name, "tone": tone, "says": says}


@register.simple_tag
def listed(options: Sequence[Any]) -> SafeString:
    """The options of a list that is of no case. Each line is drawn once in a process, the chosen one anew."""
    lines = (
        _option(one.value, one.label, chosen=True) if one.chosen else _line(one.value, one.label) for one in options
    )
    return mark_safe("".join(lines))  # noqa: S308 - drawn by a template


@lru_cache(maxsize=4096)
def _line(value: str, label: str) -> str:
    return _option(value, label, chosen=False)


def _option(value: str, label: str, *, chosen: bool) -> str:
    return get_template("components/option.html").render({"value": value, "label": label, "chosen": chosen})


@register.inclusion_tag("components/carries.html", takes_context=True)
def carries(context: dict[str, Any], thing: Any = None, form: str = "") -> dict[str, Any]:
    """What every form that saves carries: the version it shows, a key of its own, and the choices it asks.

    ``form`` names one of several forms on a page. A form that comes back with what was typed keeps the version that the
    person saw; one that asks to choose, and one that shows the thing as it is now, has the version of now.
    """
    request = context["request"]
    here = context.get("open_form", "") == form
    asked = context.get("differences") if here else None
    back = here and request.method == "POST" and not asked and not context.get("stale")
    return {
        "version": request.POST.get("version", "") if back else saves.version_after(request, thing),
        "save_id": saves.new_save_id(),
        "choices": saves.chosen_before(request.POST) if back else (),
        "differences": asked,
        "rest_saved": context.get("rest_saved", False),
    }


@register.inclusion_tag("components/state.html")
def case_state(status: str) -> dict[str, str]:
    """The state of a case as mark and word."""
    state = CaseState(status)
    mark, tone = STATE_MARKS[state]
    return {"glyph": mark, "tone": tone, "word": state.label(active())}


@register.filter
def sentence(value: Any) -> str:
    """The words of a value with ``nl`` and ``en``, in the page's language."""
    return sentence_of(value)


@register.filter
def label(value: FieldSpec | value_sets.Value | Any) -> str:
    """The label of a field, a code or a labelled state in the page's language."""
    return str(value.label(active()))


@register.filter
def name(value: Any) -> str:
    """The name of a vocabulary row: ``name_nl`` or ``name_en`` where it has both, else its only name."""
    if value is None:
        return ""
    return str(getattr(value, f"name_{active()}", None) or value)


@register.filter
def code_in(code: str | None, value_set: str) -> str:
    """The label of a code of ``value_set``; empty for no code."""
    return value_sets.label(value_set, code, active()) if code else ""


@register.filter
def local(moment: datetime) -> datetime:
    """The moment in the time zone of the register."""
    return timezone.localtime(moment)
