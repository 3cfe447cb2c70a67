"""Substances and toxicology: sections G of the data dictionary. A finding never overwrites a suspicion."""

from django.db import models
from django.db.models import Q

from register.models.answers import answer_constraints, code, codes, day, moment, number, quantity, reason, refer, text
from register.models.case import CaseChild


class SuspectedSubstance(CaseChild):
    """What was suspected at the scene, in the words it was reported in (phase 1)."""

    removed_at = models.DateTimeField(null=True, blank=True)
    substance = refer("register.Substance")
    reported_as = text(200)
    role = code()
    evidence = codes()
    route, route_missing = code(), reason()
    outcome = code()
    removed_reason = text(500)

    class Meta:
        constraints = answer_constraints("SuspectedSubstance")
        indexes = [
            models.Index(
                fields=["case"], name="suspicion_unmapped", condition=Q(substance__isnull=True, removed_at__isnull=True)
            )
        ]


class ToxRequest(CaseChild):
    """A request for toxicology, or the reason why there was none."""

    lab, lab_missing = refer("register.Laboratory"), reason()
    status = code()
    requested_on, requested_on_missing = day(), reason()
    received_on, received_on_missing = day(), reason()
    due_on, due_on_missing = day(), reason()
    not_requested_reason, not_requested_reason_missing = code(), reason()
    report_reference, report_reference_missing = text(60), reason()
    file_hash = text(64)
    panel_scope, panel_scope_missing = codes(), reason()

    class Meta:
        constraints = answer_constraints("ToxRequest")
        indexes = [models.Index(fields=["status", "due_on"], name="tox_request_due")]


class ToxSample(CaseChild):
    """One specimen of a request."""

    request = models.ForeignKey(ToxRequest, on_delete=models.PROTECT, related_name="samples")
    matrix, matrix_missing = code(), reason()
    timing, timing_missing = code(), reason()
    sampled_at, sampled_at_missing = moment(), reason()
    hours_post_mortem, hours_post_mortem_missing = number(), reason()
    preservative, preservative_missing = code(), reason()

    class Meta:
        constraints = answer_constraints("ToxSample")


class ToxResult(CaseChild):
    """One analyte of a report: as reported for ever, with a normalised value beside it.

    A line that a newer version of the report no longer has is struck out with the reason, never taken away.
    """

    removed_at = models.DateTimeField(null=True, blank=True)
    request = models.ForeignKey(ToxRequest, on_delete=models.PROTECT, related_name="results")
    sample = models.ForeignKey(ToxSample, on_delete=models.PROTECT, null=True, blank=True, related_name="results")
    substance = refer("register.Substance")
    reported_as = text(200)
    outcome = code()
    qualifier = code()
    value, value_missing = quantity(), reason()
    unit = code()
    normalised_value = quantity()
    normalised_unit = code()
    lod, lod_missing = quantity(), reason()
    loq, loq_missing = quantity(), reason()
    method, method_missing = code(), reason()
    stage, stage_missing = code(), reason()
    interpretation, interpretation_missing = code(), reason()
    removed_reason = text(500)

    class Meta:
        constraints = [
            *answer_constraints("ToxResult"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(unit__isnull=False), name="result_value_with_unit"
            ),
        ]
        indexes = [
            models.Index(
                fields=["case"], name="result_unmapped", condition=Q(substance__isnull=True, removed_at__isnull=True)
            )
        ]


class SubstanceFinding(CaseChild):
    """What was concluded about one substance; the role starts unset on purpose (phase 2)."""

    suspicion = models.ForeignKey(
        SuspectedSubstance, on_delete=models.PROTECT, null=True, blank=True, related_name="findings"
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    substance = refer("register.Substance")
    reported_as = text(200)
    role = code()
    certainty, certainty_missing = code(), reason()
    evidence = codes()
    route, route_missing = code(), reason()
    origin, origin_missing = code(), reason()
    removed_reason = text(500)

    class Meta:
        constraints = [
            *answer_constraints("SubstanceFinding"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(role="sole_cause", removed_at__isnull=True), name="one_sole_cause_per_case"
            ),
        ]
        indexes = [
            models.Index(fields=["substance", "role"], name="finding_substance_role"),
            models.Index(
                fields=["case"], name="finding_unmapped", condition=Q(substance__isnull=True, removed_at__isnull=True)
            ),
        ]
