"""The life of a release: prepared by one person, approved by another, replaced or retracted, never changed.

Every call is atomic, asks ``access.may``, checks the version the person saw and leaves a row that says who moved the
release and why.
"""

import uuid
from datetime import datetime

from django.db import connection
from django.utils import timezone

from register.access import may, releases_for
from register.audit import Event, acting_as, log_access
from register.models import (
    Release,
    ReleaseCells,
    ReleaseChange,
    ReleaseExtract,
    ReleaseTable,
    RuleAdoption,
    User,
    WebhookDelivery,
)
from register.reporting import ledger, populations, publishing
from register.reporting.choices import NONE, Choices, choices_of
from register.reporting.errors import NotFoundError, RefusedError, StaleError
from register.reporting.plans import Plan, check
from register.reporting.queueing import BUILD_TASK, ask_for_appearance, ask_for_build, ask_to_announce
from register.reporting.situation import RETRACTION_ASKED, is_published, retraction_asked_by_other, situation_of
from register.workflow.release_transitions import PUBLISHED, PUBLISHING_MOVES, ReleaseState, decide, possible
from register.workflow.transitions import Refused
from register.workflow.verbs import Verb

EMBARGO = "system:embargo"
CHOICE = "choose"
# Two releases published at the same moment would not have been protected beside each other.
PUBLISHING = "register.publish_release"


def draft(*, plan: Plan, by: User, now: datetime) -> Release:
    """Fix the terms of a release and have it built. Raises InvalidError with every fault of the plan at once."""
    with acting_as(by):
        _allow(by, Verb.DRAFT_RELEASE)
        before = releases_for(by).filter(pk=plan.supersedes).first() if plan.supersedes else None
        check(plan, before, now)
        release = Release.objects.create(
            identifier=_identifier(plan),
            title=plan.title.strip(),
            definition=plan.definition,
            year_from=plan.year_from,
            year_to=plan.year_to,
            cut_off=plan.cut_off,
            target_status=plan.target,
            threshold=plan.threshold,
            profile=plan.profile.told(),
            supersedes=before,
            embargo_until=plan.embargo_until,
            public=plan.public,
            note=plan.note.strip(),
            rule_version=RuleAdoption.objects.current(),
            population=populations.newest(),
            created_by=by,
        )
        _note(release, "draft", by=by, came_from="", reason=plan.note)
        ask_for_build(release)
        return release


def rebuild(*, release_id: uuid.UUID, seen_version: int, by: User) -> Release:
    """Throw away what was built from a draft and have it built anew from the cases as they are now."""
    with acting_as(by):
        release = _mine(release_id, Verb.DRAFT_RELEASE, by=by, seen_version=seen_version)
        return _build_again(release, NONE)


def choose(*, release_id: uuid.UUID, choices: Choices, seen_version: int, by: User) -> Release:
    """Have a release built that could not stand beside the earlier ones, in the way that this person chose.

    What was chosen in an earlier round stays chosen, until the release is built again from the beginning.
    """
    with acting_as(by):
        release = _mine(release_id, Verb.DRAFT_RELEASE, by=by, seen_version=seen_version)
        choices.check()
        _note(release, CHOICE, by=by, came_from=release.status, reason=choices.reason)
        return _build_again(release, choices_of(release.choices).and_(choices))


def _build_again(release: Release, choices: Choices) -> Release:
    if release.status != ReleaseState.DRAFT:
        raise RefusedError(
            code="wrong_state",
            nl="Alleen een concept kan opnieuw worden gemaakt.",
            en="Only a draft can be built again.",
        )
    ReleaseExtract.objects.filter(release=release).delete()
    ReleaseCells.objects.filter(release=release).delete()
    ReleaseTable.objects.filter(release=release).delete()
    release.change(
        build=Release.Build.WAITING,
        build_message_nl="",
        build_message_en="",
        report=None,
        built_at=None,
        choices=choices.told() if choices != NONE else None,
        population=populations.newest(),
    )
    ask_for_build(release)
    return release


def submit(*, release_id: uuid.UUID, note: str, seen_version: int, by: User) -> Release:
    """Hand the built release to a colleague, with a note that is published with it."""
    with acting_as(by):
        release = _mine(release_id, Verb.SUBMIT_RELEASE, by=by, seen_version=seen_version)
        release.note = note.strip()
        _move(release, "submit", by=by, reason=note, submitted_by=by)
        log_access(Event.RELEASE_PROPOSE, object_type="release", objects=[release.pk])
        return release


def refuse(*, release_id: uuid.UUID, reason: str, seen_version: int, by: User) -> Release:
    """Give the release back to its maker with a reason."""
    with acting_as(by):
        release = _mine(release_id, Verb.APPROVE_RELEASE, by=by, seen_version=seen_version)
        _move(release, "refuse", by=by, reason=reason)
        return release


