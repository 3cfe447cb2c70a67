"""The door: which rows a person may see at all. Every read of cases starts here."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from register.access.permission import REGIONAL, may
from register.models import (
    Case,
    DuplicatePair,
    ForensicService,
    NameLink,
    NilReport,
    Release,
    RuleComparison,
    SubstanceRequest,
    User,
)
from register.workflow.case_transitions import CaseState
from register.workflow.roles import Role
from register.workflow.verbs import Verb


def cases_for(user: User | AnonymousUser) -> QuerySet[Case]:
    """The cases that ``user`` may see: a region for its physicians and coordinators, all but drafts for the register.

    A draft is seen by its reporter and by the coordinator of the region. Roles without case access see nothing.
    """
    cases: QuerySet[Case] = Case.objects.all()
    if not isinstance(user, User) or not may(user, Verb.READ_CASE):
        return cases.none()
    match Role(user.role):
        case Role.PHYSICIAN:
            return cases.filter(region_id=user.region_id).filter(~Q(status=CaseState.DRAFT) | Q(reporter=user))
        case Role.COORDINATOR:
            return cases.filter(region_id=user.region_id)
        case Role.REGISTER_STAFF:
            return cases.exclude(status=CaseState.DRAFT)
        case _:
            return cases.none()


def panel_cases_for(user: User | AnonymousUser) -> QuerySet[Case]:
    """The cases that ``user`` may vote on as a member of the panel, of any region, but for what they reported."""
    cases: QuerySet[Case] = Case.objects.filter(status=CaseState.PANEL)
    if not isinstance(user, User) or not may(user, Verb.READ_PANEL_CASE):
        return cases.none()
    return cases.exclude(reporter=user)


def releases_for(user: User | AnonymousUser) -> QuerySet[Release]:
    """The releases that ``user`` may see in the making: those of the register, for the register's own staff."""
    releases: QuerySet[Release] = Release.objects.all()
    return releases if may(user, Verb.READ_RELEASE_PREVIEW) else releases.none()


def pairs_for(user: User | AnonymousUser) -> QuerySet[DuplicatePair]:
    """The pairs of cases that may be one death, for who decides about them: they see the cases of the whole country."""
    pairs: QuerySet[DuplicatePair] = DuplicatePair.objects.all()
    return pairs if may(user, Verb.DECIDE_DUPLICATE) else pairs.none()


def name_links_for(user: User | AnonymousUser) -> QuerySet[NameLink]:
    """The decisions about reported names, for who reviews the cases of the whole country."""
    links: QuerySet[NameLink] = NameLink.objects.all()
    return links if may(user, Verb.REVIEW_CASE) else links.none()


def substance_requests_for(user: User | AnonymousUser) -> QuerySet[SubstanceRequest]:
    """What was asked of the stewards of the catalogue, for those who ask and those who answer."""
    requests: QuerySet[SubstanceRequest] = SubstanceRequest.objects.all()
    return requests if may(user, Verb.REVIEW_CASE) or may(user, Verb.STEWARD_CATALOGUE) else requests.none()


def comparisons_for(user: User | AnonymousUser) -> QuerySet[RuleComparison]:
    """What another version of the definitions would change, for who adopts one: they see the closed cases."""
    found: QuerySet[RuleComparison] = RuleComparison.objects.all()
    return found if may(user, Verb.ADOPT_RULES) else found.none()


def services_for(user: User | AnonymousUser) -> QuerySet[ForensicService]:
    """The forensic services for which ``user`` may send a nil report: the own one, else those of the region."""
    services: QuerySet[ForensicService] = ForensicService.objects.filter(active=True).order_by("name", "code")
    if not isinstance(user, User) or user.role not in REGIONAL or not may(user, Verb.REPORT_NIL):
        return services.none()
    services = services.filter(region_id=user.region_id)
    return services.filter(pk=user.forensic_service_id) if user.forensic_service_id else services


def nil_reports_for(user: User | AnonymousUser) -> QuerySet[NilReport]:
    """The nil reports of those services."""
    reports: QuerySet[NilReport] = NilReport.objects.filter(service__in=services_for(user))
    return reports
