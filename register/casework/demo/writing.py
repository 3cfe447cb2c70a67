"""Writing the made-up cases down: what the physician fills in and what the register concludes, as form answers."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from register.casework import review, steps, substances, toxicology
from register.casework.answers import Vocabularies
from register.casework.demo.plan import Draw
from register.casework.dossier import Dossier
from register.casework.findings import accept, key_of, unaccepted
from register.casework.intake import fill_page, new_dossier
from register.casework.opening import finish
from register.models import SuspectedSubstance, ToxRequest, User

LAB = {"GG3406": "nfi", "GG4607": "erasmus-mc"}
ACCEPTED = "Voorbeeldzaak: gecontroleerd en juist."
NATURAL = "natural"


def pages(draw: Draw) -> dict[str, dict[str, str]]:
    """The answers of each page, under their form names."""
    natural = draw.story.exclusion == NATURAL
    died = draw.died_on
    return {
        "overledene": {
            "sex": draw.sex,
            "age_years": str(draw.age),
            "birth_year": str(died.year - draw.age),
            "residence_kind": "municipality",
            "residence_municipality": draw.home or draw.town,
            "non_resident": "no",
            "housing": draw.housing,
            "household": draw.household,
        },
        "overlijden": {
            "external_reference_missing": "NASK",
            "date_notified": died.isoformat(),
            "date_examined": died.isoformat(),
            "date_of_death": died.isoformat(),
            "date_of_death_precision": "exact",
            "found_at_missing": "UNK",
            "last_seen_alive_missing": "UNK",
            "place_type": draw.place,
            "death_municipality": draw.town,
            "use_abroad": "no",
            "manner_provisional": NATURAL if natural else "not_convinced",
        },
        "omstandigheden": {
            "intent_provisional": draw.story.intent,
            "used_alone": draw.used_alone,
            "bystanders": draw.bystanders,
            "emergency_called": draw.emergency_called,
            "cpr": draw.emergency_called,
            "treatment": draw.treatment,
            "previous_overdose_missing": "NASK",
            "mental_health_missing": "NASK",
            "narrative": f"Aangetroffen door bekenden. Verhaal: {draw.story.name}.",
        },
        "middelen": {"suspected_none": "no", "routes": draw.story.route},
        "conclusie": {
            "cause_line_a": draw.story.cause,
            "relation_to_drugs": "unrelated" if natural else "direct",
            "overdose_type": "misuse",
            "wlb_route": "declaration_a" if natural else "article_10",
        },
    }


def reported(draw: Draw, *, by: User, number: str, now: datetime, requested_on: date) -> Dossier:
    """The case as the physician hands it in: pages, suspicions, a request for toxicology, submitted."""
    vocabularies = Vocabularies()
    dossier = new_dossier(by=by, region=draw.region, service=f"FD-{draw.region}")
    dossier.case.case_number = number
    for page, raw in pages(draw).items():
        fill_page(dossier, page, raw, vocabularies)
    for words, code in draw.story.suspected:
        raw_row = {"reported_as": words, "substance": code, "evidence": ["scene", "witness"], "route": draw.story.route}
        substances.suspect(dossier, raw_row, vocabularies)
    toxicology.request(dossier, request_of(draw, requested_on), vocabularies)
    toxicology.follow(dossier)
    accept(dossier, _all_warnings(dossier), by=by)
    steps.submit(dossier, by=by, now=now)
    finish(dossier)
    return dossier


def request_of(draw: Draw, requested_on: date) -> dict[str, str]:
    """The request for toxicology as a form sends it."""
    return {
        "lab": LAB[draw.region],
        "requested_on": requested_on.isoformat(),
        "panel_scope": "screen_broad;alcohol;ghb",
    }


def results_in(dossier: Dossier, draw: Draw, *, today: date) -> None:
    """The report of the laboratory: one result for each substance of the story."""
    vocabularies = Vocabularies()
    request = dossier.rows(ToxRequest)[0]
    for result in results_of(draw):
        toxicology.result(dossier, request, result, vocabularies)
    received = min((request.requested_on or today) + timedelta(days=31), today)
    dossier.change(request, received_on=received, status="final")
    toxicology.follow(dossier)
    finish(dossier)


def results_of(draw: Draw) -> list[dict[str, str]]:
    """The results of the story as a form sends them."""
    return [
        {
            "reported_as": found.reported_as,
            "substance": found.code,
            "outcome": "detected",
            "qualifier": "eq",
            "value": found.value,
            "unit": found.unit,
            "method": "lc_msms",
            "stage": "quantified",
        }
        for found in draw.story.found
    ]


def findings_of(draw: Draw) -> list[dict[str, str]]:
    """The conclusions about the substances of the story as a form sends them."""
    return [
        {
            "reported_as": found.reported_as,
            "substance": found.code,
            "role": found.role,
            "certainty": "certain",
            "evidence": "tox_lab",
            "origin": found.origin,
        }
        for found in draw.story.found
    ]


def conclusion_of(draw: Draw) -> Mapping[str, str]:
    """The final conclusion as a form sends it."""
    included = {} if draw.story.exclusion else {"inclusion": "confirmed"}
    return {
        "manner_final": NATURAL if draw.story.exclusion == NATURAL else "non_natural",
        "intent_final": draw.story.intent,
        "case_certainty": "certain",
        "tox_consistent": "yes",
        **included,
    }


def decided(dossier: Dossier, draw: Draw, *, by: User, now: datetime) -> None:
    """The register's part: taken, mapped, concluded, coded and closed, or excluded."""
    vocabularies = Vocabularies()
    steps.take(dossier, by=by, now=now)
    for suspicion in dossier.rows(SuspectedSubstance):
        if suspicion.substance_id is None:
            substances.link(dossier, suspicion, draw.story.found[-1].code, vocabularies)
    for raw in findings_of(draw):
        substances.conclude_about(dossier, raw, vocabularies)
    review.conclude_dossier(dossier, conclusion_of(draw), vocabularies)
    finish(dossier)
    if draw.story.exclusion:
        steps.exclude(dossier, reason=draw.story.exclusion, by=by, now=now)
    else:
        review.accept_dossier(dossier, by=by)
        accept(dossier, _all_warnings(dossier), by=by)
        steps.close(dossier, by=by, now=now)
    finish(dossier)


def _all_warnings(dossier: Dossier) -> dict[str, str]:
    return {key_of(finding): ACCEPTED for finding in unaccepted(dossier)}
