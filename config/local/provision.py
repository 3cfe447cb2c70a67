"""Roles and database of the register on a PostgreSQL server, made by an account that may make them."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from config.env import Environment
from config.local.keys import Keys
from config.local.postgres import OLDEST
from config.local.refusal import CannotRunError, last_line

ROLES_SQL = Path(__file__).with_name("roles.sql")
DATABASE_SQL = Path(__file__).with_name("database.sql")
OWN_NAME = "register"
MAINTENANCE = ("postgres", "template1")


@dataclass(frozen=True)
class Server:
    """A server and the account that sets it up: ``database`` is where the register lives, other keys are for libpq."""

    account: dict[str, str]
    database: str

    @classmethod
    def of(cls, address: str) -> "Server":
        """From an address; a maintenance database is left alone and the register gets a database of its own name.

        :raises CannotRunError: when it is not the address of a PostgreSQL server.
        """
        try:
            Environment({"DATABASE_URL": address}).url("DATABASE_URL")
            account = {key: str(value) for key, value in conninfo_to_dict(address).items() if value is not None}
        except (psycopg.Error, ImproperlyConfigured):
            account = {}
        if not address.startswith(("postgresql://", "postgres://")) or not account:
            raise CannotRunError(
                "DATABASE_URL is not the address of a PostgreSQL server: "
                "write it as postgresql://USER:PASSWORD@HOST:5432/register."
            )
        named = account.pop("dbname", "")
        return cls(account=account, database=OWN_NAME if named in ("", *MAINTENANCE, "template0") else named)

    def connect(self, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        """A connection as the account, outside transactions."""
        return psycopg.connect(
            make_conninfo(**{"connect_timeout": "5", **self.account, "dbname": database}), autocommit=True
        )

    def address_for(self, role: str, password: str) -> str:
        """The address of the register's database for one of its roles, with the options of the account's address."""
        rest = {key: value for key, value in self.account.items() if key not in {"user", "password", "host", "port"}}
        host = self.account.get("host", "localhost")
        if host.startswith("/"):
            rest, place = {"host": host, **rest}, ""
        else:
            place = f"[{host}]" if ":" in host else host
        port = f":{self.account['port']}" if "port" in self.account else ""
        query = f"?{urlencode(rest)}" if rest else ""
        return f"postgresql://{role}:{quote(password, safe='')}@{place}{port}/{quote(self.database, safe='')}{query}"

    def addresses(self, keys: Keys) -> dict[str, str]:
        """The variables with the addresses of the roles that log in."""
        return {
            "DATABASE_URL": self.address_for("register_app", keys.app),
            "DATABASE_OWNER_URL": self.address_for("register_owner", keys.owner),
            "DATABASE_STATS_URL": self.address_for("register_stats", keys.stats),
            "DATABASE_VIEWER_URL": self.address_for("register_viewer", keys.viewer),
            "DATABASE_KEEPER_URL": self.address_for("register_keeper", keys.keeper),
        }


def provision(server: Server, keys: Keys) -> None:
    """Make the roles with these passwords and the database, or bring them up to date.

    :raises CannotRunError: when the server cannot be reached or the account may not do it.
    """
    try:
        _make_roles_and_database(server, keys)
        with server.connect(server.database) as connection:
            connection.execute(DATABASE_SQL.read_bytes())
    except psycopg.errors.InsufficientPrivilege as error:
        raise CannotRunError(
            f"The account of DATABASE_URL may not set up the register ({last_line(_said(error))}): "
            "use one that may create roles and databases and that made the roles of the register, "
            "or set the addresses of all its roles (docs/operator.md)."
        ) from None
    except psycopg.OperationalError as error:
        raise CannotRunError(
            f"The database server of DATABASE_URL cannot be reached ({_why(error)}): "
            "start it, or correct the address, user and password."
        ) from None
    except psycopg.Error as error:
        raise CannotRunError(
            f"The database server of DATABASE_URL refused to be set up ({last_line(_said(error))}): "
            "correct that on the server, then start again."
        ) from None


def _make_roles_and_database(server: Server, keys: Keys) -> None:
    with _maintenance(server) as connection:
        if connection.info.server_version < OLDEST * 10000:
            raise CannotRunError(
                f"The database server of DATABASE_URL is PostgreSQL {connection.info.server_version // 10000}: "
                f"use version {OLDEST} or later."
            )
        connection.execute(ROLES_SQL.read_bytes())
        for role, password in (
            ("register_owner", keys.owner),
            ("register_app", keys.app),
            ("register_stats", keys.stats),
            ("register_viewer", keys.viewer),
            ("register_keeper", keys.keeper),
        ):
            _set_password(connection, role, password)
        exists = connection.execute("SELECT FROM pg_database WHERE datname = %s", [server.database]).fetchone()
        name = sql.Identifier(server.database)
        if exists is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER register_owner ENCODING 'UTF8' TEMPLATE template0").format(name)
            )
        else:
            connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO register_owner").format(name))


def _maintenance(server: Server) -> "psycopg.Connection[tuple[object, ...]]":
    """A connection to a database that is there before the register's is; not every server lets everybody in all."""
    for database in (*MAINTENANCE, server.database):
        try:
            return server.connect(database)
        except psycopg.OperationalError as error:
            refused = error
    raise refused


def _set_password(connection: "psycopg.Connection[tuple[object, ...]]", role: str, password: str) -> None:
    """Send the verifier, not the password: a statement may end up in the server's log."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)))


def _why(error: psycopg.OperationalError) -> str:
    """The reason without the address; the second line of libpq is a question, not a reason."""
    first = str(error).strip().split("\n", 1)[0]
    return last_line(first.rpartition("failed: ")[2])


def _said(error: psycopg.Error) -> str:
    return error.diag.message_primary or str(error)
