"""The ledger: what was ever published, cell by cell, and which releases a new one must stand beside.

A row of the ledger is written when a release is published, from the files that leave, and never changes. What was
superseded or retracted stays in it, because whoever read it still knows it.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from register.models import PublishedFile, Release, ReleaseExtract, ReleaseLedger
from register.reporting import extract, formats
from register.reporting.choices import key_of, list_of
from register.reporting.errors import BuildError
from register.reporting.extract import Extract
from register.reporting.over_time import Earlier, Published, entries_of
from register.reporting.profiles import profile_of
from register.workflow.release_transitions import PUBLISHED, ReleaseState

# A retracted release was read before it was retracted.
EVER_PUBLISHED = (*sorted(PUBLISHED), ReleaseState.SUPERSEDED, ReleaseState.RETRACTED)
Frozen = list[dict[str, str]]


def write(release: Release) -> ReleaseLedger:
    """The row of a published release; made from its files when it is not there yet."""
    held = ReleaseLedger.objects.filter(release=release).first()
    if held is not None:
        return held
    found = sorted(entries_of(_tables(release), facts(release)).items())
    told = json.dumps([[*list_of(key), value] for key, value in found], separators=(",", ":")).encode()
    return ReleaseLedger.objects.create(
        release=release, body=zlib.compress(told, 6), sha256=hashlib.sha256(told).hexdigest()
    )


def overlapping(release: Release) -> list[Release]:
    """Every release ever published whose years overlap with those of this one, or with those of another such release.

    In the order in which they were published.
    """
    candidates = list(
        Release.objects.filter(status__in=EVER_PUBLISHED, build=Release.Build.BUILT)
        .exclude(pk=release.pk)
        .order_by("published_at", "identifier")
    )
    years = set(release.years)
    found: set[str] = set()
    while True:
        more = [one for one in candidates if one.identifier not in found and years.intersection(one.years)]
        if not more:
            return [one for one in candidates if one.identifier in found]
        found.update(one.identifier for one in more)
        years.update(year for one in more for year in one.years)


def frozen(release: Release) -> Frozen:
    """What is known of the earlier releases now: kept with the facts of this one, so that it can be made again."""
    before = overlapping(release)
    extracts = dict(ReleaseExtract.objects.filter(release__in=before).values_list("release_id", "sha256"))
    return [{"release": one.identifier, "extract": extracts[one.pk], "ledger": write(one).sha256} for one in before]


def earlier(known: Frozen) -> list[Earlier]:
    """The releases that were known when a release was frozen. Raises BuildError when one is not as it was then.

    Of releases with the same facts, the same terms and the same published cells one is enough.
    """
    releases = {one.identifier: one for one in Release.objects.filter(identifier__in=[row["release"] for row in known])}
    found: dict[tuple[Any, ...], Earlier] = {}
    for row in known:
        release = releases[row["release"]]
        profile = profile_of(release.profile)
        terms = (row["extract"], row["ledger"], release.definition, *release.years, release.threshold, profile)
        if terms not in found:
            found[terms] = Earlier(
                identifier=release.identifier,
                extract=facts(release, row["extract"]),
                definition=release.definition,
                years=release.years,
                threshold=release.threshold,
                published=_entries(release, row["ledger"]),
                profile=profile,
            )
    return list(found.values())


def kept_from(release: Release, years: Iterable[int], known: Frozen) -> dict[int, Release]:
    """For each of these years the newest earlier release that counted it, one by the same definition first.

    Raises BuildError when no earlier release counted a year.
    """
    identifiers = [row["release"] for row in known]
    before = sorted(
        Release.objects.filter(identifier__in=identifiers),
        key=lambda one: (one.definition == release.definition, identifiers.index(one.identifier)),
        reverse=True,
    )
    found: dict[int, Release] = {}
    for year in years:
        source = next((one for one in before if year in one.years), None)
        if source is None:
            raise BuildError(
                nl=f"Van {year} is nog niets gepubliceerd; de cijfers ervan kunnen niet blijven zoals zij waren.",
                en=f"Nothing of {year} was published yet; its figures cannot stay as they were.",
            )
        found[year] = source
    return found


def facts(release: Release, sha256: str = "") -> Extract:
    """The facts that were frozen for a release. Raises BuildError when they are not as they were frozen."""
    held = ReleaseExtract.objects.get(release=release)
    try:
        return extract.from_lines(extract.unpacked(bytes(held.body), sha256 or held.sha256))
    except ValueError as error:
        raise BuildError(
            nl=f"De bewaarde feiten van {release.identifier} zijn niet te lezen of niet meer zoals zij waren.",
            en=f"The facts kept of {release.identifier} cannot be read, or are not as they were.",
        ) from error


def _entries(release: Release, sha256: str) -> Published:
    told = zlib.decompress(bytes(ReleaseLedger.objects.get(release=release).body))
    if hashlib.sha256(told).hexdigest() != sha256:
        raise BuildError(
            nl=f"Het grootboek van {release.identifier} is niet meer zoals het was.",
            en=f"The ledger of {release.identifier} is not as it was.",
        )
    return {key_of(row[:3]): row[3] for row in json.loads(told)}


def _tables(release: Release) -> Iterator[dict[str, Any]]:
    files = PublishedFile.objects.filter(release_id=release.pk, extension="json").exclude(table__in=formats.WHOLE)
    for file in files.order_by("table"):
        yield json.loads(bytes(file.body))


def unseen(release: Release) -> Sequence[str]:
    """The releases published since this one was frozen, or beside other facts: it was not protected beside them."""
    held = ReleaseExtract.objects.filter(release=release).values_list("earlier", flat=True).first()
    seen = {row["release"] for row in held or ()}
    return [one.identifier for one in overlapping(release) if one.identifier not in seen]
