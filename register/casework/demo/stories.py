"""What happened in the made-up deaths: a table of stories, from what was suspected to what was concluded."""

from dataclasses import dataclass

SOLE, JOINT, PRESENT = "sole_cause", "joint_cause", "present_no_contribution"
THERAPEUTIC, METABOLITE, POSSIBLE = "therapeutic", "metabolite_or_adulterant", "possible_contribution"
ILLICIT, PRESCRIBED, OTC = "illicit", "prescribed", "otc"


@dataclass(frozen=True, slots=True)
class Found:
    """One substance of a story: as reported by the laboratory, its code, its role, its origin and its concentration."""

    reported_as: str
    code: str
    role: str
    origin: str
    value: str = ""
    unit: str = "ug_l"


@dataclass(frozen=True, slots=True)
class Story:
    """One way to die. ``suspected`` pairs the words at the scene with a code; ``exclusion`` is a code of VS-EXCL.

    ``places`` and ``ages`` (lowest and highest) say where and at which age it happens, ``share`` how often.
    """

    name: str
    share: int
    suspected: tuple[tuple[str, str], ...]
    found: tuple[Found, ...]
    intent: str
    cause: str
    route: str
    places: tuple[str, ...]
    ages: tuple[int, int]
    exclusion: str = ""


STORIES = (
    Story(
        "heroine",
        12,
        (("bruin", "heroin"),),
        (
            Found("6-MAM", "heroin", SOLE, ILLICIT, "14"),
            Found("morfine", "morphine", METABOLITE, ILLICIT, "210"),
        ),
        "accident",
        "Ademdepressie door gebruik van heroïne",
        "injected",
        ("own_home", "public_space", "shelter", "other_home"),
        (34, 66),
    ),
    Story(
        "basecoke en alcohol",
        14,
        (("basecoke", "cocaine"), ("bier en wodka", "ethanol")),
        (Found("cocaïne", "cocaine", JOINT, ILLICIT, "380"), Found("ethanol", "ethanol", JOINT, OTC, "1,9", "g_l")),
        "accident",
        "Hartritmestoornis na gebruik van cocaïne en alcohol",
        "smoked",
        ("own_home", "other_home", "public_space"),
        (30, 61),
    ),
    Story(
        "coke",
        8,
        (("wit", "cocaine"),),
        (Found("cocaïne", "cocaine", SOLE, ILLICIT, "940"),),
        "accident",
        "Acute cocaïnevergiftiging",
        "nasal",
        ("own_home", "hotel", "venue"),
        (24, 52),
    ),
    Story(
        "xtc op een feest",
        6,
        (("xtc", "mdma"),),
        (Found("MDMA", "mdma", SOLE, ILLICIT, "1,6", "mg_l"), Found("MDA", "mda", METABOLITE, ILLICIT, "70")),
        "accident",
        "Hyperthermie door MDMA",
        "oral",
        ("event", "venue", "hospital"),
        (18, 31),
    ),
    Story(
        "methadon en slaapmiddel",
        10,
        (("methadon", "methadone"), ("slaappillen", "")),
        (
            Found("methadon", "methadone", JOINT, PRESCRIBED, "720"),
            Found("oxazepam", "oxazepam", JOINT, PRESCRIBED, "1100"),
        ),
        "accident",
        "Ademdepressie door methadon en oxazepam",
        "oral",
        ("own_home", "shelter", "clinic"),
        (41, 69),
    ),
    Story(
        "pijnstillers",
        7,
        (("oxycodon", "oxycodone"),),
        (
            Found("oxycodon", "oxycodone", JOINT, PRESCRIBED, "410"),
            Found("pregabaline", "pregabalin", JOINT, PRESCRIBED, "21", "mg_l"),
        ),
        "suicide",
        "Vergiftiging door oxycodon en pregabaline",
        "oral",
        ("own_home",),
        (38, 79),
    ),
    Story(
        "speed",
        5,
        (("speed", "amphetamine"),),
        (Found("amfetamine", "amphetamine", SOLE, ILLICIT, "1,2", "mg_l"),),
        "accident",
        "Hersenbloeding na gebruik van amfetamine",
        "nasal",
        ("own_home", "other_home"),
        (22, 55),
    ),
    Story(
        "ghb",
        6,
        (("G", "ghb"),),
        (Found("GHB", "ghb", SOLE, ILLICIT, "310", "mg_l"),),
        "accident",
        "Verstikking bij bewusteloosheid door GHB",
        "oral",
        ("own_home", "other_home"),
        (21, 44),
    ),
    Story(
        "3-mmc en ghb",
        4,
        (("miauw", "3-mmc"), ("G", "ghb")),
        (Found("3-MMC", "3-mmc", JOINT, ILLICIT, "890"), Found("GHB", "ghb", JOINT, ILLICIT, "240", "mg_l")),
        "accident",
        "Vergiftiging door 3-MMC en GHB",
        "injected",
        ("own_home", "hotel"),
        (26, 49),
    ),
    Story(
        "keta",
        4,
        (("keta", "ketamine"),),
        (Found("ketamine", "ketamine", SOLE, ILLICIT, "2,1", "mg_l"),),
        "undetermined",
        "Verdrinking onder invloed van ketamine",
        "nasal",
        ("water", "own_home"),
        (19, 36),
    ),
    Story(
        "nepmedicijn",
        3,
        (("oxy van internet", "oxycodone"),),
        (Found("metonitazeen", "metonitazene", SOLE, ILLICIT, "4,8"),),
        "accident",
        "Vergiftiging door een nitazeen in een nepmedicijn",
        "oral",
        ("own_home",),
        (20, 41),
    ),
    Story(
        "fentanylpleister",
        3,
        (("pleisters", "fentanyl"),),
        (Found("fentanyl", "fentanyl", SOLE, PRESCRIBED, "9,5"),),
        "suicide",
        "Vergiftiging door fentanyl",
        "transdermal",
        ("own_home",),
        (45, 82),
    ),
    Story(
        "antidepressivum",
        5,
        (("amitriptyline", "amitriptyline"),),
        (Found("amitriptyline", "amitriptyline", SOLE, PRESCRIBED, "3,4", "mg_l"),),
        "suicide",
        "Vergiftiging door amitriptyline",
        "oral",
        ("own_home",),
        (29, 74),
    ),
    Story(
        "alleen alcohol",
        3,
        (("sterkedrank", "ethanol"),),
        (Found("ethanol", "ethanol", SOLE, OTC, "4,1", "g_l"),),
        "accident",
        "Alcoholvergiftiging",
        "oral",
        ("own_home", "public_space"),
        (33, 70),
        exclusion="alcohol_only",
    ),
    Story(
        "natuurlijk",
        2,
        (("hasj", "cannabis"),),
        (Found("THC", "cannabis", PRESENT, ILLICIT, "2,2"),),
        "undetermined",
        "Acuut hartinfarct",
        "smoked",
        ("own_home",),
        (48, 77),
        exclusion="natural",
    ),
)
