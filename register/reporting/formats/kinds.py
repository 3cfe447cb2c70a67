"""Which files there are of a table and of a release, and how each is called: when stored, in an address, on a page."""

from dataclasses import dataclass

CSV_TYPE = "text/csv; charset=utf-8; header=present"
JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One form of a file. ``key`` is how it is stored; ``suffix`` stands behind the name of the file."""

    key: str
    suffix: str
    media_type: str
    nl: str
    en: str

    def label(self, language: str) -> str:
        return self.nl if language == "nl" else self.en


# In the order in which a page offers them.
TABLE_KINDS = (
    Kind("csv", "csv", CSV_TYPE, "CSV", "CSV"),
    Kind("csvnl", "nl.csv", CSV_TYPE, "CSV voor Excel", "CSV for Dutch Excel"),
    Kind("jsonstat", "jsonstat.json", JSON_TYPE, "JSON-stat", "JSON-stat"),
    Kind("sdmxcsv", "sdmx.csv", "application/vnd.sdmx.data+csv;version=2.0.0", "SDMX-CSV", "SDMX-CSV"),
    Kind("sdmxjson", "sdmx.json", "application/vnd.sdmx.data+json;version=2.0.0", "SDMX-JSON", "SDMX-JSON"),
    Kind("json", "json", JSON_TYPE, "JSON", "JSON"),
    Kind("csvw", "csv-metadata.json", "application/csvm+json", "CSVW", "CSVW"),
)
XLSX = Kind("xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel", "Excel")
HTML = Kind("html", "html", "text/html; charset=utf-8", "HTML", "HTML")
KINDS = {kind.key: kind for kind in (*TABLE_KINDS, XLSX, HTML)}
MEDIA_TYPES = {kind.key: kind.media_type for kind in KINDS.values()}
SUFFIXES = {kind.suffix: kind.key for kind in KINDS.values()}

MANIFEST, WORKBOOK, DATA_PACKAGE, CODEBOOK = "manifest", "workbook", "datapackage", "codebook"
# The files that speak of a whole release; they stand beside its tables, so no table is called so.
WHOLE = (WORKBOOK, DATA_PACKAGE, CODEBOOK, MANIFEST)


def file_name(name: str, key: str) -> str:
    """The name of a file: that of its table, or of what it is, and the suffix of its form."""
    return f"{name}.{KINDS[key].suffix}"


def path_of(name: str, key: str) -> str:
    """Where a file stands below the address of its release."""
    return file_name(name, key) if name in WHOLE else f"tables/{file_name(name, key)}"
