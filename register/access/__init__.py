"""Who may do what, and the only door to case rows."""

from register.access.admission import Before, note_again
from register.access.door import (
    cases_for,
    comparisons_for,
    name_links_for,
    nil_reports_for,
    pairs_for,
    panel_cases_for,
    releases_for,
    services_for,
    substance_requests_for,
)
from register.access.permission import VERBS_OF, Allowed, Refused, may
from register.access.tokens import caller_of, digest_of, issue_token, log_reading, organisation_of, revoke_token

__all__ = [
    "VERBS_OF",
    "Allowed",
    "Before",
    "Refused",
    "caller_of",
    "cases_for",
    "comparisons_for",
    "digest_of",
    "issue_token",
    "log_reading",
    "may",
    "name_links_for",
    "nil_reports_for",
    "note_again",
    "organisation_of",
    "pairs_for",
    "panel_cases_for",
    "releases_for",
    "revoke_token",
    "services_for",
    "substance_requests_for",
]
