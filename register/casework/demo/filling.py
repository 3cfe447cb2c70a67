"""Filling an empty register: decided cases of earlier years in batches, and recent ones in every state one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from register.audit import Event, acting_as, log_access
from register.casework import intake, moves, nil_reports, review, substances, toxicology
from register.casework.demo import personas, writing
from register.casework.demo.plan import TOWNS, Draw, Draws
from register.casework.dossier import Dossier, store
from register.casework.duplicates import finding
from register.casework.findings import key_of, unaccepted
from register.casework.numbers import next_case_numbers
from register.models import Case, ToxRequest, User
from register.workflow.verbs import Verb

PHYSICIANS = {"GG3406": "arts.amsterdam", "GG4607": "arts.rotterdam"}
REVIEWERS = ("register.jansen", "register.devries")
AMSTERDAM, ROTTERDAM = "GG3406", "GG4607"
FILLER = "system:demo"
NIL_REPORTS = 3


@dataclass(frozen=True, slots=True)
class Filled:
    """How many made-up cases the register now holds."""

    cases: int


def is_empty() -> bool:
    """Whether the register holds no case at all."""
    with acting_as(FILLER):
        return not Case.objects.exists()


def fill(today: date) -> Filled:
    """Make the personas and the made-up cases. The same day gives the same cases."""
    with acting_as(FILLER):
        people = personas.create()
        draws = Draws(today)
        _earlier_years(list(draws.decided()), people, today)
        _RecentCases(draws, people, today).make()
        _nil_reports(people, today)
        # The worker would come to it some minutes later, and who looks first finds an empty list.
        finding.look_at_all()
        return Filled(Case.objects.count())


def _earlier_years(draws: Sequence[Draw], people: dict[str, User], today: date) -> None:
    """Cases of earlier years, from report to decision, in the steps and by the people of real ones."""
    for region, username in PHYSICIANS.items():
        mine = [draw for draw in draws if draw.region == region]
        physician = people[username]
        with acting_as(physician, doing=Verb.ENTER_TOX):
            numbers = next_case_numbers(today.year, len(mine))
            dossiers = [
                writing.reported(draw, by=physician, number=number, now=timezone.now(), requested_on=draw.died_on)
                for draw, number in zip(mine, numbers, strict=True)
            ]
            _keep(dossiers, Event.CASE_CREATE, Event.CASE_SUBMIT)
            for dossier, draw in zip(dossiers, mine, strict=True):
                writing.results_in(dossier, draw, today=today)
            _keep(dossiers, Event.CASE_UPDATE)
        for turn, reviewer in enumerate(REVIEWERS):
            with acting_as(people[reviewer], doing=Verb.REVIEW_CASE):
                share = list(zip(dossiers, mine, strict=True))[turn :: len(REVIEWERS)]
                for dossier, draw in share:
                    writing.decided(dossier, draw, by=people[reviewer], now=timezone.now())
                _keep([dossier for dossier, _ in share], Event.CASE_DECIDE)


def _nil_reports(people: dict[str, User], today: date) -> None:
    """Of the months without a case the newest stays to be reported, and some before it were."""
    for username in PHYSICIANS.values():
        physician = people[username]
        empty = [month for month in nil_reports.overview(user=physician, today=today) if not month.cases]
        for month in empty[1 : 1 + NIL_REPORTS]:
            nil_reports.report(service=month.service.pk, month=month.first, by=physician, today=today)


def _keep(dossiers: Sequence[Dossier], *events: Event) -> None:
    store(dossiers)
    for event in events:
        log_access(event, objects=[dossier.case.pk for dossier in dossiers])


class _RecentCases:
    """Cases of the last months, one use case at a time, left in every state a case can be in."""

    def __init__(self, draws: Draws, people: dict[str, User], today: date) -> None:
        self._draws = draws
        self._people = people
        self._jansen, self._devries = (people[name] for name in REVIEWERS)
        self._today = today

    def make(self) -> None:
        """One to a handful of cases for each state."""
        self._drafts()
        for days_ago in (1, 3, 4, 6, 8):
            self._submitted(days_ago)
        self._submitted(9, region=AMSTERDAM, story="methadon en slaapmiddel")
        self._in_review()
        self._questions()
        self._toxicology()
        self._panel()
        self._reopened()
        self._withdrawn()
        self._twice()

    def _drafts(self) -> None:
        for region, pages in ((AMSTERDAM, 1), (AMSTERDAM, 4), (ROTTERDAM, 2)):
            self._begun(self._draws.recent(1, region=region), pages)

    def _in_review(self) -> None:
        for days_ago, reviewer in ((14, self._jansen), (18, self._devries)):
            self._taken(days_ago, reviewer)
        ready, draw = self._with_results(48, story="basecoke en alcohol")
        case = self._concluded(self._take(ready, self._jansen), draw, self._jansen)
        review.accept_suggestion(case_id=case.pk, seen_version=case.row_version, by=self._jansen)

    def _questions(self) -> None:
        for days_ago, region, field, text in (
            (16, AMSTERDAM, "Death.place_type", "Was dit de eigen woning of een woning van iemand anders?"),
            (25, ROTTERDAM, "CauseOfDeath.intent_provisional", "Zijn er aanwijzingen voor opzet gevonden?"),
        ):
            case = self._taken(days_ago, self._jansen, region=region)
            self._ask(case, field, text, self._jansen)
        case = self._ask(
            self._taken(21, self._devries, region=AMSTERDAM),
            "Circumstances.used_alone",
            "Was er iemand bij toen er gebruikt werd?",
            self._devries,
        )
        moves.answer(
            query_id=case.query_rows.get().pk,
            text="Nee, volgens de buren was de overledene alleen.",
            seen_version=case.row_version,
            by=self._people[PHYSICIANS[AMSTERDAM]],
        )

    def _toxicology(self) -> None:
        """Waiting for a result that is on its way, and for one that is late."""
        for days_ago in (12, 20, 30, 75, 96):
            case = self._taken(days_ago, self._devries)
            moves.await_toxicology(case_id=case.pk, seen_version=case.row_version, by=self._devries)

    def _panel(self) -> None:
        waiting, draw = self._with_results(60, story="keta")
        case = self._concluded(self._take(waiting, self._jansen), draw, self._jansen)
        case = review.conclude(
            case_id=case.pk, seen_version=case.row_version, by=self._jansen, case_certainty="possible"
        )
        moves.to_panel(case_id=case.pk, seen_version=case.row_version, by=self._jansen)

    def _reopened(self) -> None:
        case = Case.objects.filter(status="closed").order_by("case_number").last()
        if case is not None:
            moves.reopen(
                case_id=case.pk,
                reason="Het laboratorium heeft een aanvullende uitslag gestuurd.",
                seen_version=case.row_version,
                by=self._devries,
            )

    def _withdrawn(self) -> None:
        case = self._submitted(40, region=ROTTERDAM)
        moves.withdraw(
            case_id=case.pk,
            reason="Dubbel ingevoerd door de dienst; de andere zaak blijft.",
            seen_version=case.row_version,
            by=self._jansen,
        )

    def _twice(self) -> None:
        """Two deaths that were each handed in twice, so that two pairs wait for a decision.

        Who died in a hospital of another region was reported there too; one service took a death down again the day
        after, a year older and with another substance.
        """
        seen = self._draws.recent(10, region=AMSTERDAM, story="basecoke en alcohol")
        in_hospital = replace(seen, region=ROTTERDAM, town=TOWNS[ROTTERDAM][0], home=seen.town, place="hospital")
        other = self._draws.recent(12, region=ROTTERDAM, story="basecoke en alcohol")
        first = replace(self._draws.recent(13, region=ROTTERDAM, story="coke"), town=TOWNS[ROTTERDAM][0])
        again = replace(first, died_on=other.died_on, age=first.age + 1, story=other.story)
        for draw in (seen, in_hospital, first, again):
            self._report(draw)

    def _begun(self, draw: Draw, pages: int) -> Case:
        physician = self._people[PHYSICIANS[draw.region]]
        case = intake.open_case(by=physician)
        for page, raw in list(writing.pages(draw).items())[:pages]:
            case = intake.save_page(
                case_id=case.pk, page=page, raw=raw, seen_version=case.row_version, by=physician
            ).case
        return case

    def _submitted(self, days_ago: int, *, region: str | None = None, story: str = "") -> Case:
        return self._report(self._draws.recent(days_ago, region=region, story=story))

    def _report(self, draw: Draw) -> Case:
        physician = self._people[PHYSICIANS[draw.region]]
        case = self._begun(draw, 5)
        for words, code in draw.story.suspected:
            case = substances.add_suspicion(
                case_id=case.pk,
                reported_as=words,
                substance=code or None,
                evidence=("scene",),
                route=draw.story.route,
                seen_version=case.row_version,
                by=physician,
            )
        case = toxicology.request_toxicology(
            case_id=case.pk,
            raw=writing.request_of(draw, draw.died_on),
            seen_version=case.row_version,
            by=physician,
        )
        accepted = {key_of(finding): writing.ACCEPTED for finding in unaccepted(Dossier(case))}
        return moves.submit(case_id=case.pk, seen_version=case.row_version, accepted=accepted, by=physician)

    def _with_results(self, days_ago: int, *, story: str) -> tuple[Case, Draw]:
        draw = self._draws.recent(days_ago, story=story)
        case = self._report(draw)
        physician = self._people[PHYSICIANS[draw.region]]
        request = ToxRequest.objects.get(case=case).pk
        for raw in writing.results_of(draw):
            case = toxicology.add_result(
                case_id=case.pk, request_id=request, raw=raw, seen_version=case.row_version, by=physician
            )
        report = {"status": "final", "received_on": self._today.isoformat()}
        case = toxicology.receive_report(
            case_id=case.pk, request_id=request, raw=report, seen_version=case.row_version, by=physician
        )
        return case, draw

    def _taken(self, days_ago: int, by: User, *, region: str | None = None) -> Case:
        return self._take(self._submitted(days_ago, region=region), by)

    def _take(self, case: Case, by: User) -> Case:
        return moves.take(case_id=case.pk, seen_version=case.row_version, by=by)

    def _ask(self, case: Case, field: str, text: str, by: User) -> Case:
        return moves.ask(case_id=case.pk, field=field, text=text, seen_version=case.row_version, by=by)

    def _concluded(self, case: Case, draw: Draw, by: User) -> Case:
        for found in draw.story.found:
            case = substances.add_finding(
                case_id=case.pk,
                reported_as=found.reported_as,
                substance=found.code,
                role=found.role,
                certainty="certain",
                evidence=("tox_lab",),
                origin=found.origin,
                reason="Uitslag van het laboratorium",
                seen_version=case.row_version,
                by=by,
            )
        return review.conclude(case_id=case.pk, seen_version=case.row_version, by=by, **writing.conclusion_of(draw))
