"""The states of a release, who acts next in each, and the one table of moves between them."""

from collections.abc import Mapping

from register.workflow import release_guards as guards
from register.workflow.labels import Labelled
from register.workflow.release_situation import ReleaseSituation
from register.workflow.roles import Role
from register.workflow.transitions import Allowed, Flow, Reason, Refused, Transition
from register.workflow.verbs import Verb


class ReleaseState(Labelled):
    """Where a release stands. A release never changes its figures; a correction is a new release."""

    DRAFT = "draft", "Concept", "Draft"
    PENDING_APPROVAL = "pending_approval", "Ter goedkeuring", "Awaiting approval"
    PUBLISHED_PROVISIONAL = "published_provisional", "Gepubliceerd (voorlopig)", "Published (provisional)"
    PUBLISHED_FURTHER_PROVISIONAL = (
        "published_further_provisional",
        "Gepubliceerd (nader voorlopig)",
        "Published (further provisional)",
    )
    PUBLISHED_FINAL = "published_final", "Gepubliceerd (definitief)", "Published (final)"
    SUPERSEDED = "superseded", "Vervangen", "Superseded"
    RETRACTED = "retracted", "Ingetrokken", "Retracted"


PUBLISHED = frozenset(
    {
        ReleaseState.PUBLISHED_PROVISIONAL,
        ReleaseState.PUBLISHED_FURTHER_PROVISIONAL,
        ReleaseState.PUBLISHED_FINAL,
    }
)

# Who acts next. Nobody has to act on what is published.
OWNERS: Mapping[ReleaseState, tuple[Role, ...]] = {
    ReleaseState.DRAFT: (Role.REGISTER_STAFF,),
    ReleaseState.PENDING_APPROVAL: (Role.REGISTER_STAFF,),
    ReleaseState.PUBLISHED_PROVISIONAL: (),
    ReleaseState.PUBLISHED_FURTHER_PROVISIONAL: (),
    ReleaseState.PUBLISHED_FINAL: (),
    ReleaseState.SUPERSEDED: (),
    ReleaseState.RETRACTED: (),
}

ReleaseTransition = Transition[ReleaseState, ReleaseSituation]

TRANSITIONS: tuple[ReleaseTransition, ...] = (
    Transition(
        "submit",
        (ReleaseState.DRAFT,),
        ReleaseState.PENDING_APPROVAL,
        by=Verb.SUBMIT_RELEASE,
        nl="Ter goedkeuring aanbieden",
        en="Submit for approval",
        why="The second person judges what will leave, not what may still change",
        guards=(
            guards.terms_fixed,
            guards.built,
            guards.previews_ready,
            guards.nothing_computable,
            guards.protected_beside_all,
            guards.correction_explained,
        ),
        reason=Reason.NOTE,
    ),
    Transition(
        "refuse",
        (ReleaseState.PENDING_APPROVAL,),
        ReleaseState.DRAFT,
        by=Verb.APPROVE_RELEASE,
        nl="Teruggeven",
        en="Hand back",
        why="Refusal of approval returns it to draft with a reason",
        reason=Reason.REFUSAL,
    ),
    Transition(
        "publish_provisional",
        (ReleaseState.PENDING_APPROVAL,),
        ReleaseState.PUBLISHED_PROVISIONAL,
        by=Verb.APPROVE_RELEASE,
        nl="Goedkeuren als voorlopig",
        en="Approve as provisional",
        why="Late toxicology is why figures are provisional first; its completeness is printed",
        guards=(*guards.PUBLISHING_GUARDS, guards.completeness_known),
    ),
    Transition(
        "publish_further_provisional",
        (ReleaseState.PENDING_APPROVAL,),
        ReleaseState.PUBLISHED_FURTHER_PROVISIONAL,
        by=Verb.APPROVE_RELEASE,
        nl="Goedkeuren als nader voorlopig",
        en="Approve as further provisional",
        why="Replaces a provisional release with more complete figures",
        guards=(*guards.PUBLISHING_GUARDS, guards.completeness_known, guards.replaces_provisional),
    ),
    Transition(
        "publish_final",
        (ReleaseState.PENDING_APPROVAL,),
        ReleaseState.PUBLISHED_FINAL,
        by=Verb.APPROVE_RELEASE,
        nl="Goedkeuren als definitief",
        en="Approve as final",
        why="Final means that no case of the period is still open",
        guards=(*guards.PUBLISHING_GUARDS, guards.all_cases_decided),
    ),
    Transition(
        "supersede",
        (
            ReleaseState.PUBLISHED_PROVISIONAL,
            ReleaseState.PUBLISHED_FURTHER_PROVISIONAL,
            ReleaseState.PUBLISHED_FINAL,
        ),
        ReleaseState.SUPERSEDED,
        by=None,
        nl="Vervangen",
        en="Supersede",
        why="A newer release names this one; its files stay retrievable",
        guards=(guards.successor_published,),
    ),
    Transition(
        "retract",
        (
            ReleaseState.PUBLISHED_PROVISIONAL,
            ReleaseState.PUBLISHED_FURTHER_PROVISIONAL,
            ReleaseState.PUBLISHED_FINAL,
            ReleaseState.SUPERSEDED,
        ),
        ReleaseState.RETRACTED,
        by=Verb.RETRACT_RELEASE,
        nl="Publicatie intrekken",
        en="Retract the release",
        why="The files are no longer offered and the reason is public; superseded files are still offered",
        guards=(guards.second_person_agrees,),
        reason=Reason.RETRACTION,
    ),
)

# Which move publishes a release that was prepared for this state.
PUBLISHING_MOVES: Mapping[ReleaseState, str] = {
    transition.target: transition.name for transition in TRANSITIONS if transition.target in PUBLISHED
}

RELEASE_FLOW: Flow[ReleaseState, ReleaseSituation] = Flow(
    "publicatie", "release", ReleaseState.DRAFT, Verb.DRAFT_RELEASE, TRANSITIONS
)


def decide(
    name: str, state: ReleaseState, situation: ReleaseSituation, *, reason: str = ""
) -> Allowed[ReleaseState, ReleaseSituation] | Refused:
    """Whether a release in ``state`` may make the move ``name``, given the facts and the words the actor wrote."""
    return RELEASE_FLOW.decide(name, state, situation, reason=reason)


def possible(state: ReleaseState) -> tuple[ReleaseTransition, ...]:
    """The moves that leave ``state``, whoever may make them."""
    return RELEASE_FLOW.possible(state)
