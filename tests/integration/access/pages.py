"""Every address of the register with who may come there, written down apart from the code that decides it.

A page is one line: the roles that may open it, and how it may be asked. Whoever adds a page adds its line here, under
the desk it belongs to; a page without a line fails the test of the matrix.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from register.workflow.roles import Role

READ = ("GET", "HEAD")
SEND = ("POST",)
FORM = (*READ, *SEND)
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE")

EVERYBODY = frozenset(Role)
STAFF = frozenset({Role.REGISTER_STAFF})
ADMIN = frozenset({Role.ADMIN})
AUDITOR = frozenset({Role.AUDITOR})
PHYSICIAN = frozenset({Role.PHYSICIAN})
REGION = frozenset({Role.PHYSICIAN, Role.COORDINATOR})
READS_CASES = REGION | STAFF
ENTERS_TOXICOLOGY = PHYSICIAN | STAFF
ANSWERS = REGION | {Role.LAB_CLERK}
PANEL = frozenset({Role.PANEL_MEMBER})
STEWARD = frozenset({Role.CATALOGUE_STEWARD})
SEES_CATALOGUE = READS_CASES | {Role.CATALOGUE_STEWARD, Role.EWS_ANALYST}
SEES_RULES = STAFF | ADMIN
READS_FIGURES = STAFF | {Role.STATISTICIAN, Role.EUDA_REPORTER, Role.EWS_ANALYST, Role.ADMIN, Role.AUDITOR}

ASKED = frozenset({"query_open", "query_answered"})
AT_THE_REGISTER = frozenset({"submitted", "in_review", "query_open", "query_answered", "awaiting_tox", "panel"})
UNDECIDED = AT_THE_REGISTER | {"draft", "reopened"}


@dataclass(frozen=True, slots=True)
class Page:
    """Who may come to a page, and how.

    ``of_case``: the address names a case, which the door must show first. ``own``: only its reporter. ``sends_in``: in
    which states of the case each role may send the form; in others it is refused. ``opens_in``: the same for looking.
    ``for_scripts``: who is not signed in hears so, whatever the method.
    """

    roles: frozenset[Role]
    methods: tuple[str, ...] = READ
    of_case: bool = False
    own: bool = False
    sends_in: Mapping[Role, frozenset[str]] | None = None
    opens_in: Mapping[Role, frozenset[str]] | None = None
    for_scripts: bool = False


def _of_case(roles: frozenset[Role], methods: tuple[str, ...] = READ, **more: Any) -> Page:
    return Page(roles, methods, of_case=True, **more)


def _in(states: frozenset[str], roles: frozenset[Role]) -> dict[Role, frozenset[str]]:
    return dict.fromkeys(roles, states)


# A draft is filled in by its reporter; afterwards answers change while a question is out, or the register reviews.
FILLED_IN = {
    Role.PHYSICIAN: ASKED | {"draft"},
    Role.COORDINATOR: ASKED,
    Role.REGISTER_STAFF: AT_THE_REGISTER,
}
TOXICOLOGY = _of_case(ENTERS_TOXICOLOGY, FORM, sends_in=_in(UNDECIDED, ENTERS_TOXICOLOGY))

OF_A_CASE: dict[str, Page] = {
    "physician:case": _of_case(READS_CASES),
    "physician:section": _of_case(READS_CASES, FORM, sends_in=FILLED_IN),
    "physician:section toxicologie": _of_case(READS_CASES, FORM, sends_in=_in(UNDECIDED, ENTERS_TOXICOLOGY)),
    # What does not save comes back as JSON, to somebody who may look at the page.
    "physician:save": _of_case(READS_CASES, SEND, for_scripts=True),
    "physician:keep": _of_case(ENTERS_TOXICOLOGY, SEND, for_scripts=True, sends_in=_in(UNDECIDED, ENTERS_TOXICOLOGY)),
    "physician:restore": _of_case(PHYSICIAN, SEND, own=True, sends_in=_in(frozenset({"draft"}), PHYSICIAN)),
    "physician:check": _of_case(PHYSICIAN, FORM, own=True),
    "physician:confirmation": _of_case(READS_CASES),
    "physician:earlier_draft": _of_case(PHYSICIAN, FORM, own=True),
    "physician:withdraw": _of_case(PHYSICIAN, FORM, own=True, sends_in=_in(frozenset({"draft"}), PHYSICIAN)),
    "physician:pdf": _of_case(PHYSICIAN, own=True),
    "physician:history": _of_case(READS_CASES),
    "physician:ask_reopening": _of_case(PHYSICIAN, FORM, sends_in=_in(frozenset({"closed", "excluded"}), PHYSICIAN)),
    "physician:question": _of_case(REGION, FORM, sends_in=_in(ASKED, REGION)),
    "physician:remove": _of_case(READS_CASES, FORM, sends_in=FILLED_IN, opens_in=FILLED_IN),
    "physician:further_request": TOXICOLOGY,
    "physician:request": TOXICOLOGY,
    "physician:sample": TOXICOLOGY,
    "physician:report": TOXICOLOGY,
    "physician:result": TOXICOLOGY,
    "physician:change_result": TOXICOLOGY,
    "physician:laboratory": TOXICOLOGY,
    "physician:tox_findings": TOXICOLOGY,
    "physician:resubmit": TOXICOLOGY,
    # What the state of a case does not allow comes back on the page itself.
    "register_desk:review": _of_case(STAFF),
    "register_desk:step": _of_case(STAFF, SEND),
    "register_desk:beat": _of_case(STAFF, SEND),
}
BY_DESK: dict[str, dict[str, Page]] = {
    "a case": OF_A_CASE,
    "the physician's desk": {
        "physician:cases": Page(READS_CASES),
        "physician:find": Page(READS_CASES, FORM),
        "physician:new": Page(PHYSICIAN, FORM),
        "physician:begin": Page(PHYSICIAN, SEND, for_scripts=True),
        "physician:list": Page(READS_CASES),
        "physician:questions": Page(ANSWERS),
        "physician:nil_reports": Page(REGION, FORM),
        "physician:suggest": Page(SEES_CATALOGUE, SEND, for_scripts=True),
    },
    "emergency access": {
        "emergency:home": Page(REGION, FORM),
        "emergency:given": Page(frozenset({Role.COORDINATOR}) | STAFF),
    },
    "the register's desk": {
        "register_desk:home": Page(STAFF),
        "register_desk:worklist": Page(STAFF),
        "register_desk:several": Page(STAFF, SEND),
        "register_desk:own": Page(STAFF, FORM),
        "register_desk:columns": Page(STAFF, SEND),
        "register_data:duplicates": Page(STAFF),
        "register_data:names": Page(STAFF),
        "register_data:quality": Page(STAFF | {Role.COORDINATOR}),
        "register_data:behind": Page(STAFF | {Role.COORDINATOR}),
        "register_data:catalogue": Page(SEES_CATALOGUE, FORM),
        "register_data:new_substance": Page(STEWARD, FORM),
    },
    "the panel": {
        "panel_desk:home": Page(PANEL),
    },
    "the rules": {
        "register_rules:home": Page(SEES_RULES),
        "register_rules:listing": Page(SEES_RULES),
        "register_rules:new_text": Page(SEES_RULES, FORM),
        "register_rules:versions": Page(STAFF),
    },
    "figures": {
        "statistics:releases": Page(STAFF),
        "statistics:new": Page(STAFF, FORM),
        "statistics:population": Page(STAFF, FORM),
        "statistics:figures": Page(READS_FIGURES),
        "statistics:charts": Page(READS_FIGURES),
    },
    "the administrator's desk": {
        "admin_desk:users": Page(ADMIN),
        "admin_desk:listing": Page(ADMIN, FORM),
        "admin_desk:invite": Page(ADMIN, FORM),
        "admin_desk:review": Page(ADMIN),
        "admin_desk:tokens": Page(ADMIN),
        "admin_desk:new_token": Page(ADMIN, FORM),
        "admin_desk:waiting": Page(ADMIN, FORM),
        "webhooks:webhooks": Page(ADMIN),
        "webhooks:new": Page(ADMIN, FORM),
    },
    "the privacy officer's desk": {
        "privacy_desk:overview": Page(AUDITOR),
        "privacy_desk:find_case": Page(AUDITOR, FORM),
        "privacy_desk:find_person": Page(AUDITOR, FORM),
        "privacy_desk:reports": Page(AUDITOR),
        "privacy_desk:emergencies": Page(AUDITOR),
        "privacy_desk:logbook": Page(AUDITOR),
    },
    "an account": {
        "home": Page(EVERYBODY),
        "profile": Page(EVERYBODY),
        "codebook": Page(EVERYBODY),
        "codebook_csv": Page(EVERYBODY),
        "codebook_json": Page(EVERYBODY),
        "gallery:parts": Page(EVERYBODY),
        "session_stay": Page(EVERYBODY, SEND),
        "session_back": Page(EVERYBODY),
        "recovery_codes": Page(EVERYBODY, SEND),
        # Another's factor or session is none of one's own: nothing happens, and the profile is shown again.
        "remove_factor": Page(EVERYBODY, SEND),
        "end_session": Page(EVERYBODY, SEND),
    },
}
# Addresses of things that are not there, so that nobody comes further than "not found".
OF_WHAT_IS_NOT_THERE: dict[str, Page] = {
    "register_desk:drop": Page(STAFF, SEND),
    "panel_desk:case": Page(PANEL, FORM),
    "register_data:pair": Page(STAFF),
    "register_data:decide": Page(STAFF, SEND),
    "register_data:name": Page(STAFF, FORM),
    "register_data:undo_link": Page(STAFF, SEND),
    "register_data:substance": Page(SEES_CATALOGUE),
    "register_data:steward": Page(STEWARD, SEND),
    "register_data:withdraw_request": Page(STAFF, SEND),
    "register_data:decline_request": Page(STEWARD, SEND),
    "register_rules:entry": Page(SEES_RULES),
    "register_rules:change": Page(SEES_RULES, SEND),
    "register_rules:comparison": Page(STAFF),
    "register_rules:compare": Page(STAFF, SEND),
    "register_rules:adopt": Page(STAFF, SEND),
    "statistics:release": Page(STAFF),
    "statistics:step": Page(STAFF, SEND),
    "statistics:published": Page(READS_FIGURES),
    "statistics:chart": Page(READS_FIGURES),
    "statistics:chart_file": Page(READS_FIGURES),
    "statistics:euda": Page(READS_FIGURES),
    "statistics:table": Page(READS_FIGURES),
    "statistics:download": Page(READS_FIGURES),
    "admin_desk:user": Page(ADMIN),
    "admin_desk:change": Page(ADMIN, SEND),
    "admin_desk:switch_off": Page(ADMIN, SEND),
    "admin_desk:switch_on": Page(ADMIN, SEND),
    "admin_desk:start_anew": Page(ADMIN, SEND),
    "admin_desk:invitation": Page(ADMIN),
    "admin_desk:send_anew": Page(ADMIN, SEND),
    "admin_desk:revoke_invitation": Page(ADMIN, SEND),
    "admin_desk:revoke_token": Page(ADMIN, SEND),
    "webhooks:webhook": Page(ADMIN),
    "webhooks:step": Page(ADMIN, SEND),
    "webhooks:send_again": Page(ADMIN, SEND),
    "privacy_desk:case": Page(AUDITOR),
    "privacy_desk:export_case": Page(AUDITOR),
    "privacy_desk:person": Page(AUDITOR),
    "privacy_desk:export_person": Page(AUDITOR),
    "privacy_desk:review": Page(AUDITOR, SEND),
    "privacy_desk:review_emergency": Page(AUDITOR, SEND),
    "emergency:end": Page(REGION | STAFF | AUDITOR, SEND),
}
# Open to all, and nothing of a case on them.
OPEN_TO_ALL: dict[str, tuple[str, ...]] = {
    "login": FORM,
    "persona": SEND,
    "organisation": READ,
    "openid_connect_callback": READ,
    "session_left": READ,
    # On the way in, for somebody who gave a password and not yet a second factor.
    "second_step": FORM,
    "enrol": FORM,
    "add_passkey": FORM,
    "confirm": FORM,
    "logout": SEND,
    "language": SEND,
    "theme": SEND,
    "help": READ,
    "admin_desk:accept": FORM,
    "admin_desk:open_invitation": FORM,
    "admin_desk:new_start": FORM,
    "admin_desk:open_new_start": FORM,
    "csp_report": SEND,
    "livez": READ,
    "readyz": READ,
    "version": READ,
    "api:openapi": READ,
}
# For organisations with a token; nobody comes here with a session.
WITH_A_TOKEN = frozenset(
    {
        *("api:releases", "api:latest", "api:release", "api:manifest", "api:table", "api:negotiated", "api:whole"),
        *("api:codebook", "api:catalog", "api:odata", "api:euda"),
    }
)

# The words that an address may hold besides keys.
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "physician:section": {
        "page": ("overledene", "overlijden", "omstandigheden", "middelen", "conclusie", "toxicologie")
    },
    "physician:save": {"page": ("overledene",)},
    "physician:earlier_draft": {"page": ("overlijden",)},
    "physician:keep": {"form": ("result",)},
    "physician:restore": {"page": ("overledene",)},
    "admin_desk:listing": {"which": ("actief",)},
    "physician:remove": {"kind": ("suspicion",)},
    "physician:list": {"which": ("concepten", "regio")},
    "register_desk:step": {"name": ("take", "code", "close", "reopen")},
    "register_desk:worklist": {"which": ("nieuw", "gesloten")},
    "register_desk:several": {"which": ("nieuw",)},
    "register_rules:listing": {"kind": ("kwaliteit", "teksten", "termijnen")},
    "register_data:decide": {"act": ("samenvoegen", "geen-dubbel", "ongedaan-maken")},
    "register_data:steward": {"act": ("naam", "uit-gebruik")},
    "statistics:step": {"step": ("goedkeuren",)},
    "webhooks:step": {"step": ("stoppen",)},
}


@cache
def converters() -> dict[str, Mapping[str, Any]]:
    """The parts of each address of the resolver, by its name."""
    return dict(_walk(get_resolver().url_patterns, ""))


def names() -> frozenset[str]:
    """Every named address of the resolver."""
    return frozenset(converters())


def addresses(name: str, keys: Mapping[str, UUID]) -> list[tuple[str, str]]:
    """The addresses of one page for these keys, each with the line of the table it falls under."""
    parts = converters()[name]
    words = WORDS.get(name, {})
    fixed = {
        key: keys.get(key, 1 if isinstance(kind, IntConverter) else "x")
        for key, kind in parts.items()
        if key not in words
    }
    if not words:
        return [(name, reverse(name, kwargs=fixed))]
    ((key, choices),) = words.items()
    made = [(word, reverse(name, kwargs={**fixed, key: word})) for word in choices]
    return [(f"{name} {word}" if f"{name} {word}" in OF_A_CASE else name, address) for word, address in made]


def addresses_of(case: UUID, rows: Mapping[str, UUID]) -> list[tuple[str, str]]:
    """Every address of a case."""
    keys = {"case_id": case, **rows}
    return [one for name in OF_A_CASE if " " not in name for one in addresses(name, keys)]


def _walk(patterns: list[Any], namespace: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}", pattern.pattern.converters
