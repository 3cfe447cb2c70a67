"""By which ways a substance is usually taken: a hint beside the question, never its answer."""

from functools import lru_cache

from register.coding.catalogue import rows


@lru_cache(maxsize=1)
def _usual() -> dict[str, tuple[str, ...]]:
    return {row["code"]: tuple(row["routes"].split(";")) for row in rows("usual_routes.csv")}


def usual_routes(code: str | None) -> tuple[str, ...]:
    """Codes of VS-ROUTE, the most usual first; empty when nothing is written down for this substance."""
    return _usual().get(code or "", ())
