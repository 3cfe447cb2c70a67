"""Query parameters, checked all at once: a wrong or unknown one is a fault with a sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from register.api.problems import BadRequestError, Fault
from register.api.sentences import Sentence
from register.reporting.codelists import DEFINITION_CODES
from register.reporting.published import CURRENT, STATUSES

LIMIT = 50
LARGEST_LIMIT = 200
LARGEST_OFFSET = 1_000_000
# The words of a status that are understood, in English and Dutch.
STATUS_WORDS: Mapping[str, str] = {
    **{status: status for status in STATUSES},
    "further-provisional": "further_provisional",
    "voorlopig": "provisional",
    "nader-voorlopig": "further_provisional",
    "definitief": "final",
    "vervangen": "superseded",
    "ingetrokken": "retracted",
}
# How the release in an address is described.
RELEASE = OpenApiParameter(
    "release", str, OpenApiParameter.PATH, description="Identifier of the release.", pattern="^[a-z0-9-]+$"
)
CURRENT_WORDS = tuple(word for word, status in STATUS_WORDS.items() if status in CURRENT)


@dataclass
class Query:
    """The parameters of one request; ``check`` raises BadRequestError with every fault found."""

    given: QueryDict
    faults: list[Fault] = field(default_factory=list)

    def only(self, names: Iterable[str]) -> None:
        """Refuse every parameter that is not one of these, and every one that is given twice."""
        known = tuple(names)
        for name, values in self.given.lists():
            if name not in known:
                self.fault(name, "Deze parameter bestaat hier niet.", "There is no such parameter here.")
            elif len(values) > 1:
                self.fault(name, "Geef deze parameter eenmaal.", "Give this parameter once.")

    def number(self, name: str, *, default: int, smallest: int, largest: int) -> int:
        """A whole number within these bounds."""
        text = self.given.get(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and smallest <= int(text) <= largest):
            self.fault(
                name,
                f"Geef een geheel getal van {smallest} tot en met {largest}.",
                f"Give a whole number from {smallest} to {largest}.",
            )
            return default
        return int(text)

    def status(self, *, words: Iterable[str] = tuple(STATUS_WORDS)) -> str:
        """A status of a release, in English or Dutch; empty when not asked for."""
        return STATUS_WORDS.get(self._one_of("status", words), "")

    def definition(self) -> str:
        """A case definition; empty when not asked for."""
        return self._one_of("definition", DEFINITION_CODES)

    def check(self) -> None:
        if self.faults:
            raise BadRequestError(self.faults)

    def _one_of(self, name: str, words: Iterable[str]) -> str:
        text = self.given.get(name)
        known = tuple(words)
        if text is None or text in known:
            return text or ""
        listed = ", ".join(known)
        self.fault(name, f"Kies een van: {listed}.", f"Choose one of: {listed}.")
        return ""

    def fault(self, name: str, nl: str, en: str) -> None:
        self.faults.append(Fault(name, Sentence(nl, en)))


def no_parameters(request: Request) -> None:
    """Refuse every parameter."""
    query = Query(request.query_params)
    query.only(())
    query.check()
