"""An event as the exact bytes that are hashed, written as SQL so that a million of them are read in seconds.

Version 1: the columns in the order below, each as its length in bytes, a colon and its text, a missing one as a hyphen;
times in UTC with microseconds, bytes in hexadecimal. The expressions use functions of PostgreSQL's own only: nothing
that somebody could have replaced in the database.
"""

UTC = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"

CHANGE_COLUMNS = (
    "id::text",
    UTC.format("at"),
    "epoch::text",
    "xid::text",
    "db_user",
    "pid::text",
    "actor",
    "role",
    "reason_code",
    "trace::text",
    "tbl",
    "pk",
    "case_id::text",
    "op::text",
    "row_version::text",
    "encode(digest, 'hex')",
    "hash_version::text",
)
ACCESS_COLUMNS = (
    "id::text",
    UTC.format("at"),
    "epoch::text",
    "xid::text",
    "db_user",
    "pid::text",
    "code",
    "action::text",
    "outcome",
    "detail",
    "actor",
    "role",
    "regions::text",
    "origin",
    "login",
    "agent",
    "purpose",
    "object_type",
    "objects::text",
    "row_count::text",
    "filters::text",
    "policy",
    "source",
    "trace::text",
    "hash_version::text",
)


def _text(columns: tuple[str, ...]) -> str:
    return " || ".join(f"coalesce(octet_length({column}) || ':' || ({column}), '-')" for column in columns)


def _leaf(columns: tuple[str, ...]) -> str:
    return f"sha256('\\x00'::bytea || convert_to({_text(columns)}, 'UTF8'))"


CHANGE_LEAF = _leaf(CHANGE_COLUMNS)
ACCESS_LEAF = _leaf(ACCESS_COLUMNS)
