"""Every page with a form, who fills it in, and how a case gets to where that form is."""

from collections.abc import Callable

from django.test import Client

from register.casework import queries, toxicology_findings
from register.models import Case, User
from tests.factories import AMSTERDAM, draft, filled, in_review, ready_to_close, submitted, version, with_result
from tests.signing_in import sign_in

Build = Callable[["People"], str]


class People:
    """A physician, a reviewer and a clerk of the releases, each signed in."""

    def __init__(self) -> None:
        self.physician = User.objects.create_user("arts", role="physician", region_id=AMSTERDAM)
        self.reviewer = User.objects.create_user("jansen", role="register_staff")
        self.clients = {}
        for name in ("physician", "reviewer"):
            self.clients[name] = Client(raise_request_exception=False)
            sign_in(self.clients[name], getattr(self, name))
        self.clients["nobody"] = Client(raise_request_exception=False)

    def case(self, made: Callable[[User], Case], page: str) -> str:
        return f"/zaken/{made(self.physician).pk}/{page}"

    def request_of(self, page: str) -> str:
        case = filled(self.physician)
        return f"/zaken/{case.pk}/toxicologie/{case.toxrequest_rows.get().pk}/{page}"

    def question(self) -> str:
        case = in_review(self.physician, self.reviewer)
        queries.ask(
            case_id=case.pk,
            field="Decedent.age_years",
            text="Klopt de leeftijd?",
            seen_version=version(case),
            by=self.reviewer,
        )
        return f"/zaken/{case.pk}/vragen/{case.query_rows.get().pk}/"

    def review(self, made: Callable[[User, User], Case]) -> str:
        return f"/beoordelen/{made(self.physician, self.reviewer).pk}/"


def _found(by: User) -> Case:
    """A case with a result and a conclusion about it that has no role yet."""
    case = with_result(submitted(by), by)
    return toxicology_findings.take_proposals(case_id=case.pk, keys=["cocaine"], seen_version=version(case), by=by)


# Every page with a form: who fills it in, and how its address comes about.
PAGES: dict[str, tuple[str, Build]] = {
    "sign in": ("nobody", lambda people: "/aanmelden/"),
    "search": ("physician", lambda people: "/zaken/"),
    "new case": ("physician", lambda people: "/zaken/nieuw"),
    **{
        page: ("physician", lambda people, page=page: people.case(filled, f"{page}/"))  # type: ignore[misc]
        for page in ("overledene", "overlijden", "omstandigheden", "middelen", "toxicologie", "conclusie")
    },
    "check": ("physician", lambda people: people.case(filled, "controleren/")),
    "withdraw": ("physician", lambda people: people.case(draft, "intrekken/")),
    "further request": ("physician", lambda people: people.case(filled, "toxicologie/aanvraag/")),
    "request": ("physician", lambda people: people.request_of("")),
    "sample": ("physician", lambda people: people.request_of("monster/")),
    "report": ("physician", lambda people: people.request_of("rapport/")),
    "result": ("physician", lambda people: people.request_of("uitslag/")),
    "whole report": ("physician", lambda people: people.request_of("uitslagen/")),
    "suspected and found": ("physician", lambda people: people.case(_found, "toxicologie/bevindingen/")),
    "hand in again": ("physician", lambda people: people.case(submitted, "opnieuw-indienen/")),
    "question": ("physician", lambda people: people.question()),
    "case of another region": ("physician", lambda people: "/noodtoegang/"),
    "take": ("reviewer", lambda people: f"/beoordelen/{submitted(people.physician).pk}/"),
    "review": ("reviewer", lambda people: people.review(in_review)),
    "close": ("reviewer", lambda people: people.review(ready_to_close)),
    "release": ("reviewer", lambda people: "/releases/nieuw/"),
}
