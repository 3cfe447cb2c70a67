"""For each quality rule: records in which it finds something, and records that come close and are fine."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from register.quality.partial_dates import PartialDate
from register.quality.record import Record, Row
from tests.unit.quality.records import TODAY, record, row

DIED = PartialDate.of(2024, 3, 14)


def at(day: int, hour: int = 12, month: int = 3) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=UTC)


def finding(substance: str | None, role: str | None = "joint_cause", key: str = "f1", **answers: Any) -> Row:
    return row("SubstanceFinding", key, substance=substance, role=role, **answers)


def result(substance: str | None, outcome: str = "detected", key: str = "t1", **answers: Any) -> Row:
    links = {name: answers.pop(name) for name in ("sample", "request") if name in answers}
    return row("ToxResult", key, links, substance=substance, outcome=outcome, **answers)


# code of the rule -> records in which it finds something, and records that come close and are fine
CASES: dict[str, tuple[list[Record], list[Record]]] = {
    "Q01a": (
        [record(Death__date_of_death=PartialDate.of(2024, 6, 16)), record(Death__date_of_death=PartialDate.of(2025))],
        [record(Death__date_of_death=PartialDate.of(2024, 6, 15)), record(Death__date_of_death=PartialDate.of(2024))],
    ),
    "Q01b": (
        [record(Death__last_seen_alive=at(14), Death__found_at=at(14, 11))],
        [record(Death__last_seen_alive=at(14), Death__found_at=at(14)), record(Death__found_at=at(14))],
    ),
    "Q01c": (
        [
            record(Death__found_at=at(16, month=6)),
            record(Case__date_examined=date(2024, 6, 16)),
            record(row("ToxRequest", requested_on=date(2025, 1, 1))),
        ],
        [
            record(Death__found_at=at(15, 21, month=6)),
            record(Case__date_examined=TODAY),
            record(row("ToxRequest", due_on=date(2025, 1, 1))),
        ],
    ),
    "Q01d": (
        [record(Death__date_of_death=DIED, facts={"entered_on": date(2024, 5, 14)})],
        [
            record(Death__date_of_death=DIED, facts={"entered_on": date(2024, 5, 13)}),
            record(Death__date_of_death=PartialDate.of(2024), facts={"entered_on": date(2024, 5, 14)}),
            record(Death__date_of_death=PartialDate.of(2012)),
        ],
    ),
    "Q02a": ([record(Decedent__age_years=111)], [record(Decedent__age_years=110), record(Decedent__age_years="UNK")]),
    "Q02b": (
        [
            record(row("SuspectedSubstance", substance="cocaine"), Decedent__age_years=11),
            record(finding("heroin"), Decedent__age_years=3),
        ],
        [
            record(row("SuspectedSubstance", substance="cocaine"), Decedent__age_years=12),
            record(row("SuspectedSubstance", substance="paracetamol"), Decedent__age_years=3),
            record(finding("heroin", "present_no_contribution"), Decedent__age_years=3),
        ],
    ),
    "Q03": (
        [
            record(Death__date_of_death=DIED, Death__death_municipality="GM0457"),
            record(Death__date_of_death=DIED, Decedent__residence_municipality="GM0457"),
            record(Death__date_of_death=PartialDate.of(2023), Death__use_municipality="GM1999"),
        ],
        [
            record(Death__date_of_death=PartialDate.of(2022, 3, 23), Death__death_municipality="GM0457"),
            record(Death__date_of_death=PartialDate.of(2022), Death__death_municipality="GM0457"),
            record(Death__date_of_death=DIED, Death__death_municipality="GM0363"),
            record(Death__date_of_death=DIED, Death__death_municipality="GM9999"),
            record(Death__death_municipality="GM0457"),
        ],
    ),
    "Q04": (
        [
            record(Case__narrative="Volgens mevr. de Vries, 06-12345678."),
            record(CauseOfDeath__cause_line_a="BSN 123456782"),
            record(row("SuspectedSubstance", reported_as="pil van dhr. Jansen")),
        ],
        [record(Case__narrative="Volgens de partner om 02:14.")],
    ),
    "Q05a": (
        [record(), record(Circumstances__suspected_none=False)],
        [
            record(Circumstances__suspected_none=True),
            record(Circumstances__suspected_none="UNK"),
            record(row("SuspectedSubstance", substance="cocaine")),
            record(finding("cocaine")),
        ],
    ),
    "Q05b": (
        [record(row("SuspectedSubstance", substance="cocaine"), Circumstances__suspected_none=True)],
        [
            record(row("SuspectedSubstance", substance="cocaine"), Circumstances__suspected_none=False),
            record(finding("cocaine"), Circumstances__suspected_none=True),
        ],
    ),
    "Q06a": (
        [
            record(result("benzoylecgonine")),
            record(result(None, reported_as=" Norfentanyl ")),
            record(finding("benzoylecgonine", "metabolite_or_adulterant")),
        ],
        [
            record(result("benzoylecgonine"), finding("cocaine")),
            record(result("benzoylecgonine", "not_detected")),
            record(result("morphine"), finding("morphine")),
            record(finding("levamisole", "metabolite_or_adulterant")),
            record(result("6-mam")),
        ],
    ),
    "Q06b": (
        [record(result(None, reported_as="6-MAM")), record(finding("6-mam", "metabolite_or_adulterant"))],
        [record(result(None, reported_as="6-MAM"), finding("heroin")), record(result("6-mam", "not_detected"))],
    ),
    "Q06c": (
        [
            record(CauseOfDeath__icd10_ucod="X42", CauseOfDeath__intent_final="suicide"),
            record(CauseOfDeath__icd10_ucod="X62", CauseOfDeath__intent_provisional="accident"),
            record(CauseOfDeath__icd10_ucod="Y12", CauseOfDeath__intent_final="homicide"),
        ],
        [
            record(CauseOfDeath__icd10_ucod="X42", CauseOfDeath__intent_final="accident"),
            record(
                CauseOfDeath__icd10_ucod="X62",
                CauseOfDeath__intent_provisional="accident",
                CauseOfDeath__intent_final="suicide",
            ),
            record(CauseOfDeath__icd10_ucod="F11.2", CauseOfDeath__intent_final="accident"),
            record(CauseOfDeath__icd10_ucod="X85", CauseOfDeath__intent_final="homicide"),
            record(CauseOfDeath__icd10_ucod="X42"),
        ],
    ),
    "Q06d": (
        [
            record(finding("naloxone")),
            record(finding("ketamine"), Circumstances__cpr="yes"),
            record(finding("midazolam", "sole_cause"), row("NaloxoneGiven", given_by="ambulance")),
        ],
        [
            record(finding("ketamine")),
            record(finding("ketamine", "given_in_care"), Circumstances__cpr="yes"),
            record(finding("midazolam"), row("NaloxoneGiven", given_by="no")),
        ],
    ),
    "Q06e": (
        [
            record(finding("heroin", route="transdermal")),
            record(row("SuspectedSubstance", substance="heroin", route="oral")),
        ],
        [
            record(finding("heroin", route="smoked")),
            record(finding("heroin", route="other")),
            record(finding("heroin", route="UNK")),
            record(finding("cocaine", route="transdermal")),
        ],
    ),
    "Q07": (
        [record(finding("cocaine"), result("cocaine", "not_detected"))],
        [
            record(finding("cocaine"), result("cocaine", "not_detected"), result("cocaine", "detected", "t2")),
            record(finding("cocaine", "suspected_only"), result("cocaine", "not_detected")),
            record(finding("cocaine"), result("cocaine", "not_tested")),
            record(finding("cocaine"), result("heroin", "not_detected")),
            record(finding("cocaine")),
        ],
    ),
    "Q08a": (
        [record(result("cocaine", normalised_value=Decimal("20000.01"), normalised_unit="ug_l"))],
        [
            record(result("cocaine", normalised_value=Decimal(20000), normalised_unit="ug_l")),
            record(result("heroin", normalised_value=Decimal(99999), normalised_unit="ug_l")),
            record(result("cocaine", normalised_value=Decimal(99999), normalised_unit="g_l")),
        ],
    ),
    "Q08b": (
        [
            record(result("cocaine", unit="promille")),
            record(result("cocaine", unit="mg_kg", sample="s1"), row("ToxSample", "s1", matrix="blood_femoral")),
            record(result("cocaine", unit="mg_l", sample="s1"), row("ToxSample", "s1", matrix="liver")),
        ],
        [
            record(result("ethanol", unit="promille")),
            record(result(None, unit="promille", reported_as="alcohol")),
            record(result("cocaine", unit="mg_kg", sample="s1"), row("ToxSample", "s1", matrix="liver")),
            record(result("cocaine", unit="mg_l", sample="s1"), row("ToxSample", "s1", matrix="stomach")),
            record(result("cocaine", unit="mg_kg", sample="s2")),
        ],
    ),
    "Q09": (
        [
            record(CauseOfDeath__manner_provisional="natural", CauseOfDeath__relation_to_drugs="direct"),
            record(CauseOfDeath__manner_final="natural", CauseOfDeath__tox_contribution="very_likely"),
            record(finding("heroin"), CauseOfDeath__manner_final="natural"),
            record(CauseOfDeath__manner_final="natural", CauseOfDeath__icd10_ucod="X42"),
        ],
        [
            record(
                CauseOfDeath__manner_provisional="natural",
                CauseOfDeath__manner_final="non_natural",
                CauseOfDeath__relation_to_drugs="direct",
            ),
            record(CauseOfDeath__manner_final="natural", CauseOfDeath__relation_to_drugs="unrelated"),
            record(finding("heroin", "present_no_contribution"), CauseOfDeath__manner_final="natural"),
        ],
    ),
    "Q10": (
        [record(row("ToxRequest", status="requested", due_on=date(2024, 6, 14)))],
        [
            record(row("ToxRequest", status="requested", due_on=TODAY)),
            record(row("ToxRequest", status="final", due_on=date(2024, 1, 1))),
            record(row("ToxRequest", status="requested", due_on=date(2024, 1, 1), received_on=date(2024, 2, 1))),
        ],
    ),
    "Q11a": ([record(facts={"same_reference": 1})], [record(facts={"same_reference": 0})]),
    "Q11b": ([record(Decedent__sex="NASK")], [record(Decedent__sex="UNK"), record(Decedent__housing="NASK")]),
    "Q12": (
        [record(Death__date_of_death=DIED, Decedent__birth_year=2025)],
        [record(Death__date_of_death=DIED, Decedent__birth_year=2024), record(Decedent__birth_year=2025)],
    ),
    "Q13": (
        [
            record(Death__date_of_death=DIED, Decedent__birth_year=1990, Decedent__age_years=35),
            record(Death__date_of_death=DIED, Decedent__birth_year=1990, Decedent__age_years=32),
        ],
        [
            record(Death__date_of_death=DIED, Decedent__birth_year=1990, Decedent__age_years=34),
            record(Death__date_of_death=DIED, Decedent__birth_year=1990, Decedent__age_years=33),
            record(Death__date_of_death=DIED, Decedent__birth_year=2025, Decedent__age_years=33),
        ],
    ),
    "Q14a": (
        [record(Death__date_of_death=DIED, Case__date_examined=date(2024, 3, 13))],
        [
            record(Death__date_of_death=DIED, Case__date_examined=date(2024, 3, 14)),
            record(Death__date_of_death=PartialDate.of(2024, 3), Case__date_examined=date(2024, 3, 1)),
        ],
    ),
    "Q14b": (
        [record(Death__date_of_death=DIED, Case__date_notified=date(2024, 3, 13))],
        [record(Death__date_of_death=DIED, Case__date_notified=date(2024, 3, 14))],
    ),
    "Q15": (
        [record(Death__date_of_death=DIED, Death__last_seen_alive=at(15))],
        [
            record(Death__date_of_death=DIED, Death__last_seen_alive=at(14, 22)),
            record(Death__date_of_death=PartialDate.of(2024), Death__last_seen_alive=at(15)),
        ],
    ),
    "Q16": (
        [record(Case__region="GG4607", Death__death_municipality="GM0363")],
        [
            record(Case__region="GG3406", Death__death_municipality="GM0363"),
            record(Case__region="GG3406", Death__death_municipality="GM9999"),
            record(Death__death_municipality="GM0363"),
        ],
    ),
    "Q17a": (
        [record(finding("heroin", "sole_cause"), finding("cocaine", "sole_cause", "f2"))],
        [record(finding("heroin", "sole_cause")), record(finding("heroin"), finding("cocaine", key="f2"))],
    ),
    "Q17b": (
        [record(finding("heroin", "sole_cause"), finding("cocaine", "joint_cause", "f2"))],
        [
            record(finding("heroin", "sole_cause"), finding("cocaine", "possible_contribution", "f2")),
            record(finding("heroin", "sole_cause"), finding("6-mam", "metabolite_or_adulterant", "f2")),
        ],
    ),
    "Q18a": (
        [record(result("cocaine", stage="rapid"), Assessment__inclusion="confirmed")],
        [
            record(result("cocaine", stage="rapid"), Assessment__inclusion="probable"),
            record(
                result("cocaine", stage="rapid"),
                result("cocaine", key="t2", stage="screen"),
                Assessment__inclusion="confirmed",
            ),
        ],
    ),
    "Q18b": (
        [
            record(Assessment__inclusion="confirmed"),
            record(result("cocaine", "not_detected", stage="confirmed"), Assessment__inclusion="confirmed"),
            record(result("cocaine"), Assessment__inclusion="confirmed"),
        ],
        [
            record(result("cocaine", stage="quantified"), Assessment__inclusion="confirmed"),
            record(Assessment__inclusion="suspected"),
        ],
    ),
    "Q19": (
        [record(CauseOfDeath__tox_consistent="no")],
        [
            record(CauseOfDeath__tox_consistent="no", CauseOfDeath__tox_consistent_note="hoge tolerantie"),
            record(CauseOfDeath__tox_consistent="yes"),
        ],
    ),
    "Q20": (
        [record(Decedent__sex="PEND"), record(finding("heroin", certainty="PEND"))],
        [record(Decedent__sex="UNK"), record(finding("heroin", certainty="UNK"))],
    ),
    "Q21": (
        [record(Assessment__inclusion="excluded")],
        [
            record(Assessment__inclusion="excluded", Assessment__exclusion_reason="natural"),
            record(Assessment__inclusion="probable"),
        ],
    ),
    "Q22": ([record(finding("heroin", None))], [record(finding("heroin", "undeterminable"))]),
    "Q23": (
        [
            record(finding(None, reported_as="N-pyrrolidino X")),
            record(row("SuspectedSubstance", reported_as="roze pil")),
            record(result(None, reported_as="N-pyrrolidino X")),
        ],
        [record(finding("heroin", reported_as="bruin"))],
    ),
    "Q25": (
        [
            record(Case__tox_status="not_requested"),
            record(row("ToxRequest", status="not_requested"), Case__tox_status="not_requested"),
        ],
        [
            record(row("ToxRequest", status="not_requested", not_requested_reason="cost")),
            record(row("ToxRequest", status="not_requested", not_requested_reason="UNK")),
            record(Case__tox_status="requested"),
        ],
    ),
    "Q27": (
        [
            record(
                result("metonitazene", "not_detected", request="q1"),
                row("ToxRequest", "q1", panel_scope=["alcohol", "screen_broad"]),
            )
        ],
        [
            record(
                result("metonitazene", "not_detected", request="q1"),
                row("ToxRequest", "q1", panel_scope=["alcohol", "nitazenes"]),
            ),
            record(result("metonitazene", "not_detected", request="q1"), row("ToxRequest", "q1", panel_scope="UNK")),
            record(result("cocaine", "not_detected", request="q1"), row("ToxRequest", "q1", panel_scope=["alcohol"])),
        ],
    ),
    "Q29a": (
        [record(row("ToxRequest", requested_on=date(2024, 4, 2), received_on=date(2024, 4, 1)))],
        [record(row("ToxRequest", requested_on=date(2024, 4, 1), received_on=date(2024, 4, 1)))],
    ),
    "Q29b": (
        [record(row("ToxSample", timing="post_mortem", sampled_at=at(13)), Death__date_of_death=DIED)],
        [
            record(row("ToxSample", timing="ante_mortem", sampled_at=at(13)), Death__date_of_death=DIED),
            record(row("ToxSample", timing="post_mortem", sampled_at=at(14)), Death__date_of_death=DIED),
        ],
    ),
    "Q30": (
        [record(CauseOfDeath__icd10_ucod_suggested="X42", CauseOfDeath__icd10_ucod="X44")],
        [
            record(CauseOfDeath__icd10_ucod_suggested="X42", CauseOfDeath__icd10_ucod="X42"),
            record(CauseOfDeath__icd10_ucod_suggested="X42"),
            record(
                CauseOfDeath__icd10_ucod_suggested="X42",
                CauseOfDeath__icd10_ucod="X44",
                CauseOfDeath__icd10_override_reason="middel onbekend",
            ),
        ],
    ),
    "Q31": (
        [
            record(CauseOfDeath__manner_provisional="non_natural", CauseOfDeath__wlb_route="declaration_a"),
            record(CauseOfDeath__manner_provisional="natural", CauseOfDeath__wlb_route="article_10"),
        ],
        [
            record(CauseOfDeath__manner_provisional="natural", CauseOfDeath__wlb_route="declaration_a"),
            record(CauseOfDeath__manner_provisional="not_convinced", CauseOfDeath__wlb_route="article_10"),
            record(CauseOfDeath__wlb_route="declaration_a"),
        ],
    ),
    "Q33": (
        [
            record(Circumstances__used_alone="yes", Circumstances__bystander_relation=["co_user"]),
            record(Circumstances__used_alone="yes", Circumstances__use_witnessed="yes"),
        ],
        [
            record(Circumstances__used_alone="no", Circumstances__bystander_relation=["co_user"]),
            record(Circumstances__used_alone="yes", Circumstances__bystander_relation=["housemate"]),
        ],
    ),
    "Q34": (
        [record(Circumstances__scene_items=["pills", "note"], CauseOfDeath__intent_provisional="accident")],
        [
            record(Circumstances__scene_items=["pills", "note"], CauseOfDeath__intent_provisional="suicide"),
            record(Circumstances__scene_items=["pills"], CauseOfDeath__intent_provisional="accident"),
        ],
    ),
    "Q35": (
        [record(Circumstances__scene_items=["pills", "none"]), record(CauseOfDeath__autopsy=["none", "ct"])],
        [record(Circumstances__scene_items=["none"]), record(Circumstances__scene_items=["pills", "note"])],
    ),
}
