"""Who may do what in a database of the register, as lines that can be compared: owners, grants, policies, triggers."""

from pathlib import Path

from config.local.tables import Session

RIGHTS_SQL = Path(__file__).with_name("rights.sql")


def catalogue(session: Session) -> set[str]:
    """One line for each thing that rights, row security, the trail and every constraint rest on."""
    return {line for (line,) in session.execute(RIGHTS_SQL.read_bytes()).fetchall()}
