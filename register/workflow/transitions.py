"""How a thing with states moves: one table of transitions, guards that name obstacles, decisions that are values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from register.workflow.labels import Labelled
from register.workflow.verbs import Verb

State = TypeVar("State", bound=Labelled)
Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the record that an obstacle points at: its name, and where the link leads."""

    nl: str
    en: str
    field: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands in the way of a move, with what to do about it and where."""

    code: str
    nl: str
    en: str
    field: str = ""
    page: str = ""


class Reason(Labelled):
    """What the person who moves something has to write down."""

    QUESTION = "question", "Vraag", "Question"
    ANSWER = "answer", "Antwoord", "Answer"
    MANUAL = "manual", "Reden om niet op de uitslag te wachten", "Reason not to wait for the result"
    WITHDRAWAL = "withdrawal", "Reden van intrekken", "Reason for withdrawal"
    REOPENING = "reopening", "Reden van heropenen", "Reason for reopening"
    NOTE = "note", "Toelichting", "Note"
    REFUSAL = "refusal", "Reden van teruggeven", "Reason for handing back"
    RETRACTION = "retraction", "Reden van intrekken (openbaar)", "Reason for retraction (public)"


@dataclass(frozen=True, slots=True)
class Transition(Generic[State, Facts]):
    """One row of a table: what it is called, between which states, who may, under which guards, and why it exists.

    ``by`` is None when the register moves by itself. ``nl`` and ``en`` are the words on the button.
    """

    name: str
    sources: tuple[State, ...]
    target: State
    by: Verb | None
    nl: str
    en: str
    why: str
    guards: tuple[Callable[[Facts], tuple[Obstacle, ...]], ...] = ()
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Allowed(Generic[State, Facts]):
    """The move may be made; the transition says where it leads."""

    transition: Transition[State, Facts]


@dataclass(frozen=True, slots=True)
class Refused:
    """The move may not be made: one sentence for button, page and log, and every obstacle in the way.

    ``code`` is ``unknown_move``, ``wrong_state`` or ``obstacles``.
    """

    code: str
    nl: str
    en: str
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow(Generic[State, Facts]):
    """A table of transitions together with the word for the thing that moves."""

    thing_nl: str
    thing_en: str
    initial: State
    started_by: Verb
    table: tuple[Transition[State, Facts], ...]

    def possible(self, state: State) -> tuple[Transition[State, Facts], ...]:
        """The transitions that leave ``state``, in the order of the table."""
        return tuple(transition for transition in self.table if state in transition.sources)

    def decide(self, name: str, state: State, situation: Facts, *, reason: str = "") -> Allowed[State, Facts] | Refused:
        """Whether the move ``name`` may be made from ``state``; never raises for a name or state that does not fit."""
        rows = [transition for transition in self.table if transition.name == name]
        if not rows:
            return Refused("unknown_move", "Deze stap bestaat niet.", "There is no such step.")
        transition = next((row for row in rows if state in row.sources), None)
        if transition is None:
            return Refused(
                "wrong_state",
                f"'{rows[0].nl}' kan niet bij een {self.thing_nl} met de status '{state.nl}'.",
                f"'{rows[0].en}' is not possible for a {self.thing_en} with the status '{state.en}'.",
            )
        obstacles = (*_reason_obstacle(transition.reason, reason), *_obstacles(transition, situation))
        if obstacles:
            return _refused(transition.nl, transition.en, obstacles)
        return Allowed(transition)


def _obstacles(transition: Transition[State, Facts], situation: Facts) -> tuple[Obstacle, ...]:
    return tuple(obstacle for guard in transition.guards for obstacle in guard(situation))


def _reason_obstacle(needed: Reason | None, given: str) -> tuple[Obstacle, ...]:
    if needed is None or given.strip():
        return ()
    return (Obstacle("reason_missing", f"Vul dit in: {needed.nl}.", f"Fill this in: {needed.en}.", "reason"),)


def _refused(nl: str, en: str, obstacles: tuple[Obstacle, ...]) -> Refused:
    if len(obstacles) == 1:
        return Refused("obstacles", obstacles[0].nl, obstacles[0].en, obstacles)
    return Refused(
        "obstacles",
        f"'{nl}' kan nog niet: er staan {len(obstacles)} punten open.",
        f"'{en}' is not possible yet: {len(obstacles)} points are open.",
        obstacles,
    )
