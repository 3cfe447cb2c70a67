"""The catalogue of published releases by DCAT-AP-NL 3.0: one data set for each release, one distribution for each file.

It says what is so now: a release that was superseded or retracted since has another status than in its own files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from register.reporting import codelists
from register.reporting.formats import said
from register.reporting.formats.sdmx_json import SENDER
from register.reporting.published import File, Released
from register.reporting.publishing import RETRACTED, SUPERSEDED

EU = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"
CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
TITLE = {
    "nl": "Cijfers van het register drugsgerelateerde sterfte",
    "en": "Figures of the register of drug-related deaths",
}
ABOUT = {
    "nl": "Beveiligde tabellen over drugsgerelateerde sterfte in Nederland. Verborgen cellen zijn leeg en niet nul.",
    "en": "Protected tables of drug-related deaths in the Netherlands. Hidden cells are empty and not zero.",
}
# The state of a release in the European lists of statuses, of data sets and of distributions alike.
STATUSES = {
    "provisional": "DEVELOP",
    "further_provisional": "DEVELOP",
    "final": "COMPLETED",
    SUPERSEDED: "DEPRECATED",
    RETRACTED: "WITHDRAWN",
}
FILE_TYPES = {"csv": "CSV", "json": "JSON", "xlsx": "XLSX", "html": "HTML"}


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes, and where. ``base`` is the address of the API.

    ``public``: the deployment opens its figures, so that everybody may read the releases for everybody.
    """

    base: str
    email: str
    public: bool

    @property
    def condition(self) -> str:
        """Where in the catalogue itself the condition stands of what is not for everybody."""
        return f"{self.base}/catalog#licence"

    def opens(self, release: Released) -> bool:
        """Whether everybody may read this release."""
        return self.public and release.public

    def licence(self, *, open_to_all: bool) -> str:
        """An open licence, or the condition."""
        return f"{EU}/licence/CC_BY_4_0" if open_to_all else self.condition


def catalog(releases: Sequence[Released], publisher: Publisher) -> dict[str, Any]:
    """The catalogue as JSON-LD with its context in it, so that nothing need be fetched to read it."""
    here = f"{publisher.base}/catalog"
    series = {one.definition: f"{here}#series-{one.definition}" for one in releases}
    datasets = [_dataset(one, series[one.definition], publisher) for one in releases]
    return {
        "@context": CONTEXT,
        "@graph": [
            {
                "@id": here,
                "@type": "dcat:Catalog",
                "dct:title": _words(TITLE),
                "dct:description": _words(ABOUT),
                **_responsible(publisher),
                "dct:language": _languages(),
                "dcat:themeTaxonomy": {"@id": f"{EU}/data-theme"},
                "dcat:service": {"@id": f"{here}#service"},
                "dcat:dataset": [{"@id": dataset["@id"]} for dataset in datasets],
            },
            *_agents(publisher, limited=not all(map(publisher.opens, releases)) or not publisher.public),
            _service(publisher, [dataset["@id"] for dataset in datasets]),
            *(_series(definition, address, publisher) for definition, address in series.items()),
            *datasets,
        ],
    }


def _dataset(release: Released, series: str, publisher: Publisher) -> dict[str, Any]:
    address = f"{publisher.base}/releases/{release.id}"
    facts: dict[str, Any] = {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": address,
        "dct:title": {"@value": release.title, "@language": "nl"},
        "dct:description": _words(ABOUT),
        **_responsible(publisher),
        **_open_or_not(open_to_all=publisher.opens(release)),
        "dct:language": _languages(),
        "dct:issued": _moment(release.published_at.isoformat(timespec="seconds")),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(f"{release.period_from}-01-01", "date"),
            "dcat:endDate": _typed(f"{release.period_to}-12-31", "date"),
        },
        "dct:spatial": {"@id": f"{EU}/country/NLD"},
        "dcat:version": release.id,
        "dcat:inSeries": {"@id": series},
        "adms:status": {"@id": f"{EU}/dataset-status/{STATUSES[release.status]}"},
        # A release never changes; a correction is a new one.
        "dct:accrualPeriodicity": {"@id": f"{EU}/frequency/NEVER"},
    }
    if release.facts:
        told = said.in_one(release.facts)
        words = _words({"nl": told.nl, "en": told.en})
        facts["dct:provenance"] = {"@type": "dct:ProvenanceStatement", "rdfs:label": words}
    if note := release.retraction_reason or release.note:
        facts["adms:versionNotes"] = {"@value": note, "@language": "nl"}
    if release.supersedes:
        facts["dcat:previousVersion"] = {"@id": f"{publisher.base}/releases/{release.supersedes}"}
    if not release.retracted:
        licence = publisher.licence(open_to_all=publisher.opens(release))
        status = f"{EU}/distribution-status/{STATUSES[release.status]}"
        facts["dcat:distribution"] = [_distribution(address, file, licence, status) for file in release.files]
    return facts


