"""What each table is called, by its name: number in the table plan, Dutch and English title."""

HEADINGS = {
    "definition-sex": ("T1", "Sterfgevallen naar jaar, definitie en geslacht", "Deaths by year, definition and sex"),
    "age-euda-sex": (
        "T2",
        "Sterfgevallen naar jaar, leeftijd (EUDA) en geslacht",
        "Deaths by year, age (EUDA) and sex",
    ),
    "age-ndm-sex": ("T2", "Sterfgevallen naar jaar, leeftijd (NDM) en geslacht", "Deaths by year, age (NDM) and sex"),
    "rate-age-euda-sex": (
        "T2",
        "Sterfte per inwoner naar jaar, leeftijd (EUDA) en geslacht",
        "Death rates by year, age (EUDA) and sex",
    ),
    "rate-age-ndm-sex": (
        "T2",
        "Sterfte per inwoner naar jaar, leeftijd (NDM) en geslacht",
        "Death rates by year, age (NDM) and sex",
    ),
    "age-mean": ("T2", "Gemiddelde leeftijd naar jaar", "Mean age by year"),
    "group-hierarchical": (
        "T3",
        "Sterfgevallen naar jaar en middelengroep, elk sterfgeval eenmaal",
        "Deaths by year and substance group, each death once",
    ),
    "group": (
        "T4",
        "Sterfgevallen naar jaar en middelengroep, elke vermelding en enig middel",
        "Deaths by year and substance group, any mention and sole substance",
    ),
    "sex-group": (
        "T4",
        "Sterfgevallen naar jaar, geslacht en middelengroep, elk sterfgeval eenmaal",
        "Deaths by year, sex and substance group, each death once",
    ),
    "age-ndm-group": (
        "T4",
        "Sterfgevallen naar jaar, leeftijd (NDM) en middelengroep, elk sterfgeval eenmaal",
        "Deaths by year, age (NDM) and substance group, each death once",
    ),
    "substance": (
        "T5",
        "Sterfgevallen naar jaar en middel, elke vermelding",
        "Deaths by year and substance, any mention",
    ),
    "euda-group": (
        "T5",
        "Sterfgevallen naar jaar en EUDA-groep, elke vermelding",
        "Deaths by year and EUDA group, any mention",
    ),
    "euda-group-sex": (
        "T5",
        "Sterfgevallen naar jaar, EUDA-groep en geslacht, elke vermelding",
        "Deaths by year, EUDA group and sex, any mention",
    ),
    "euda-group-toxicology": (
        "T5",
        "Sterfgevallen naar jaar, EUDA-groep en bekende toxicologie, elke vermelding",
        "Deaths by year, EUDA group and known toxicology, any mention",
    ),
    "intent-group": (
        "T6",
        "Sterfgevallen naar jaar, intentie en middelengroep",
        "Deaths by year, intent and substance group",
    ),
    "intent-sex": (
        "T6",
        "Sterfgevallen naar jaar, intentie en geslacht",
        "Deaths by year, intent and sex",
    ),
    "area": ("T7", "Sterfgevallen naar jaar, provincie en GGD-regio", "Deaths by year, province and GGD region"),
    "rate-area": (
        "T7",
        "Sterfte per inwoner naar jaar, provincie en GGD-regio",
        "Death rates by year, province and GGD region",
    ),
    "place": ("T8", "Sterfgevallen naar jaar en soort plaats", "Deaths by year and kind of place"),
    "circumstances": (
        "T9",
        "Omstandigheden en voorgeschiedenis naar jaar, elk onderwerp apart",
        "Circumstances and history by year, each item on its own",
    ),
    "autopsy": ("T9", "Sterfgevallen naar jaar en sectie", "Deaths by year and autopsy"),
    "toxicology": (
        "T10",
        "Sterfgevallen naar jaar en stand van de toxicologie",
        "Deaths by year and state of toxicology",
    ),
    "toxicology-sex": (
        "T10",
        "Sterfgevallen naar jaar, bekende toxicologie en geslacht",
        "Deaths by year, known toxicology and sex",
    ),
    "toxicology-scope": (
        "T10",
        "Sterfgevallen naar jaar en reikwijdte van de toxicologie",
        "Deaths by year and scope of toxicology",
    ),
    "toxicology-days": (
        "T10",
        "Dagen van aanvraag tot uitslag van de toxicologie naar jaar",
        "Days from request to result of toxicology by year",
    ),
    "month": ("T11", "Sterfgevallen naar jaar en maand", "Deaths by year and month"),
    "nil-reports": ("T11", "Nulmeldingen naar jaar en maand", "Nil reports by year and month"),
    "completeness-area": (
        "T11",
        "Volledigheid naar jaar, provincie en GGD-regio",
        "Completeness by year, province and GGD region",
    ),
    "decision": ("T12", "Alle meldingen naar jaar en besluit", "All reports by year and decision"),
    "combination": (
        "T13",
        "Sterfgevallen naar jaar en combinatie van middelenklassen",
        "Deaths by year and combination of substance classes",
    ),
    "substances-number": (
        "T13",
        "Sterfgevallen naar jaar en aantal middelen",
        "Deaths by year and number of substances",
    ),
    "substances-number-toxicology": (
        "T13",
        "Sterfgevallen naar jaar, aantal middelen en bekende toxicologie",
        "Deaths by year, number of substances and known toxicology",
    ),
    "substances-number-sex": (
        "T13",
        "Sterfgevallen naar jaar, aantal middelen en geslacht",
        "Deaths by year, number of substances and sex",
    ),
    "substances-number-age": (
        "T13",
        "Sterfgevallen naar jaar, aantal middelen en leeftijd (NDM)",
        "Deaths by year, number of substances and age (NDM)",
    ),
    "cbs": ("T14", "Sterfgevallen naar jaar en vergelijking met CBS", "Deaths by year and comparison with CBS"),
}
_PLACES = {name: place for place, name in enumerate(HEADINGS)}


def place_of(name: str) -> tuple[int, str]:
    """By which tables are listed in the order of the plan; one that is not in the plan any more comes last."""
    return _PLACES.get(name, len(_PLACES)), name
