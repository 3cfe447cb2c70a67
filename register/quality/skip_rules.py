"""Which questions are asked only when another has a certain answer, as data.

Without JavaScript a page shows the sentence of the rule beside the question; an answer that no longer applies becomes
``NA``. A question stays open while the one that decides about it is blank or still pending.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from register.quality.answers import BLANK, Answer, Value

PENDING = "PEND"


@dataclass(frozen=True, slots=True)
class SkipRule:
    """``fields`` are asked only when ``decider`` has one of ``values``; without values, when it has any value.

    A decider with several codes counts when one of them is among ``values``.
    """

    fields: tuple[str, ...]
    decider: str
    values: frozenset[Value]
    nl: str
    en: str

    def asks(self, answer: Answer) -> bool:
        """Whether the fields are asked, given the answer to the decider."""
        if answer.value is None:
            return answer.missing is None or answer.missing == PENDING
        if not self.values:
            return True
        if isinstance(answer.value, tuple):
            return not self.values.isdisjoint(answer.value)
        return answer.value in self.values


def _rule(fields: str, decider: str, values: Iterable[Value], nl: str, en: str) -> SkipRule:
    model = decider.partition(".")[0]
    names = tuple(field if "." in field else f"{model}.{field}" for field in fields.split())
    return SkipRule(names, decider, frozenset(values), f"Alleen invullen als {nl}.", f"Only when {en}.")


# A rule stands below the rules about its own decider.
SKIP_RULES: tuple[SkipRule, ...] = (
    _rule("age_months", "Decedent.age_years", [0], "de leeftijd 0 jaar is", "the age is 0 years"),
    _rule(
        "residence_municipality",
        "Decedent.residence_kind",
        ["municipality"],
        "de woonplaats een gemeente in Nederland is",
        "the residence is a Dutch municipality",
    ),
    _rule("pregnancy", "Decedent.sex", ["female"], "het geslacht vrouw is", "the sex is female"),
    _rule(
        "date_of_death_precision",
        "Death.date_of_death",
        [],
        "er een datum van overlijden is",
        "there is a date of death",
    ),
    _rule(
        "event_class",
        "Death.place_type",
        ["event", "venue"],
        "de plaats een evenement, horeca of club is",
        "the place is an event, a bar or a club",
    ),
    _rule(
        "use_municipality",
        "Death.use_abroad",
        [False],
        "het gebruik in Nederland was",
        "the use was in the Netherlands",
    ),
    _rule(
        "bystander_relation use_witnessed no_response_reason",
        "Circumstances.bystanders",
        ["one", "several", "number_unknown"],
        "er omstanders waren",
        "there were bystanders",
    ),
    _rule(
        "call_delay_minutes",
        "Circumstances.emergency_called",
        ["yes"],
        "112 is gebeld",
        "the emergency number was called",
    ),
    _rule(
        "doses response",
        "NaloxoneGiven.given_by",
        ["bystander", "police", "ambulance", "hospital"],
        "naloxon is gegeven",
        "naloxone was given",
    ),
    _rule(
        "treatment_types",
        "History.treatment",
        ["current", "past"],
        "er nu of eerder verslavingszorg was",
        "there is or was addiction care",
    ),
    _rule(
        "agonist_daily_dose",
        "History.prescribed",
        ["agonist"],
        "een onderhoudsmiddel is voorgeschreven",
        "an agonist is prescribed",
    ),
    _rule(
        "not_requested_reason",
        "ToxRequest.status",
        ["not_requested"],
        "geen toxicologie is aangevraagd",
        "no toxicology was requested",
    ),
    _rule(
        "lab requested_on due_on received_on report_reference panel_scope",
        "ToxRequest.status",
        ["requested", "sampled", "partial", "final", "refused", "unsuitable"],
        "toxicologie is aangevraagd",
        "toxicology was requested",
    ),
    _rule(
        "qualifier value unit",
        "ToxResult.outcome",
        ["detected", "below_limit", "inconclusive"],
        "het middel is onderzocht en niet afwezig bleek",
        "the substance was tested and not found absent",
    ),
    _rule(
        "tox_consistent_note",
        "CauseOfDeath.tox_consistent",
        ["no"],
        "de toxicologie niet past",
        "the toxicology does not fit",
    ),
    _rule(
        "exclusion_reason",
        "Assessment.inclusion",
        ["excluded"],
        "de zaak is uitgesloten",
        "the case is excluded",
    ),
)

CONDITIONAL: Mapping[str, SkipRule] = {field: rule for rule in SKIP_RULES for field in rule.fields}


def not_applicable(answers: Mapping[str, Answer]) -> frozenset[str]:
    """The fields, as ``Model.field``, that are not asked with these answers.

    ``answers`` are those of a case, or those of one row when the rule is about a repeated row. A field whose decider
    is itself not asked is not asked either.
    """
    skipped: set[str] = set()
    for rule in SKIP_RULES:
        if rule.decider in skipped or not rule.asks(answers.get(rule.decider, BLANK)):
            skipped.update(rule.fields)
    return frozenset(skipped)
