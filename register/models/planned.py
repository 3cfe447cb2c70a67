"""Statements that the server plans once for each connection, and not anew each time they are sent.

Under forced row-level security planning a statement about a case takes longer than running it. Such a statement is
sent with its values apart from its text, and after a few times the server keeps its plan. Only for statements that
find their rows by a key: a plan that holds for every value is a poor one where the values are spread unevenly.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any
from weakref import WeakSet

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg.errors import error_from_result
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus

Texts = tuple[str | None, ...]
UNKNOWN_NAME = b"26000"
FINE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


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


class Prepared:
    """A statement that each connection prepares once, and then runs by its name alone.

    Its values are texts in the order of ``$1``, ``$2`` and so on, and so are those of its first row. For what every
    request of a machine sends: what cursors do for values of any type takes longer than such a statement itself.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name.encode(), text
        self._prepared: WeakSet[Any] = WeakSet()

    def first(self, values: Sequence[str | None], using: str = DEFAULT_DB_ALIAS) -> Texts | None:
        """Run it and give its first row, None when there is none.

        :raises Error: of Django, as a cursor does; wrappers of statements see it as they see those of cursors.
        """
        connection = connections[using]
        connection.ensure_connection()
        run: Any = self._run
        for wrapper in reversed(connection.execute_wrappers):
            run = partial(wrapper, run)
        with connection.wrap_database_errors:
            found: Texts | None = run(self.text, values, False, {"connection": connection, "cursor": None})
            return found

    def _run(self, _text: str, values: Sequence[str | None], _many: bool, context: Any) -> Texts | None:
        kept = context["connection"].connection
        given = [None if value is None else value.encode() for value in values]
        result = _checked(self._alone(kept, given) if kept.autocommit else self._within(kept, given))
        if not result.ntuples:
            return None
        row = (result.get_value(0, column) for column in range(result.nfields))
        return tuple(None if value is None else value.decode() for value in row)

    def _alone(self, kept: Any, given: Sequence[bytes | None]) -> Any:
        """By its name. After a transaction that was rolled back the driver lets the server forget all names."""
        if kept in self._prepared:
            result = kept.pgconn.exec_prepared(self.name, given)
            if result.error_field(DiagnosticField.SQLSTATE) != UNKNOWN_NAME:
                return result
        _checked(kept.pgconn.prepare(self.name, self.text.encode()))
        self._prepared.add(kept)
        return kept.pgconn.exec_prepared(self.name, given)

    def _within(self, kept: Any, given: Sequence[bytes | None]) -> Any:
        """Inside a transaction, where a name that was forgotten would end it: by its text."""
        if kept.pgconn.transaction_status == TransactionStatus.IDLE:
            kept.execute("SELECT 1")  # the driver begins a transaction with its first statement only
        return kept.pgconn.exec_params(self.text.encode(), given)


def _checked(result: Any) -> Any:
    if result.status not in FINE:
        raise error_from_result(result)
    return result