def _distribution(release: str, file: File, licence: str, status: str) -> dict[str, Any]:
    address = f"{release}/{file.path}"
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": {"@value": f"{file.table} ({file.kind.nl})", "@language": "nl"},
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dct:license": {"@id": licence},
        "dct:format": {"@id": f"{EU}/file-type/{FILE_TYPES[file.kind.suffix.rsplit('.', 1)[-1]]}"},
        "adms:status": {"@id": status},
        "dcatap:availability": {"@id": f"{EU}/planned-availability/STABLE"},
        "dcat:mediaType": {"@id": f"{IANA}/{file.media_type.split(';')[0]}"},
        "dcat:byteSize": _typed(str(file.size), "nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(file.sha256, "hexBinary"),
        },
    }


def _series(definition: str, address: str, publisher: Publisher) -> dict[str, Any]:
    known = codelists.definition(definition)
    return {
        "@id": address,
        "@type": "dcat:DatasetSeries",
        "dct:title": _words({"nl": f"{TITLE['nl']}: {known.nl}", "en": f"{TITLE['en']}: {known.en}"}),
        "dct:description": _words(ABOUT),
        "dct:accrualPeriodicity": {"@id": f"{EU}/frequency/ANNUAL"},
        "dct:spatial": {"@id": f"{EU}/country/NLD"},
        **_responsible(publisher),
    }


def _service(publisher: Publisher, datasets: Sequence[str]) -> dict[str, Any]:
    return {
        "@id": f"{publisher.base}/catalog#service",
        "@type": "dcat:DataService",
        "dct:identifier": publisher.base,
        "dct:title": _words({"nl": "API voor gepubliceerde cijfers", "en": "API for published figures"}),
        "dct:description": _words(ABOUT),
        "dcat:endpointURL": {"@id": publisher.base},
        "dcat:endpointDescription": {"@id": f"{publisher.base}/openapi.json"},
        "dct:license": {"@id": publisher.licence(open_to_all=publisher.public)},
        "dcat:servesDataset": [{"@id": dataset} for dataset in datasets],
        **_responsible(publisher),
        **_open_or_not(open_to_all=publisher.public),
    }


def _agents(publisher: Publisher, *, limited: bool) -> list[dict[str, Any]]:
    """The publisher, the contact point, and the condition of use when something is not for everybody."""
    agents: list[dict[str, Any]] = [
        {"@id": f"{publisher.base}/catalog#publisher", "@type": "foaf:Agent", "foaf:name": _words(SENDER)},
        {
            "@id": f"{publisher.base}/catalog#contact",
            "@type": "vcard:Kind",
            "vcard:fn": SENDER["nl"],
            "vcard:hasEmail": {"@id": f"mailto:{publisher.email}"},
        },
    ]
    if not limited:
        return agents
    condition = {"nl": "Alleen voor organisaties met een token", "en": "Only for organisations with a token"}
    licence = {"@id": publisher.condition, "@type": "dct:LicenseDocument", "dct:title": _words(condition)}
    return [*agents, licence]


def _responsible(publisher: Publisher) -> dict[str, Any]:
    agent = {"@id": f"{publisher.base}/catalog#publisher"}
    return {
        "dct:publisher": agent,
        "dct:creator": agent,
        "dcat:contactPoint": {"@id": f"{publisher.base}/catalog#contact"},
    }


def _open_or_not(*, open_to_all: bool) -> dict[str, Any]:
    rights = f"{EU}/access-right/{'PUBLIC' if open_to_all else 'RESTRICTED'}"
    return {"dct:accessRights": {"@id": rights}, "dcat:theme": {"@id": f"{EU}/data-theme/HEAL"}}


def _words(both: dict[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in both.items()]


def _languages() -> list[dict[str, str]]:
    return [{"@id": f"{EU}/language/{code}"} for code in ("NLD", "ENG")]


def _moment(text: str) -> dict[str, str]:
    return _typed(text, "dateTime")


def _typed(text: str, kind: str) -> dict[str, str]:
    return {"@value": text, "@type": f"xsd:{kind}"}
