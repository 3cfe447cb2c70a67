"""The sections of a case that a forensic physician fills in: B to F of the data dictionary."""

from django.db import models
from django.db.models import Q

from register.models.answers import answer_constraints, code, codes, day, moment, number, reason, refer, text, truth
from register.models.case import CaseChild, CaseSection


class Decedent(CaseSection):
    """The deceased: no name, no birth date, no address, no number."""

    sex, sex_missing = code(), reason()
    age_years, age_years_missing = number(), reason()
    age_months, age_months_missing = number(), reason()
    birth_year, birth_year_missing = number(), reason()
    residence_kind, residence_kind_missing = code(), reason()
    residence_municipality, residence_municipality_missing = refer("register.Municipality"), reason()
    non_resident, non_resident_missing = truth(), reason()
    housing, housing_missing = code(), reason()
    household, household_missing = code(), reason()
    birth_country_group, birth_country_group_missing = code(), reason()
    work, work_missing = code(), reason()
    education, education_missing = code(), reason()
    minor_children_cared_for, minor_children_cared_for_missing = truth(), reason()
    pregnancy, pregnancy_missing = code(), reason()
    context_group, context_group_missing = codes(), reason()

    class Meta:
        constraints = answer_constraints("Decedent")


class Death(CaseSection):
    """When and where. ``date_of_death`` is a range of days, both ends included: one day, a month or a year."""

    date_of_death_from, date_of_death_to, date_of_death_missing = day(), day(), reason()
    date_of_death_precision, date_of_death_precision_missing = code(), reason()
    last_seen_alive, last_seen_alive_missing = moment(), reason()
    found_at, found_at_missing = moment(), reason()
    place_type, place_type_missing = code(), reason()
    death_municipality, death_municipality_missing = refer("register.Municipality"), reason()
    use_municipality, use_municipality_missing = refer("register.Municipality"), reason()
    use_abroad, use_abroad_missing = truth(), reason()
    event_class, event_class_missing = code(), reason()
    pmi_hours, pmi_hours_missing = number(), reason()

    class Meta:
        constraints = [
            *answer_constraints("Death"),
            models.CheckConstraint(
                condition=Q(found_at__isnull=True)
                | Q(last_seen_alive__isnull=True)
                | Q(found_at__gte=models.F("last_seen_alive")),
                name="death_found_after_last_seen",
            ),
        ]
        indexes = [
            models.Index(fields=["date_of_death_from", "case"], name="death_date"),
            models.Index(
                fields=["date_of_death_to"],
                name="death_not_to_the_day",
                condition=Q(date_of_death_to__gt=models.F("date_of_death_from")),
            ),
        ]


class CauseOfDeath(CaseSection):
    """Manner, intent and cause; the provisional and the final conclusion stand side by side."""

    manner_provisional, manner_provisional_missing = code(), reason()
    manner_final, manner_final_missing = code(), reason()
    intent_provisional, intent_provisional_missing = code(), reason()
    intent_final, intent_final_missing = code(), reason()
    intent_certainty, intent_certainty_missing = code(), reason()
    overdose_type, overdose_type_missing = code(), reason()
    cause_line_a, cause_line_a_missing = text(500), reason()
    cause_line_b, cause_line_b_missing = text(500), reason()
    cause_line_c, cause_line_c_missing = text(500), reason()
    cause_line_d, cause_line_d_missing = text(500), reason()
    cause_other, cause_other_missing = text(500), reason()
    mechanism, mechanism_missing = codes(), reason()
    relation_to_drugs, relation_to_drugs_missing = code(), reason()
    wlb_route, wlb_route_missing = code(), reason()
    autopsy, autopsy_missing = codes(), reason()
    tox_contribution, tox_contribution_missing = code(), reason()
    icd10_ucod_suggested = text(8)
    icd10_ucod = text(8)
    icd10_t_codes = codes()
    icd10_override_reason = text(500)
    icd11_code, icd11_code_missing = text(20), reason()
    tox_consistent, tox_consistent_missing = code(), reason()
    tox_consistent_note = text(500)

    class Meta:
        constraints = answer_constraints("CauseOfDeath")


class Circumstances(CaseSection):
    """What happened around the death."""

    used_alone, used_alone_missing = code(), reason()
    bystanders, bystanders_missing = code(), reason()
    bystander_relation, bystander_relation_missing = codes(), reason()
    use_witnessed, use_witnessed_missing = code(), reason()
    no_response_reason, no_response_reason_missing = codes(), reason()
    emergency_called, emergency_called_missing = code(), reason()
    call_delay_minutes, call_delay_minutes_missing = number(), reason()
    first_responder, first_responder_missing = code(), reason()
    cpr, cpr_missing = code(), reason()
    pulse_on_arrival, pulse_on_arrival_missing = code(), reason()
    transported, transported_missing = code(), reason()
    rapid_overdose_signs, rapid_overdose_signs_missing = codes(), reason()
    use_setting, use_setting_missing = code(), reason()
    use_features, use_features_missing = codes(), reason()
    purchase_route, purchase_route_missing = code(), reason()
    suspected_none, suspected_none_missing = truth(), reason()
    expected_product, expected_product_missing = text(200), reason()
    scene_items, scene_items_missing = codes(), reason()
    routes, routes_missing = codes(), reason()
    cluster_flag, cluster_flag_missing = truth(), reason()

    class Meta:
        constraints = answer_constraints("Circumstances")


class NaloxoneGiven(CaseChild):
    """Naloxone given by one kind of helper."""

    given_by = code()
    doses, doses_missing = number(), reason()
    response, response_missing = code(), reason()

    class Meta:
        constraints = answer_constraints("NaloxoneGiven")


class History(CaseSection):
    """What was known before the death."""

    injecting, injecting_missing = code(), reason()
    previous_overdose, previous_overdose_missing = code(), reason()
    relapse, relapse_missing = code(), reason()
    treatment, treatment_missing = code(), reason()
    treatment_types, treatment_types_missing = codes(), reason()
    recent_release, recent_release_missing = codes(), reason()
    recent_care_contact, recent_care_contact_missing = code(), reason()
    mental_health, mental_health_missing = codes(), reason()
    somatic, somatic_missing = codes(), reason()
    prescribed, prescribed_missing = codes(), reason()
    agonist_daily_dose, agonist_daily_dose_missing = text(60), reason()
    prescription_morphine, prescription_morphine_missing = code(), reason()
    history_sources, history_sources_missing = codes(), reason()
    care_contact_6m, care_contact_6m_missing = code(), reason()

    class Meta:
        constraints = answer_constraints("History")


class KnownUse(CaseChild):
    """Known use of one substance group."""

    group = refer("register.SubstanceGroup")
    user_type = code()

    class Meta:
        constraints = [
            *answer_constraints("KnownUse"),
            models.UniqueConstraint(fields=["case", "group"], name="known_use_once_per_group"),
        ]
