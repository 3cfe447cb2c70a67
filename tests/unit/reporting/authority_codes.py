"""The values that DCAT-AP-NL 3.0 allows where it names a list (its chapter Waardelijsten), by property.

The lists are authority tables of the Publications Office of the European Union, below ``AUTHORITY``, as of 2026. Of
languages, countries and kinds of files there are hundreds: those stand here that this register could use. Of access
rights the Dutch profile allows three. A licence and a publisher may come from lists of others.
"""

AUTHORITY = "http://publications.europa.eu/resource/authority"
THEMES = "AGRI ECON EDUC ENER ENVI GOVE HEAL INTR JUST OP_DATPRO REGI SOCI TECH TRAN"
STATUSES = "COMPLETED DEPRECATED DEVELOP DISCONT OP_DATPRO WITHDRAWN"
FREQUENCIES = (
    "ANNUAL ANNUAL_2 ANNUAL_3 AS_NEEDED BIENNIAL BIMONTHLY BIWEEKLY CONT DAILY DAILY_2 DECENNIAL HOURLY IRREG MONTHLY "
    "MONTHLY_2 MONTHLY_3 NEVER NOT_PLANNED OTHER QUADRENNIAL QUARTERLY QUINQUENNIAL TRIENNIAL UNKNOWN UPDATE_CONT "
    "WEEKLY WEEKLY_2 WEEKLY_3"
)
# By property, and for the status by class: the name of the list and its codes.
LISTS = {
    "dcat:theme": ("data-theme", THEMES),
    "dct:accessRights": ("access-right", "PUBLIC RESTRICTED NON_PUBLIC"),
    "dct:accrualPeriodicity": ("frequency", FREQUENCIES),
    "dct:format": ("file-type", "CSV HTML JSON JSON_LD ODS PDF RDF_TURTLE TSV TXT XLSX XML ZIP"),
    "dct:language": ("language", "NLD ENG FRY DEU FRA"),
    "dct:spatial": ("country", "NLD"),
    "dcatap:availability": ("planned-availability", "AVAILABLE EXPERIMENTAL STABLE TEMPORARY"),
    "adms:status of dcat:Dataset": ("dataset-status", STATUSES),
    "adms:status of dcat:Distribution": ("distribution-status", STATUSES),
}


def allowed(property_: str, class_: str) -> frozenset[str] | None:
    """Every address that may stand there; None where the profile names no list."""
    listed = LISTS.get(f"{property_} of {class_}") or LISTS.get(property_)
    if listed is None:
        return None
    name, codes = listed
    return frozenset(f"{AUTHORITY}/{name}/{code}" for code in codes.split())
