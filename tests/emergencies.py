"""Emergency access that began a while ago, which the database lets nobody but its owner pretend."""

from datetime import timedelta

from register.models import EmergencyAccess
from tests.conftest import session_of

TABLE = "register_emergencyaccess"


def let_pass(access: EmergencyAccess, time: timedelta) -> None:
    """Let so much time pass since this access was given."""
    with session_of("owner") as owner:
        owner.execute(
            f"BEGIN; ALTER TABLE {TABLE} DISABLE TRIGGER USER;"
            f" UPDATE {TABLE} SET granted_at = granted_at - interval '{time.total_seconds()} seconds',"
            f" expires_at = expires_at - interval '{time.total_seconds()} seconds' WHERE id = '{access.pk}';"
            f" SELECT audit.track('{TABLE}'); COMMIT"  # every trigger is on again, ALWAYS
        )
    access.refresh_from_db()


def expire(access: EmergencyAccess) -> None:
    """Let its hour be over."""
    let_pass(access, EmergencyAccess.LASTS)


def end_beside(access: EmergencyAccess) -> None:
    """End it in a session of its own, as somebody else does while a request is under way."""
    told = {"actor": access.person_id, "trace": access.pk, "reason_code": "test", "reason_text": "ended by a test"}
    with session_of("owner") as owner, owner.transaction():
        for name, value in told.items():
            owner.execute("SELECT set_config(%s, %s, true)", [f"app.{name}", str(value)])
        owner.execute(
            f"UPDATE {TABLE} SET ended_at = clock_timestamp(), ended_by_id = person_id WHERE id = %s", [access.pk]
        )
