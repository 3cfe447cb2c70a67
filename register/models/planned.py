"""Statements that the server plans once for each connection, and not anew each time they are sent.

Under forced row-level security planning a statement about a case takes longer than running it. Such a statement is
sent with its values apart from its text, and after a few times the server keeps its plan. Only for statements that
find their rows by a key: a plan that holds for every value is a poor one where the values are spread unevenly.
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor


class PlannedCursor(ServerBindingCursor):
    """Psycopg forgets the text of a statement whose plan is kept; Django asks for it when it lists what was sent."""

    def _get_prepared(self, pgq: Any, prepare: bool | None = None) -> Any:
        self._query = pgq
        return super()._get_prepared(pgq, prepare)  # type: ignore[misc]


def planned_cursor(using: str = DEFAULT_DB_ALIAS) -> Any:
    """A cursor like ``connection.cursor()``. Its statements say the type of a value where the server cannot tell."""
    connection = connections[using]
    connection.ensure_connection()
    kept: Any = connection.connection
    usual, kept.cursor_factory = kept.cursor_factory, PlannedCursor
    try:
        return connection.cursor()
    finally:
        kept.cursor_factory = usual
