"""Tables and constraints. No flow, no permission, no HTTP: what must hold for every stored row, whoever writes it."""

from register.models.assessment import (
    Assessment,
    DefinitionResult,
    PanelVote,
    Query,
    QueryMessage,
)
from register.models.case import (
    AcceptedFinding,
    Case,
    CaseNumberSeries,
    NilReport,
    SourceDocument,
    StatusChange,
    UnfinishedForm,
    UnreadAnswer,
)
from register.models.configuration import ConfigurationChange, RuleAdoption, RuleComparison
from register.models.desk import Presence, SavedList
from register.models.linkage import DuplicatePair, NameLink
from register.models.log import Heartbeat, OutboxMessage, Save
from register.models.oversight import EmergencyAccess, LogReview
from register.models.people import AccountChange, ApiToken, Invitation, User
from register.models.population import PopulationCount, PopulationVersion
from register.models.release import (
    PublishedFile,
    PublishedRelease,
    Release,
    ReleaseCells,
    ReleaseChange,
    ReleaseExtract,
    ReleaseLedger,
    ReleaseTable,
)
from register.models.sections import (
    CauseOfDeath,
    Circumstances,
    Death,
    Decedent,
    History,
    KnownUse,
    NaloxoneGiven,
)
from register.models.signing_in import Session, SignInTry
from register.models.stewardship import SubstanceChange, SubstanceRequest
from register.models.toxicology import (
    SubstanceFinding,
    SuspectedSubstance,
    ToxRequest,
    ToxResult,
    ToxSample,
)
from register.models.vocabulary import (
    CodeValue,
    EudaGroup,
    ForensicService,
    Icd10Code,
    Laboratory,
    Municipality,
    Region,
    Substance,
    SubstanceGroup,
    SubstanceSynonym,
)
from register.models.webhooks import Webhook, WebhookAttempt, WebhookDelivery, WebhookSecret

SECTIONS = (Decedent, Death, CauseOfDeath, Circumstances, History, Assessment)

__all__ = [
    "SECTIONS",
    "AcceptedFinding",
    "AccountChange",
    "ApiToken",
    "Assessment",
    "Case",
    "CaseNumberSeries",
    "CauseOfDeath",
    "Circumstances",
    "CodeValue",
    "ConfigurationChange",
    "Death",
    "Decedent",
    "DefinitionResult",
    "DuplicatePair",
    "EmergencyAccess",
    "EudaGroup",
    "ForensicService",
    "Heartbeat",
    "History",
    "Icd10Code",
    "Invitation",
    "KnownUse",
    "Laboratory",
    "LogReview",
    "Municipality",
    "NaloxoneGiven",
    "NameLink",
    "NilReport",
    "OutboxMessage",
    "PanelVote",
    "PopulationCount",
    "PopulationVersion",
    "Presence",
    "PublishedFile",
    "PublishedRelease",
    "Query",
    "QueryMessage",
    "Region",
    "Release",
    "ReleaseCells",
    "ReleaseChange",
    "ReleaseExtract",
    "ReleaseLedger",
    "ReleaseTable",
    "RuleAdoption",
    "RuleComparison",
    "Save",
    "SavedList",
    "Session",
    "SignInTry",
    "SourceDocument",
    "StatusChange",
    "Substance",
    "SubstanceChange",
    "SubstanceFinding",
    "SubstanceGroup",
    "SubstanceRequest",
    "SubstanceSynonym",
    "SuspectedSubstance",
    "ToxRequest",
    "ToxResult",
    "ToxSample",
    "UnfinishedForm",
    "UnreadAnswer",
    "User",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookSecret",
]
