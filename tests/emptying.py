"""A test that committed leaves an empty register: its rows go, the vocabularies stay, and every guard is on again.

Emptying is done as the owner, because no other role may. What holds little is deleted, which is a third of the work of
truncating a hundred tables; what holds much is truncated.
"""

from collections.abc import Callable
from typing import Any

import psycopg

SCHEMAS = ["public", "pub", "audit"]
KEPT = [
    "django_migrations",
    "epoch",
    "django_content_type",
    "auth_permission",
    *(
        f"register_{name}"
        for name in (
            "region",
            "municipality",
            "forensicservice",
            "laboratory",
            "substance",
            "substancegroup",
            "substancesynonym",
            "eudagroup",
            "icd10code",
            "codevalue",
        )
    ),
]
# Bytes of all tables together, with what was deleted and not yet reclaimed.
MUCH = 16 * 1024**2
TABLES = """
SELECT format('%%I.%%I', n.nspname, c.relname), pg_relation_size(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname = ANY(%s) AND c.relname != ALL(%s)
"""
GUARDS = """
SELECT format('%I.%I', n.nspname, c.relname), string_agg(format('%s TRIGGER %I',
  CASE t.tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'O' THEN 'ENABLE' ELSE 'DISABLE' END, t.tgname), ', '
  ORDER BY t.tgname)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal GROUP BY 1
"""
# Identities begin anew, also where what was inserted was taken back.
IDENTITIES = """
SELECT setval(s.oid::regclass, q.seqstart, false)
FROM pg_sequence q JOIN pg_class s ON s.oid = q.seqrelid
JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
JOIN pg_class c ON c.oid = d.refobjid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%s) AND c.relname != ALL(%s) AND pg_sequence_last_value(q.seqrelid) IS NOT NULL
"""
# A test that puts a register back begins another epoch; the next test begins in the first, whatever ran before it.
FIRST_EPOCH = "DELETE FROM audit.epoch WHERE id > 1"


class Emptying:
    """Empties one database, over one session that stays open; ``begin`` opens a session of the owner."""

    def __init__(self, begin: Callable[[], psycopg.Connection[Any]]) -> None:
        self._begin = begin
        self._session = begin()
        self._guards = self._guards_now()

    def __call__(self) -> None:
        """Empty every table but the vocabularies, the trail too, and put the guards as they were at the beginning."""
        try:
            self._empty()
        except psycopg.Error:  # a test may end every session, and a late row may point at what is deleted
            self._session.close()
            self._session = self._begin()
            self._truncate([name for name, _ in self._tables()])

    def _tables(self) -> list[tuple[str, int]]:
        return self._session.execute(TABLES, [SCHEMAS, KEPT]).fetchall()

    def _guards_now(self) -> dict[str, str]:
        return dict(self._session.execute(GUARDS).fetchall())

    def _empty(self) -> None:
        tables = self._tables()
        if sum(size for _, size in tables) > MUCH:
            self._truncate([name for name, _ in tables])
        else:
            self._delete([name for name, size in tables if size])

    def _delete(self, tables: list[str]) -> None:
        asked = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables]
        asked.append("SELECT 'audit.epoch' WHERE EXISTS (SELECT FROM audit.epoch WHERE id > 1)")
        full = [name for (name,) in self._session.execute(" UNION ALL ".join(asked)).fetchall()]  # type: ignore[arg-type]
        delete = [FIRST_EPOCH if name == "audit.epoch" else f"DELETE FROM {name}" for name in full]
        self._without_guards(full, [*delete, "SET CONSTRAINTS ALL IMMEDIATE"])

    def _truncate(self, tables: list[str]) -> None:
        lifted = [name for name in (*tables, "audit.epoch") if not name.startswith("public.")]
        self._without_guards(lifted, [f"TRUNCATE {', '.join(tables)} CASCADE", FIRST_EPOCH])

    def _without_guards(self, tables: list[str], steps: list[str]) -> None:
        now = self._guards_now()
        lifted = [name for name in tables if name in self._guards]
        changed = [name for name, guards in self._guards.items() if now.get(name) != guards]
        lift = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in lifted]
        guard = [f"ALTER TABLE {name} {self._guards[name]}" for name in {*lifted, *changed}]
        self._session.execute("; ".join(["BEGIN", *lift, *steps, *guard, "COMMIT"]))  # type: ignore[arg-type]
        self._session.execute(IDENTITIES, [SCHEMAS, KEPT])
