"""The catalogue of events: everything that can stand in the access log, and what NEN 7513 and BIO2 call it.

A look whose code is not here cannot be noted, nor one that leaves out what its line asks for. The six facts of BIO2
8.15.01 stand beside every event: action, object, result, origin, actor and time; the last three the database takes from
the session. ``docs/security/logging.md`` is the same list for people, compared by a test.
"""

from dataclasses import dataclass

CREATE, READ, UPDATE, EXECUTE = "C", "R", "U", "E"
OUTCOMES = ("ok", "denied", "error")
# What an event can be about.
CASE, RELEASE, STATISTICS, EXPORT, IMPORT, LOG, SESSION, PAGE, USER, INVITATION, TOKEN, WEBHOOK, WORK, NIL = (
    "case",
    "release",
    "statistics",
    "export",
    "import",
    "log",
    "session",
    "page",
    "user",
    "invitation",
    "token",
    "webhook",
    "work",
    "nil",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event (NEN 7513 gebeurteniscode and actiecode), with its words for people.

    ``about`` lists what its object can be, the usual one first. ``needs`` names the fields without which an event that
    succeeded says too little: objects, filters, detail.
    """

    code: str
    action: str
    about: tuple[str, ...]
    nl: str
    en: str
    needs: frozenset[str] = frozenset()


def _kind(code: str, action: str, about: tuple[str, ...], nl: str, en: str, *needs: str) -> Kind:
    return Kind(code, action, about, nl, en, frozenset(needs))


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        _kind("case.create", CREATE, (CASE,), "Zaak begonnen", "Case started", "objects"),
        _kind("case.read", READ, (CASE,), "Zaak ingezien", "Case read", "objects"),
        _kind("case.list", READ, (CASE,), "Lijst van zaken ingezien", "List of cases read"),
        _kind("case.search", READ, (CASE,), "Zaak gezocht", "Case searched for", "filters"),
        _kind("case.update", UPDATE, (CASE,), "Zaak gewijzigd", "Case changed", "objects"),
        _kind("case.submit", UPDATE, (CASE,), "Zaak ingediend", "Case submitted", "objects"),
        _kind("case.decide", UPDATE, (CASE,), "Zaak beoordeeld", "Case reviewed", "objects"),
        _kind("case.reopen", UPDATE, (CASE,), "Zaak heropend", "Case reopened", "objects"),
        _kind("case.withdraw", UPDATE, (CASE,), "Zaak ingetrokken", "Case withdrawn", "objects"),
        _kind("history.read", READ, (CASE,), "Geschiedenis ingezien", "History read", "objects"),
        _kind("case.export", READ, (CASE,), "Zaak als bestand opgehaald", "Case fetched as a file", "objects"),
        _kind("nil.list", READ, (NIL,), "Nulmeldingen ingezien", "Nil reports read"),
        _kind("nil.report", CREATE, (NIL,), "Nulmelding gedaan", "Nil report sent", "objects"),
        _kind("nil.withdraw", UPDATE, (NIL,), "Nulmelding ingetrokken", "Nil report withdrawn", "objects"),
        _kind("import.run", EXECUTE, (IMPORT,), "Zaken ingelezen", "Cases imported"),
        _kind("release.read", READ, (RELEASE,), "Publicatie in voorbereiding ingezien", "Release preview read"),
        _kind("release.propose", UPDATE, (RELEASE,), "Publicatie aangeboden", "Release proposed", "objects"),
        _kind("release.publish", UPDATE, (RELEASE,), "Publicatie vrijgegeven", "Release published", "objects"),
        _kind("stats.read", READ, (STATISTICS,), "Gepubliceerde cijfers gelezen", "Published figures read"),
        _kind("export.download", READ, (EXPORT,), "Bestand opgehaald", "File downloaded", "filters"),
        _kind("log.read", READ, (LOG,), "Logboek ingezien", "Log read", "filters"),
        _kind("log.export", READ, (LOG,), "Logboek uitgevoerd", "Log exported", "filters"),
        _kind(
            "log.review", UPDATE, (LOG,), "Melding uit het logboek beoordeeld", "Report on the log reviewed", "filters"
        ),
        _kind("breakglass.open", CREATE, (CASE,), "Noodtoegang verkregen", "Emergency access given", "objects"),
        _kind("breakglass.close", UPDATE, (CASE,), "Noodtoegang beëindigd", "Emergency access ended", "objects"),
        _kind("breakglass.review", UPDATE, (CASE,), "Noodtoegang beoordeeld", "Emergency access reviewed", "objects"),
        _kind(
            "authz.denied",
            READ,
            (PAGE, CASE, RELEASE, STATISTICS, LOG),
            "Toegang geweigerd",
            "Access refused",
            "detail",
        ),
        _kind("authz.change", UPDATE, (USER, INVITATION), "Rechten gewijzigd", "Rights changed", "objects"),
        _kind("user.list", READ, (USER, INVITATION), "Lijst van gebruikers ingezien", "List of users read"),
        _kind("user.read", READ, (USER, INVITATION), "Gebruiker ingezien", "User read", "objects"),
        _kind("token.list", READ, (TOKEN,), "Lijst van tokens ingezien", "List of tokens read"),
        _kind("token.issue", CREATE, (TOKEN,), "Token uitgegeven", "Token issued", "objects"),
        _kind("token.revoke", UPDATE, (TOKEN,), "Token ingetrokken", "Token revoked", "objects"),
        _kind("webhook.list", READ, (WEBHOOK,), "Lijst van webhooks ingezien", "List of webhooks read"),
        _kind("webhook.read", READ, (WEBHOOK,), "Webhook ingezien", "Webhook read", "objects"),
        _kind("webhook.register", CREATE, (WEBHOOK,), "Webhook vastgelegd", "Webhook registered", "objects"),
        _kind("webhook.change", UPDATE, (WEBHOOK,), "Webhook gewijzigd", "Webhook changed", "objects"),
        _kind("system.work_read", READ, (WORK,), "Wachtend werk ingezien", "Waiting work read"),
        _kind("system.work_retry", EXECUTE, (WORK,), "Wachtend werk opnieuw aangeboden", "Waiting work tried again"),
        _kind("command.run", EXECUTE, (WORK,), "Beheeropdracht uitgevoerd", "Operator's command run"),
        _kind("auth.login", EXECUTE, (SESSION,), "Aangemeld", "Signed in"),
        _kind("auth.fail", EXECUTE, (SESSION,), "Aanmelden mislukt", "Signing in failed"),
        _kind("auth.mfa_enrol", UPDATE, (SESSION,), "Tweede stap ingesteld", "Second factor added"),
        _kind("auth.mfa_reset", UPDATE, (SESSION,), "Tweede stap verwijderd", "Second factor removed"),
        _kind("auth.stepup", EXECUTE, (SESSION,), "Opnieuw bevestigd wie men is", "Identity confirmed again"),
        _kind("auth.logout", EXECUTE, (SESSION,), "Afgemeld", "Signed out"),
    )
}


class UnknownEventError(Exception):
    """An event that the catalogue does not know."""


class IncompleteEventError(Exception):
    """An event that leaves out what its line in the catalogue asks for."""


def kind_of(code: str) -> Kind:
    """The line of ``code``; raises UnknownEventError when there is none."""
    kind = KINDS.get(code)
    if kind is None:
        raise UnknownEventError(f"{code} is not in the catalogue of events (register/audit/catalogue.py).")
    return kind


def check(kind: Kind, *, outcome: str, about: str, given: dict[str, object]) -> None:
    """Raise IncompleteEventError unless the event says what its kind must say."""
    if outcome not in OUTCOMES:
        raise IncompleteEventError(f"{kind.code}: the outcome is one of {', '.join(OUTCOMES)}.")
    if about not in kind.about:
        raise IncompleteEventError(f"{kind.code} is about one of {', '.join(kind.about)}, not {about}.")
    missing = sorted(name for name in kind.needs if not given.get(name))
    if missing and (outcome == "ok" or kind.code == "authz.denied"):
        raise IncompleteEventError(f"{kind.code} says nothing without {', '.join(missing)}.")
