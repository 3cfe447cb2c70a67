"""From one row of a file to one submitted case, by the same reading, rules and steps as the form on the screen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from register.casework import steps, toxicology
from register.casework.answers import Vocabularies, read_fields
from register.casework.dossier import Dossier
from register.casework.errors import InvalidError, RefusedError
from register.casework.findings import accept, key_of, unaccepted
from register.casework.importing.plans import Columns, ImportMapping
from register.casework.importing.substances import put_substances
from register.casework.intake import fill, new_dossier
from register.casework.opening import finish
from register.casework.reference import Reference
from register.coding.recognition import Recogniser
from register.models import User
from register.quality.dictionary import FieldSpec
from register.quality.problems import Problem
from register.workflow.verbs import Verb

NUL = Problem("Deze rij bevat NUL-tekens.", "This row holds NUL characters.")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of a row, without the answer itself unless the sentence needs it."""

    field: str
    nl: str
    en: str


class RejectedError(Exception):
    """A row that cannot become a case, with everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults[0].en)


@dataclass
class Workshop:
    """What every row of one batch is made with."""

    mapping: ImportMapping
    by: User
    now: datetime
    reference: Reference
    recogniser: Recogniser
    vocabularies: Vocabularies = field(default_factory=Vocabularies)

    def case_of(self, row: Columns, import_key: str) -> Dossier:
        """The case that a row describes, submitted and not stored. Raises RejectedError."""
        if any("\x00" in text for text in row.values()):
            raise RejectedError([Fault("", NUL.nl, NUL.en)])
        region = self._region(row)
        service = self.mapping.service.replace("{region}", region)
        dossier = new_dossier(by=self.by, region=region, service=service, import_key=import_key)
        dossier.reference = self.reference
        self._answers(dossier, row)
        try:
            self._rows(dossier, row)
            accepted = {key_of(f): self.mapping.accept.get(f.code, "") for f in unaccepted(dossier)}
            accept(dossier, accepted, by=self.by)
            steps.submit(dossier, by=self.by, now=self.now, verb=Verb.IMPORT_CASES)
        except InvalidError as invalid:
            raise RejectedError(_faults(invalid)) from None
        except RefusedError as refused:
            raise RejectedError(
                [Fault(obstacle.field, obstacle.nl, obstacle.en) for obstacle in refused.obstacles]
                or [Fault("", refused.nl, refused.en)]
            ) from None
        finish(dossier)
        return dossier

    def _region(self, row: Columns) -> str:
        plan = self.mapping.region
        answers, problems = read_fields([plan.spec], plan.raw(row), self.vocabularies)
        if problems or answers[plan.spec.key].blank:
            faults = [Fault(plan.spec.key, each.nl, each.en) for each in problems.values()]
            raise RejectedError(
                faults or [Fault(plan.spec.key, "Deze rij noemt geen regio.", "This row names no region.")]
            )
        return str(answers[plan.spec.key].value)

    def _answers(self, dossier: Dossier, row: Columns) -> None:
        """Every answer of every section; all faults of a row are told at once."""
        raw: dict[str, dict[str, str]] = {}
        specs: dict[str, list[FieldSpec]] = {}
        for plan in self.mapping.answers:
            raw.setdefault(plan.spec.model, {}).update(plan.raw(row))
            specs.setdefault(plan.spec.model, []).append(plan.spec)
        faults: list[Fault] = []
        for model, sent in raw.items():
            try:
                fill(dossier, specs[model], sent, self.vocabularies)
            except InvalidError as invalid:
                faults += [Fault(f"{model}.{fault.field}", fault.nl, fault.en) for fault in _faults(invalid)]
        if faults:
            raise RejectedError(faults)

    def _rows(self, dossier: Dossier, row: Columns) -> None:
        request = None
        if self.mapping.toxicology:
            raw = {name: text for name, text in self.mapping.toxicology.items() if name != "status"}
            status = self.mapping.toxicology.get("status", "requested")
            request = toxicology.request(dossier, raw, self.vocabularies, status=status)
        if self.mapping.substances:
            put_substances(dossier, row, self.mapping.substances, request, self.recogniser, self.vocabularies)
        toxicology.follow(dossier)


def _faults(invalid: InvalidError) -> list[Fault]:
    return [Fault(name, problem.nl, problem.en) for name, problem in invalid.problems.items()]