def approve(*, release_id: uuid.UUID, seen_version: int, by: User, now: datetime) -> Release:
    """Publish the release: another person than its maker. It appears now, or in the minute its embargo ends.

    The release it names is superseded from then on.
    """
    with acting_as(by):
        _one_at_a_time(PUBLISHING)
        release = _mine(release_id, Verb.APPROVE_RELEASE, by=by, seen_version=seen_version)
        move = PUBLISHING_MOVES[ReleaseState(release.target_status)]
        appears = max(now, release.embargo_until or now)
        _move(release, move, by=by, approved_by=by, published_at=appears)
        publishing.publish(release, at=appears)
        ledger.write(release)
        if release.supersedes is not None and appears > now:
            ask_for_appearance(release, appears)
        elif release.supersedes is not None:
            _replace(release.supersedes)
        ask_to_announce(release, WebhookDelivery.Kind.PUBLISHED, now=now)
        log_access(Event.RELEASE_PUBLISH, object_type="release", objects=[release.pk])
        return release


def appear(*, release_id: uuid.UUID) -> None:
    """Replace the release that this one names, once its embargo has ended. Does nothing when it was retracted since."""
    with acting_as(EMBARGO):
        release = Release.objects.select_related("supersedes").get(pk=release_id)
        before = release.supersedes
        if release.status in PUBLISHED and before is not None and before.status in PUBLISHED:
            _replace(before)


def ask_retraction(*, release_id: uuid.UUID, reason: str, seen_version: int, by: User) -> Release:
    """Ask for the retraction of a published release; a colleague carries it out."""
    with acting_as(by):
        release = _mine(release_id, Verb.RETRACT_RELEASE, by=by, seen_version=seen_version)
        if not is_published(release):
            raise RefusedError(
                code="wrong_state",
                nl="Alleen een gepubliceerde publicatie kan worden ingetrokken.",
                en="Only a published release can be retracted.",
            )
        if not reason.strip():
            raise RefusedError(
                code="reason_missing",
                nl="Schrijf op waarom de publicatie moet worden ingetrokken.",
                en="Write down why the release must be retracted.",
            )
        _note(release, RETRACTION_ASKED, by=by, came_from=release.status, reason=reason)
        return release


def retract(*, release_id: uuid.UUID, reason: str, seen_version: int, by: User) -> Release:
    """Withdraw a published release after a colleague asked for it. The reason is public, the files are not offered."""
    with acting_as(by):
        release = _mine(release_id, Verb.RETRACT_RELEASE, by=by, seen_version=seen_version)
        _move(release, "retract", by=by, reason=reason)
        publishing.retract(release, reason=reason.strip())
        ask_to_announce(release, WebhookDelivery.Kind.RETRACTED, now=timezone.now())
        return release


def moves_for(release: Release, *, by: User) -> tuple[str, ...]:
    """The names of the moves that this person may try now; what stands in their way is told when they try."""
    state = ReleaseState(release.status)
    names = [row.name for row in possible(state) if row.by is not None and may(by, row.by, release)]
    publishing_move = PUBLISHING_MOVES[ReleaseState(release.target_status)]
    return tuple(name for name in names if name not in PUBLISHING_MOVES.values() or name == publishing_move)


def retraction_asked(release: Release, *, by: User) -> bool:
    """Whether a colleague of this person asked for the retraction."""
    return retraction_asked_by_other(release, by)


def replaceable(*, by: User) -> list[Release]:
    """The published releases that a new one may replace, newest first."""
    return list(releases_for(by).filter(status__in=PUBLISHED).order_by("-published_at"))


def _allow(by: User, verb: Verb, release: Release | None = None) -> None:
    verdict = may(by, verb, release)
    if not verdict:
        raise RefusedError(code=verdict.code, nl=verdict.nl, en=verdict.en)


def _mine(release_id: uuid.UUID, verb: Verb, *, by: User, seen_version: int) -> Release:
    """The release, locked, when this person may do this to it and saw its latest version."""
    release = releases_for(by).select_for_update().filter(pk=release_id).first()
    if release is None:
        raise NotFoundError
    _allow(by, verb, release)
    if release.row_version != seen_version:
        raise StaleError(current=release.row_version)
    return release


def _move(release: Release, name: str, *, by: User | None, reason: str = "", **values: object) -> None:
    came_from = ReleaseState(release.status)
    decision = decide(name, came_from, situation_of(release, actor=by), reason=reason)
    if isinstance(decision, Refused):
        raise RefusedError(code=decision.code, nl=decision.nl, en=decision.en, obstacles=decision.obstacles)
    for field, value in {**values, "status": decision.transition.target.value}.items():
        setattr(release, field, value)
    release.save()
    _note(release, name, by=by, came_from=came_from, reason=reason)


def _replace(named: Release) -> None:
    before = Release.objects.select_for_update().get(pk=named.pk)
    _move(before, "supersede", by=None)
    publishing.supersede(before)


def _note(release: Release, name: str, *, by: User | None, came_from: str, reason: str) -> None:
    ReleaseChange.objects.create(
        release=release, name=name, from_status=came_from, to_status=release.status, by=by, reason=reason.strip()[:2000]
    )


def _identifier(plan: Plan) -> str:
    """Period, definition, status and a number: ``2012-2018-nl-broad-d1``. One person at a time draws a number."""
    _one_at_a_time(BUILD_TASK)
    return f"{plan.stem}{Release.objects.filter(identifier__startswith=plan.stem).count() + 1}"


def _one_at_a_time(work: str) -> None:
    """Wait until nobody else does this work; what they did can be seen from then on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [work])
