"""The guards of the release table: each reads the facts and names what stands in the way, in words for the actor."""

from collections.abc import Callable

from register.workflow.release_situation import ReleaseSituation
from register.workflow.transitions import Obstacle

Guard = Callable[[ReleaseSituation], tuple[Obstacle, ...]]

REPLACEABLE_BY_FURTHER_PROVISIONAL = frozenset({"published_provisional", "published_further_provisional"})


def _unless(holds: bool, obstacle: Obstacle) -> tuple[Obstacle, ...]:
    return () if holds else (obstacle,)


def terms_fixed(facts: ReleaseSituation) -> tuple[Obstacle, ...]:
    """Cut-off date, period, definitions and rule versions are fixed."""
    return tuple(
        Obstacle("term_missing", f"Leg '{spot.nl}' vast.", f"Fix '{spot.en}'.", field=spot.field, page=spot.page)
        for spot in facts.missing_terms
    )


def built(facts: ReleaseSituation) -> tuple[Obstacle, ...]:
    """The extract is frozen and every table is built from it."""
    return _unless(
        facts.built,
        Obstacle(
            "not_built",
            "De tabellen zijn nog niet gemaakt. Wacht tot dat klaar is.",
            "The tables have not been built yet. Wait until that is done.",
        ),
    )


def previews_ready(facts: ReleaseSituation) -> tuple[Obstacle, ...]:
    """The suppression report and the difference with the previous release can be seen."""
    return (
        *_unless(
            facts.suppression_report_ready,
            Obstacle(
                "no_suppression_report",
                "Het overzicht van weggelaten cellen ontbreekt nog.",
                "The report on suppressed cells is not there yet.",
            ),
        ),
        *_unless(
            facts.difference_report_ready,
            Obstacle(
                "no_difference_report",
                "Het verschil met de vorige publicatie ontbreekt nog.",
                "The difference with the previous release is not there yet.",
            ),
        ),
    )


def nothing_computable(facts: ReleaseSituation) -> tuple[Obstacle, ...]:
    """The attack test could compute no suppressed cell."""
    return _unless(
        facts.computable_cells == 0,
        Obstacle(
            "computable_cells",
            f"De aanvalstest kan weggelaten cellen terugrekenen ({facts.computable_cells}). "
            "Maak de publicatie opnieuw met minder detail.",
            f"The attack test can compute suppressed cells ({facts.computable_cells}). "
            "Build the release again with less detail.",
        ),
    )


def protected_beside_all(facts: ReleaseSituation) -> tuple[Obstacle, ...]:
    """No release of the same years was published since this one was made."""
    names = ", ".join(facts.published_since)
    return _unless(
        not facts.published_since,
        Obstacle(
            "published_since",
            f"Sinds deze publicatie is gemaakt, verscheen over dezelfde jaren: {names}. Samen zijn zij niet beproefd. "
            "Maak deze publicatie opnieuw.",
            f"Since this release was built, these of the same years were published: {names}. They were not tried "
            "together. Build this release again.",
        ),
    )


def correction_explained(facts: ReleaseSituation) -> tuple[Obstacle, ...]:
    """A release that replaces another says why."""
    return _unless(
        not facts.replaces or facts.correction_reason_given,
        Obstacle(
            "correction_unexplained",
            "Deze publicatie vervangt een eerdere. Schrijf op waarom.",
            "This release replaces an earlier one. Write down why.",
        ),
    )


def not_the_author(facts: ReleaseSituation) -> tuple[Obstacle, ...]:
    """A second person: not the one who made or submitted the release."""
    return _unless(
        not facts.actor_is_author,
        Obstacle(
            "own_release",
            "U hebt deze publicatie zelf gemaakt. Een collega moet haar goedkeuren.",
            "You made this release yourself. A colleague has to approve it.",
        ),
    )


def completeness_known(facts: ReleaseSituation) -> tuple[Obstacle, ...]:
    """The completeness of toxicology is known, so that it can be printed."""
    return _unless(
        facts.tox_completeness_known,
        Obstacle(
            "no_tox_completeness",
            "De volledigheid van de toxicologie is nog niet berekend; een voorlopige publicatie vermeldt haar.",
            "The completeness of toxicology has not been computed yet; a provisional release states it.",
        ),
    )


def replaces_provisional(facts: ReleaseSituation) -> tuple[Obstacle, ...]:
    """It replaces a provisional release."""
    return _unless(
        facts.replaces in REPLACEABLE_BY_FURTHER_PROVISIONAL,
        Obstacle(
            "nothing_to_replace",
            "Nader voorlopig kan alleen als deze publicatie een voorlopige vervangt.",
            "Further provisional is only possible when this release replaces a provisional one.",
        ),
    )


def all_cases_decided(facts: ReleaseSituation) -> tuple[Obstacle, ...]:
    """Every case of the period is closed or excluded."""
    return _unless(
        facts.open_cases == 0,
        Obstacle(
            "open_cases",
            f"Definitief kan pas als alle zaken van de periode gesloten of vervallen zijn; open: {facts.open_cases}.",
            f"Final is possible once all cases of the period are closed or excluded; open: {facts.open_cases}.",
        ),
    )


def successor_published(facts: ReleaseSituation) -> tuple[Obstacle, ...]:
    """A published release names this one as its predecessor."""
    return _unless(
        facts.successor_published,
        Obstacle(
            "no_successor",
            "Er is geen gepubliceerde opvolger.",
            "There is no published successor.",
        ),
    )


def second_person_agrees(facts: ReleaseSituation) -> tuple[Obstacle, ...]:
    """A colleague of the actor asked for the retraction."""
    return _unless(
        facts.retraction_asked_by_other,
        Obstacle(
            "second_person_missing",
            "Intrekken doen twee personen: een collega moet hierom hebben gevraagd.",
            "Retraction takes two persons: a colleague must have asked for it.",
        ),
    )


PUBLISHING_GUARDS: tuple[Guard, ...] = (
    not_the_author,
    terms_fixed,
    built,
    previews_ready,
    nothing_computable,
    protected_beside_all,
    correction_explained,
)
