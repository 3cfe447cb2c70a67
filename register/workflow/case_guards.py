"""The guards of the case table: each reads the facts and names what stands in the way, in words for the actor."""

from collections.abc import Callable

from register.workflow.case_situation import CaseSituation
from register.workflow.transitions import Obstacle, Spot

VOTES_NEEDED = 2
SETTLED_TOXICOLOGY = frozenset({"final", "refused", "unsuitable"})

Guard = Callable[[CaseSituation], tuple[Obstacle, ...]]


def _each(code: str, spots: tuple[Spot, ...], nl: str, en: str) -> tuple[Obstacle, ...]:
    return tuple(
        Obstacle(code, nl.format(spot.nl), en.format(spot.en), field=spot.field, page=spot.page) for spot in spots
    )


def not_the_reporter(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """Someone other than the reporter of the case."""
    if not facts.actor_is_reporter:
        return ()
    return (
        Obstacle(
            "own_case",
            "U hebt deze zaak zelf ingevoerd; een ander beoordeelt haar.",
            "You entered this case yourself; someone else reviews it.",
        ),
    )


def core_answered(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """Every core question has an answer or a reason for missing."""
    return _each(
        "core_blank",
        facts.missing_core,
        "Vul '{}' in, of kies een reden waarom het antwoord ontbreekt.",
        "Fill in '{}', or choose a reason why there is no answer.",
    )


def no_errors(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """No finding of the quality rules is an error."""
    return _each("error", facts.blocking_errors, "{}", "{}")


def warnings_accepted(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """Each warning that asks for it was accepted with a reason."""
    return _each(
        "warning_open",
        facts.unaccepted_warnings,
        "Pas dit aan of geef een reden: {}",
        "Change this or give a reason: {}",
    )


def threads_answered(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """Every question has an answer."""
    return _threads("thread_unanswered", facts.unanswered_threads, "wacht nog op antwoord", "still waiting for answers")


def threads_closed(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """Every question is closed."""
    return (
        *threads_answered(facts),
        *_threads("thread_not_closed", facts.answered_threads, "nog niet gesloten", "not closed yet"),
    )


def _threads(code: str, count: int, nl: str, en: str) -> tuple[Obstacle, ...]:
    if count <= 0:
        return ()
    return (Obstacle(code, f"Vragen – {nl}: {count}.", f"Questions – {en}: {count}.", field="queries"),)


def due_date_known(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """A toxicology request with a due date exists."""
    if facts.tox_due_date_known:
        return ()
    return (
        Obstacle(
            "no_due_date",
            "Leg eerst een toxicologieaanvraag vast met de datum waarop de uitslag wordt verwacht.",
            "First record a toxicology request with the date on which the result is expected.",
            field="ToxRequest.due_on",
            page="toxicologie",
        ),
    )


def toxicology_arrived(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """The toxicology is final or was refused by the prosecution."""
    if facts.tox_status in {"final", "refused"}:
        return ()
    return (
        Obstacle(
            "tox_not_in",
            "De toxicologie is nog niet definitief en niet geweigerd.",
            "The toxicology is neither final nor refused yet.",
            field="Case.tox_status",
            page="toxicologie",
        ),
    )


def toxicology_settled(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """Toxicology final, refused, unsuitable, or not requested with a reason."""
    if facts.tox_status in SETTLED_TOXICOLOGY:
        return ()
    if facts.tox_status == "not_requested":
        if facts.no_tox_reason_given:
            return ()
        return (
            Obstacle(
                "no_tox_reason",
                "Kies de reden waarom geen toxicologie is aangevraagd.",
                "Choose the reason why no toxicology was requested.",
                field="ToxRequest.not_requested_reason",
                page="toxicologie",
            ),
        )
    return (
        Obstacle(
            "tox_open",
            "De toxicologie is nog niet afgerond: definitief, geweigerd, ongeschikt, of niet aangevraagd met reden.",
            "The toxicology is not settled yet: final, refused, unsuitable, or not requested with a reason.",
            field="Case.tox_status",
            page="toxicologie",
        ),
    )


def votes_in(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """At least two votes of other persons than the reviewer."""
    if facts.panel_votes_by_others >= VOTES_NEEDED:
        return ()
    return (
        Obstacle(
            "votes_missing",
            f"Er zijn {max(facts.panel_votes_by_others, 0)} stemmen van anderen; {VOTES_NEEDED} zijn nodig.",
            f"There are {max(facts.panel_votes_by_others, 0)} votes of others; {VOTES_NEEDED} are needed.",
            field="panel",
        ),
    )


def panel_when_doubtful(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """A doubtful case has been before the panel."""
    if not facts.doubtful or facts.panel_votes_by_others >= VOTES_NEEDED:
        return ()
    return (
        Obstacle(
            "doubtful_without_panel",
            "Dit is een twijfelgeval; leg het eerst aan het panel voor.",
            "This is a doubtful case; put it before the panel first.",
            field="panel",
        ),
    )


def exclusion_explained(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """A reason for exclusion was chosen."""
    if facts.exclusion_reason_given:
        return ()
    return (
        Obstacle(
            "exclusion_reason_missing",
            "Kies de reden waarom de zaak vervalt.",
            "Choose the reason why this is not a case.",
            field="Assessment.exclusion_reason",
        ),
    )


def nothing_pending(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """No answer is still 'not known yet'."""
    return _each(
        "pending",
        facts.pending_answers,
        "'{}' staat nog op 'Nog niet bekend'. Vul het antwoord in, of kies een andere reden.",
        "'{}' still says 'Not known yet'. Fill in the answer, or choose another reason.",
    )


def terms_mapped(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """Every substance name is linked to the catalogue."""
    return _each(
        "unmapped",
        facts.unmapped_terms,
        "'{}' is nog niet aan een middel gekoppeld.",
        "'{}' is not linked to a substance yet.",
    )


def roles_set(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """Every finding has a role."""
    return _each(
        "role_missing",
        facts.findings_without_role,
        "Kies de rol van '{}'.",
        "Choose the role of '{}'.",
    )


def conclusion_final(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """Final manner and final intent are set."""
    return _each(
        "conclusion_missing",
        facts.missing_conclusions,
        "Leg '{}' vast.",
        "Record '{}'.",
    )


def inclusion_decided(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """Inclusion is set, and is not 'excluded'."""
    if facts.inclusion and facts.inclusion != "excluded":
        return ()
    if not facts.inclusion:
        return (
            Obstacle(
                "inclusion_missing",
                "Leg vast of dit een bevestigd, waarschijnlijk of verdacht geval is.",
                "Record whether this is a confirmed, probable or suspected case.",
                field="Assessment.inclusion",
            ),
        )
    return (
        Obstacle(
            "inclusion_excluded",
            "Deze zaak is uitgesloten; laat haar vervallen in plaats van haar te sluiten.",
            "This case is excluded; use 'Exclude' instead of closing it.",
            field="Assessment.inclusion",
        ),
    )


def overrides_explained(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """Each proposal of the register that was replaced has a reason."""
    return _each(
        "override_unexplained",
        facts.overrides_without_reason,
        "Geef de reden om af te wijken van het voorstel voor '{}'.",
        "Give the reason to depart from the suggestion for '{}'.",
    )


def coding_confirmed(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """A person confirmed the coding."""
    if facts.coding_confirmed:
        return ()
    return (
        Obstacle(
            "coding_unconfirmed",
            "Bevestig de codering, of vervang het voorstel.",
            "Confirm the coding, or replace the suggestion.",
            field="CauseOfDeath.icd10_ucod",
        ),
    )


def duplicates_decided(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """No possible duplicate waits for a decision."""
    if facts.undecided_duplicates <= 0:
        return ()
    return (
        Obstacle(
            "duplicate_undecided",
            f"Besluit eerst over de mogelijke dubbelen: {facts.undecided_duplicates}.",
            f"First decide on the possible duplicates: {facts.undecided_duplicates}.",
            field="Assessment.duplicate_decision",
        ),
    )


def second_person_when_published(facts: CaseSituation) -> tuple[Obstacle, ...]:
    """A second person, when the case counts in a final release."""
    if not facts.in_final_release or facts.second_person:
        return ()
    return (
        Obstacle(
            "second_person_missing",
            "Deze zaak telt mee in een definitieve publicatie. Een collega moet met heropenen instemmen.",
            "This case counts in a final release. A colleague has to agree to reopening it.",
        ),
    )


CLOSING_GUARDS: tuple[Guard, ...] = (
    not_the_reporter,
    core_answered,
    no_errors,
    warnings_accepted,
    threads_closed,
    nothing_pending,
    terms_mapped,
    roles_set,
    toxicology_settled,
    conclusion_final,
    inclusion_decided,
    coding_confirmed,
    overrides_explained,
    duplicates_decided,
)
