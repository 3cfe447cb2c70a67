"""The six pages of a case: which questions stand together, in which order, with which help.

The questions themselves, their words, answers, limits and reasons for missing come from the data dictionary.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.quality import dictionary
from register.quality.dictionary import FieldSpec


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one short heading; ``fields`` are keys of the dictionary."""

    slug: str
    title: Promise
    fields: tuple[str, ...]

    @property
    def specs(self) -> tuple[FieldSpec, ...]:
        return tuple(dictionary.field(key) for key in self.fields)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a case. ``slug`` is its address and its name in the dictionary."""

    slug: str
    title: Promise
    lede: Promise
    groups: tuple[Group, ...]

    @property
    def specs(self) -> tuple[FieldSpec, ...]:
        """The questions that the form of this page asks, in the order of the page."""
        return tuple(spec for group in self.groups for spec in group.specs)


def _group(slug: str, title: Promise, model: str, names: str) -> Group:
    return Group(slug, title, tuple(name if "." in name else f"{model}.{name}" for name in names.split()))


PAGES: tuple[Page, ...] = (
    Page(
        "overledene",
        _("Deceased"),
        _("No name, date of birth or address. What you do not know, you say with a reason beside the question."),
        (
            _group("persoon", _("Person"), "Decedent", "sex age_years age_months birth_year pregnancy"),
            _group(
                "wonen",
                _("Home"),
                "Decedent",
                "residence_kind residence_municipality non_resident housing household minor_children_cared_for",
            ),
            _group("achtergrond", _("Background"), "Decedent", "birth_country_group work education context_group"),
        ),
    ),
    Page(
        "overlijden",
        _("Death"),
        _("When and where, as far as you know now. A month or a year alone is a date too."),
        (
            _group(
                "wanneer",
                _("When"),
                "Death",
                "date_of_death date_of_death_precision last_seen_alive found_at pmi_hours",
            ),
            _group(
                "waar",
                _("Where"),
                "Death",
                "place_type event_class death_municipality use_abroad use_municipality",
            ),
            _group("aard", _("Manner"), "CauseOfDeath", "manner_provisional"),
            _group(
                "melding",
                _("Notification and examination"),
                "Case",
                "date_examined date_notified forensic_service external_reference",
            ),
        ),
    ),
    Page(
        "omstandigheden",
        _("Circumstances"),
        _("What you saw or were told. Only the class of other people, never who they are."),
        (
            _group("intentie", _("Intent"), "CauseOfDeath", "intent_provisional"),
            _group(
                "gebruik",
                _("The use"),
                "Circumstances",
                "used_alone use_setting use_features purchase_route scene_items rapid_overdose_signs cluster_flag",
            ),
            _group(
                "anderen",
                _("Others and help"),
                "Circumstances",
                "bystanders bystander_relation use_witnessed no_response_reason emergency_called call_delay_minutes "
                "first_responder cpr pulse_on_arrival transported",
            ),
            _group(
                "voorgeschiedenis",
                _("History of use and care"),
                "History",
                "injecting previous_overdose relapse treatment treatment_types recent_release recent_care_contact "
                "care_contact_6m history_sources",
            ),
            _group(
                "gezondheid",
                _("Health and medicines"),
                "History",
                "mental_health somatic prescribed agonist_daily_dose prescription_morphine",
            ),
            _group("toelichting", _("In your own words"), "Case", "narrative"),
        ),
    ),
    Page(
        "middelen",
        _("Substances"),
        _("Which substances do you suspect? A name is enough; the result comes later."),
        (_group("algemeen", _("In general"), "Circumstances", "suspected_none expected_product routes"),),
    ),
    Page(
        "toxicologie",
        _("Toxicology"),
        _("What was requested, and what came back. You can submit before the result is in."),
        (),
    ),
    Page(
        "conclusie",
        _("Conclusion"),
        _("What you think now. The register adds the final conclusion after review."),
        (
            _group(
                "oorzaak",
                _("Cause of death"),
                "CauseOfDeath",
                "relation_to_drugs cause_line_a cause_line_b cause_line_c cause_line_d cause_other mechanism",
            ),
            _group(
                "duiding",
                _("Weighing"),
                "CauseOfDeath",
                "intent_certainty overdose_type tox_contribution autopsy wlb_route icd11_code",
            ),
        ),
    ),
)
BY_SLUG = {page.slug: page for page in PAGES}

# Help beside a question.
HINTS: dict[str, Promise] = {
    "Decedent.age_years": _("In whole years. Under 1 year: fill in 0, and the months below."),
    "Death.date_of_death": _("Leave the day, or the day and the month, empty when they are not known."),
    "SuspectedSubstance.role": _("As it looks tonight. The conclusion has a role of its own."),
    "CauseOfDeath.manner_provisional": _("As you judged it at the examination."),
    "CauseOfDeath.cause_line_a": _("The immediate cause, in your own words. No names."),
    "CauseOfDeath.cause_line_d": _("The last line holds the underlying cause."),
    "Case.external_reference": _("The number in your own system, never a name."),
    "Case.narrative": _("No names, phone numbers, addresses or dates of birth."),
    "Circumstances.expected_product": _("What the person thought it was, such as a pill bought as xtc."),
    "Circumstances.suspected_none": _("Only when no substance is named below."),
    "SuspectedSubstance.reported_as": _("Kept exactly as you wrote it."),
    "ToxRequest.due_on": _("Left empty, the usual term of the laboratory is used."),
    "ToxRequest.panel_scope": _("What was looked for: so that not found and not looked for stay apart."),
}
# Fields that read better with a unit behind the box, and whose dictionary label holds it already.
UNITS: dict[str, Promise] = {
    "Decedent.age_years": _("years"),
    "Decedent.age_months": _("months"),
    "Death.pmi_hours": _("hours"),
    "Circumstances.call_delay_minutes": _("minutes"),
    "ToxSample.hours_post_mortem": _("hours"),
}
# Asked by the forms of the rows, or set by the register; not by the form of a page.
NOT_IN_A_FORM = frozenset({"Case.tox_status"})
