"""Every address of the register as a table: who may see it, the event it leaves, and who is refused how.

An address that holds no content stands in ``WITHOUT_CONTENT`` with the reason. A new address needs a line in one of the
two, or a test fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Visit:
    """One address. ``keys`` are values for what the stock does not name; ``status`` is that of a refusal."""

    name: str
    by: str
    event: str
    not_by: str
    status: int
    method: str = "get"
    keys: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    on: str = "case"


def _of_case(name: str, event: str = "case.read", **more: object) -> Visit:
    return Visit(f"physician:{name}", "physician", event, "stranger", 404, **more)  # type: ignore[arg-type]


def _figures(name: str, event: str = "stats.read", **keys: str) -> Visit:
    return Visit(f"statistics:{name}", "statistician", event, "physician", 403, keys=keys)


def _oversight(name: str, event: str = "log.read", **more: object) -> Visit:
    return Visit(f"privacy_desk:{name}", "auditor", event, "admin", 403, **more)  # type: ignore[arg-type]


def _management(name: str, event: str, **more: object) -> Visit:
    return Visit(f"admin_desk:{name}", "admin", event, "auditor", 403, **more)  # type: ignore[arg-type]


def _webhook(name: str, event: str, method: str = "get", **keys: str) -> Visit:
    return Visit(f"webhooks:{name}", "admin", event, "auditor", 403, method, keys, {"version": "1"})


def _machine(name: str, /, **keys: str) -> Visit:
    return Visit(f"api:{name}", "token", "stats.read", "nobody", 401, keys=keys)


VISITS = (
    Visit("physician:cases", "physician", "case.list", "statistician", 403),
    Visit("physician:find", "physician", "case.search", "statistician", 403, "post", sent={"number": "2026-999999"}),
    Visit("physician:new", "physician", "case.create", "reviewer", 403, "post"),
    Visit(
        "physician:begin",
        "physician",
        "case.create",
        "reviewer",
        403,
        "post",
        sent={"save_id": "0197f7a2-0000-7000-8000-000000000001"},
    ),
    Visit("physician:list", "physician", "case.list", "statistician", 403, keys={"which": "regio"}),
    Visit("physician:questions", "physician", "case.list", "statistician", 403),
    Visit("physician:nil_reports", "physician", "nil.list", "reviewer", 403),
    _of_case("case"),
    _of_case("check", on="draft"),
    _of_case("confirmation"),
    _of_case("earlier_draft", on="draft", keys={"page": "overlijden"}),
    _of_case("withdraw", on="draft"),
    _of_case("history", "history.read"),
    _of_case("pdf", "case.export"),
    _of_case("question"),
    _of_case("ask_reopening"),
    _of_case("remove", on="draft", keys={"kind": "suspicion"}),
    _of_case("further_request"),
    _of_case("request"),
    _of_case("sample"),
    _of_case("report"),
    _of_case("result"),
    _of_case("change_result"),
    _of_case("laboratory"),
    _of_case("tox_findings"),
    _of_case("resubmit"),
    _of_case("section", keys={"page": "overledene"}),
    _of_case("restore", method="post", keys={"page": "overledene"}, sent={"before": "1", "version": "1"}, on="draft"),
    _of_case("save", method="post", keys={"page": "overledene"}),
    _of_case("keep", method="post", keys={"form": "result"}, on="draft"),
    Visit("emergency:home", "physician", "case.list", "reviewer", 403),
    Visit("emergency:given", "reviewer", "case.list", "physician", 403),
    Visit("register_desk:worklist", "reviewer", "case.list", "physician", 403, keys={"which": "nieuw"}),
    Visit(
        "register_desk:several",
        "reviewer",
        "case.list",
        "physician",
        403,
        "post",
        keys={"which": "nieuw"},
        sent={"do": "assign"},
    ),
    Visit("register_desk:review", "reviewer", "case.read", "physician", 403),
    Visit("register_desk:step", "reviewer", "case.read", "physician", 403, "post", keys={"name": "conclude"}),
    Visit("panel_desk:home", "member", "case.list", "reviewer", 403),
    Visit("panel_desk:case", "member", "case.read", "reviewer", 403, on="in_panel"),
    Visit("register_data:duplicates", "reviewer", "case.list", "physician", 403),
    Visit("register_data:quality", "reviewer", "case.list", "physician", 403),
    Visit("register_data:pair", "reviewer", "case.read", "physician", 403),
    Visit("register_data:decide", "reviewer", "case.read", "physician", 403, "post", keys={"act": "geen-dubbel"}),
    Visit("register_data:names", "reviewer", "case.list", "physician", 403),
    Visit("register_data:name", "reviewer", "case.list", "physician", 403),
    Visit("register_rules:comparison", "reviewer", "case.list", "physician", 403, keys={"version": "2"}),
    Visit("statistics:releases", "reviewer", "release.read", "physician", 403),
    Visit("statistics:new", "reviewer", "release.read", "physician", 403),
    Visit("statistics:release", "reviewer", "release.read", "physician", 404),
    Visit("statistics:step", "reviewer", "release.read", "physician", 404, "post", keys={"step": "intrekken"}),
    _figures("figures"),
    _figures("published"),
    _figures("chart", chart="jaren"),
    _figures("chart_file", "export.download", chart="jaren", extension="csv"),
    _figures("table", table="group"),
    _figures("download", "export.download", table="group", extension="csv"),
    _figures("euda", "export.download"),
    _oversight("overview"),
    _oversight("find_case", method="post", sent={"number": "2026-999999"}),
    _oversight("case"),
    _oversight("export_case", "log.export"),
    _oversight("find_person", method="post", sent={"person": "physician"}),
    _oversight("person"),
    _oversight("export_person", "log.export"),
    _oversight("reports"),
    _oversight("emergencies"),
    _oversight("logbook"),
    _management("listing", "user.list", keys={"which": "actief"}),
    _management("user", "user.read"),
    _management("change", "user.read", method="post"),
    _management("switch_off", "user.read", method="post"),
    _management("switch_on", "user.read", method="post"),
    _management("start_anew", "user.read", method="post"),
    _management("invite", "user.list"),
    _management("invitation", "user.read"),
    _management("send_anew", "user.read", method="post"),
    _management("revoke_invitation", "user.read", method="post"),
    _management("review", "user.list"),
    _management("tokens", "token.list"),
    _management("new_token", "token.list"),
    _management("revoke_token", "token.revoke", method="post"),
    _management("waiting", "system.work_read"),
    _machine("releases"),
    _machine("latest"),
    _machine("release"),
    _machine("manifest"),
    _machine("table", table="group", extension="csv"),
    _machine("negotiated", table="group"),
    _machine("whole", name="workbook", extension="xlsx"),
    _machine("codebook"),
    _machine("catalog"),
    _machine("odata", address="ODataCatalog/Tables"),
    _machine("euda"),
    _webhook("webhooks", "webhook.list"),
    _webhook("new", "webhook.list"),
    _webhook("webhook", "webhook.read"),
    _webhook("step", "webhook.change", "post", step="hervatten"),
    _webhook("send_again", "webhook.change", "post"),
)
WITHOUT_CONTENT = {
    "statistics:charts": "sends on to the first chart of the newest release",
    "statistics:population": "how many people live where: of nobody who died",
    "home": "sends on to the first desk of a role",
    "login": "the form to sign in with; signing in is auth.login",
    "persona": "signs in, which is auth.login",
    "logout": "signs out, which is auth.logout",
    "language": "keeps the person's own choice and sends on",
    "theme": "keeps the person's own choice and sends on",
    "profile": "the person's own name and role",
    "organisation": "sends on to the login of an organisation; nobody is known yet",
    "openid_connect_callback": "comes back from the login of an organisation, which is auth.login or auth.fail",
    "second_step": "the form for the second factor; signing in is auth.login",
    "enrol": "the person's own second factor",
    "add_passkey": "the person's own passkey",
    "confirm": "asks the person again for a factor",
    "session_left": "how long the person's own session lasts",
    "session_stay": "keeps the person's own session",
    "session_back": "says that the person is signed in",
    "remove_factor": "the person's own second factor",
    "recovery_codes": "the person's own recovery codes",
    "end_session": "ends a session of the person's own",
    "gallery:parts": "the parts of a page with made-up words",
    "help": "the same words for everybody",
    "codebook": "the questions of the register; no answer to any",
    "codebook_csv": "the questions of the register; no answer to any",
    "codebook_json": "the questions of the register; no answer to any",
    "livez": "for the machine that watches; no person, no case",
    "readyz": "for the machine that watches; no person, no case",
    "version": "for the machine that watches; no person, no case",
    "physician:suggest": "substances of the catalogue for a typed word; it names no case and takes none",
    "admin_desk:users": "sends on to the first list of users",
    "admin_desk:accept": "the form with which an invited person makes an account; nobody is known yet",
    "admin_desk:open_invitation": "keeps the link of an invitation and sends on",
    "admin_desk:new_start": "the form with which somebody begins again; nobody is known yet",
    "admin_desk:open_new_start": "keeps the link of a mail and sends on",
    "csp_report": "takes reports of browsers, shows nothing",
    "register_desk:own": "lists that the person keeps, by the names they gave them; no case",
    "register_desk:columns": "keeps the person's own choice of columns and sends on",
    "register_desk:drop": "takes away a list of the person's own and sends on",
    "register_desk:beat": "says which colleagues have the same page open; no word of the case",
    "register_desk:home": "sends on to the first worklist",
    "register_data:behind": "sends on to the board without a figure; tested with the desk",
    "register_data:undo_link": "changes cases, which is case.update, and sends on; tested with the desk",
    "register_data:catalogue": "substances of the catalogue; it names no case and takes none",
    "register_data:new_substance": "the form for a substance of the catalogue; no case",
    "register_data:substance": "one substance of the catalogue; it names no case and takes none",
    "register_data:steward": "changes the catalogue, which its own history tells; no case",
    "register_data:withdraw_request": "takes back what was asked of a steward; no case",
    "register_data:decline_request": "answers what the desk asked of a steward; no case",
    "register_rules:home": "sends on to the first kind of settings",
    "register_rules:listing": "rules, texts and terms; no case",
    "register_rules:entry": "one rule, text or term with its history; no case",
    "register_rules:change": "changes a setting, which its own history tells; no case",
    "register_rules:new_text": "the form for a standard text; no case",
    "register_rules:versions": "versions of the definitions and who adopted them; no case",
    "register_rules:compare": "asks the worker to compare and sends on",
    "register_rules:adopt": "adopts a version, which its own history tells, and sends on",
    "emergency:end": "ends an access, which is breakglass.close, and sends on; tested with the desk",
    "privacy_desk:review_emergency": "stores an outcome, breakglass.review, and sends on; tested with the desk",
    "privacy_desk:review": "stores an outcome, which is log.review, and sends on; tested with the desk",
    "api:openapi": "the description of the API, public by rule",
}


def every_address() -> Iterator[str]:
    """The name of every address that the resolver knows; an address without a name cannot be accounted for."""

    def walk(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern.url_patterns, inner)
            else:
                yield f"{namespace}{pattern.name}" if pattern.name else f"(no name) {pattern.pattern}"

    yield from walk(get_resolver().url_patterns, "")
