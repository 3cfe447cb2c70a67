"""The population that rates are computed with: kept by the register as versions, fixed in a release."""

from datetime import date, datetime

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from register.access import may
from register.audit import acting_as, doing
from register.models import PopulationCount, PopulationVersion, Region, User
from register.reporting import population_file
from register.reporting.errors import Fault, InvalidError, RefusedError
from register.reporting.extract import Inhabitants, Population
from register.workflow.verbs import Verb

LONGEST_CODE, LONGEST_SOURCE, LONGEST_REASON = 30, 160, 500


def versions() -> QuerySet[PopulationVersion]:
    """Every version, the newest first, with its first and last year and how many numbers it holds."""
    counted = PopulationVersion.objects.select_related("by").annotate(
        first=Min("counts__year"), last=Max("counts__year"), numbers=Count("counts")
    )
    return counted.order_by("-at", "code")


def newest() -> PopulationVersion | None:
    """The version that a release takes now: the newest; made-up figures only while there are no others."""
    return PopulationVersion.objects.order_by("demo", "-at", "code").first()


def frozen(version: PopulationVersion | None, years: range) -> Population | None:
    """The figures of these years as a release keeps them."""
    if version is None:
        return None
    rows = version.counts.filter(year__gte=years.start, year__lt=years.stop)
    return Population(
        version=version.code,
        source=version.source,
        published_on=version.published_on.isoformat(),
        demo=version.demo,
        rows=tuple(sorted(Inhabitants(*row) for row in rows.values_list(*population_file.COLUMNS))),
    )


def regions() -> list[str]:
    """The codes of the regions that a population may name, and then names all of."""
    return list(Region.objects.filter(valid_to__isnull=True).order_by("code").values_list("code", flat=True))


def keep(
    *,
    code: str,
    source: str,
    published_on: date | None,
    text: str,
    reason: str,
    by: User,
    now: datetime,
    demo: bool = False,
) -> PopulationVersion:
    """Keep a new version. Raises InvalidError with everything that is wrong at once; nothing is kept then."""
    with acting_as(by):
        allowed = may(by, Verb.KEEP_POPULATION)
        if not allowed:
            raise RefusedError(code=allowed.code, nl=allowed.nl, en=allowed.en)
        rows, complaints = population_file.read(text, regions())
        code, source, reason = code.strip(), source.strip(), reason.strip()
        faults = _faults(code, source, published_on, reason, now)
        faults += [Fault("numbers", complaint.nl, complaint.en) for complaint in complaints]
        if faults or published_on is None:
            raise InvalidError(faults)
        doing(Verb.KEEP_POPULATION, reason=reason)
        version = PopulationVersion.objects.create(
            code=code, source=source, published_on=published_on, demo=demo, reason=reason, at=now, by=by
        )
        PopulationCount.objects.bulk_create(
            [
                PopulationCount(
                    version=version,
                    year=row.year,
                    sex=row.sex,
                    age_band=row.age_band,
                    area=row.area,
                    persons=row.persons,
                )
                for row in rows
            ]
        )
        return version


def _faults(code: str, source: str, published_on: date | None, reason: str, now: datetime) -> list[Fault]:
    faults = []
    if not code or len(code) > LONGEST_CODE or not code.replace("-", "").isalnum() or not code.isascii():
        faults.append(Fault("code", "Gebruik letters, cijfers en streepjes.", "Use letters, digits and hyphens."))
    elif PopulationVersion.objects.filter(code=code).exists():
        faults.append(Fault("code", "Deze versie bestaat al.", "This version exists already."))
    if not source or len(source) > LONGEST_SOURCE:
        faults.append(Fault("source", "Noem de bron.", "Name the source."))
    if published_on is None or published_on > timezone.localdate(now):
        faults.append(
            Fault(
                "published_on",
                "Geef de dag van de bron, niet in de toekomst.",
                "Give the day of the source, not in the future.",
            )
        )
    if not reason or len(reason) > LONGEST_REASON:
        faults.append(Fault("reason", "Schrijf op waarom deze versie er komt.", "Write down why this version comes."))
    return faults
