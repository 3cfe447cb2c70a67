"""Cases and questions as lines of a list: a mark, a title, one detail, and one fact at the right."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from register.casework import touching
from register.quality import dictionary
from register.quality.terms import ADDING_UP, LATE, Terms
from register.web.language import active
from register.web.physician.pages import BY_SLUG
from register.web.physician.progress import navigation
from register.web.physician.resuming import resume_address
from register.web.templatetags.parts import STATE_MARKS
from register.workflow.case_transitions import CaseState

# Days after which a draft that nobody touched is brought to mind.
REMIND_AFTER = 14
SEX_LETTERS = {"male": ("M", "M"), "female": ("V", "F"), "other": ("X", "X")}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ledger. ``rest`` is the quieter end of its title."""

    url: str
    what: str
    detail: str
    when: str
    glyph: str
    says: str
    tone: str = ""
    when_tone: str = ""
    rest: str = ""


def draft(case: Any) -> Line:
    """A draft read ``with_progress``: who it is about, how far it is, and the way to the question last touched."""
    nav = navigation(case)
    page = BY_SLUG.get(touching.last(case).page)
    progress = _("%(done)d of %(total)d sections") % {"done": nav.done, "total": len(nav.steps) - 1}
    about = about_whom(case)
    word = CaseState.DRAFT.label(active())
    days = (timezone.localdate() - timezone.localtime(case.changed_at).date()).days
    quiet = ngettext("%(days)d day untouched", "%(days)d days untouched", days) % {"days": days}
    return Line(
        url=resume_address(case),
        what=f"{word} – {about}" if about else new_draft(case),
        rest=f" – {progress} – {moment(case.changed_at)}" if about or nav.done else "",
        detail=_("continue with %(page)s") % {"page": page.title} if page else "",
        when=quiet if days >= REMIND_AFTER else "",
        glyph="busy",
        says=word,
        when_tone="is-wait" if days >= REMIND_AFTER else "",
    )


def expected(case: Any) -> Line:
    """A case that waits for its toxicology report, late or not yet."""
    late = (timezone.localdate() - case.followup_due).days if case.followup_due else 0
    url = reverse("physician:section", args=[case.pk, "toxicologie"])
    if late > 0:
        words = ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late}
        return Line(url, case.case_number, person(case), words, "problem", _("Late"), "is-error", "is-error")
    due = _("before %(day)s") % {"day": day(case.followup_due)} if case.followup_due else _("no date")
    return Line(url, case.case_number, person(case), due, "wait", _("Awaiting toxicology"), "is-wait")


def submitted(case: Any) -> Line:
    """A submitted case and where it lies now."""
    state = CaseState(case.status)
    url = reverse("physician:case", args=[case.pk])
    glyph, tone = STATE_MARKS[state]
    when = day(timezone.localtime(case.submitted_at).date()) if case.submitted_at else ""
    return Line(url, case.case_number, state.label(active()), when, glyph, state.label(active()), tone)


def question(case: Any, query: Any, terms: Terms) -> Line:
    """One open question of the register, with its age in words."""
    age = (timezone.localdate() - timezone.localtime(query.opened_at).date()).days
    url = reverse("physician:question", args=[case.pk, query.pk])
    messages = list(query.messages.all())
    text = messages[0].text if messages else ""
    detail = f"{case.case_number} · {text[:100]}"
    when, tone = _age(age, terms)
    return Line(url, subject(query.field), detail, when, "ask", _("Open question"), "is-wait" if tone else "", tone)


def subject(field: str) -> str:
    """What a question is about: the label of the field, or the whole case."""
    key = field.partition("#")[0]
    try:
        return dictionary.field(key).label(active())
    except dictionary.UnknownFieldError:
        return _("The case")


def person(case: Any) -> str:
    """Sex, age and municipality in one line, on the page only; never in a title or an address."""
    return about_whom(case) or new_draft(case)


def new_draft(case: Any) -> str:
    """A draft that says nothing yet, by the moment at which it began."""
    return _("New draft %(time)s") % {"time": moment(case.created_at)}


def about_whom(case: Any) -> str:
    """Sex, age and municipality; empty while nobody filled them in."""
    decedent = case.decedent_section
    parts = []
    if decedent.sex:
        parts.append(SEX_LETTERS[decedent.sex][active() != "nl"])
    if decedent.age_years is not None:
        parts.append(_("%(age)d yrs") % {"age": decedent.age_years})
    if decedent.residence_municipality:
        parts.append(decedent.residence_municipality.name)
    return ", ".join(parts)


def day(value: date) -> str:
    """A day in words, without the year when it is this one."""
    return date_format(value, "j F" if value.year == timezone.localdate().year else "j F Y")


def moment(value: Any) -> str:
    """Today as a time, yesterday in words, else the day."""
    local, today = timezone.localtime(value), timezone.localdate()
    if local.date() == today:
        return f"{local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return _("yesterday %(time)s") % {"time": f"{local:%H:%M}"}
    return day(local.date())


def _age(days: int, terms: Terms) -> tuple[str, str]:
    words = ngettext("%(days)d day", "%(days)d days", days) % {"days": days} if days else _("today")
    if days > terms.days(LATE):
        return _("%(age)s · late") % {"age": words}, "is-error"
    if days > terms.days(ADDING_UP):
        return _("%(age)s · adding up") % {"age": words}, "is-wait"
    return words, ""
