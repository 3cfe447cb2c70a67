"""Everything a person may do in the register. Which role may do it stands in the access room."""

from register.workflow.labels import Labelled


class Verb(Labelled):
    """One act, with its name in Dutch and English; the English name fits after "you cannot"."""

    # The physician's desk
    CREATE_CASE = "create_case", "een zaak beginnen", "start a case"
    READ_CASE = "read_case", "een zaak inzien", "read a case"
    PRINT_CASE = "print_case", "een eigen zaak als PDF ophalen", "fetch an own case as a PDF"
    EDIT_CASE = "edit_case", "een concept invullen", "fill in a draft"
    SUBMIT_CASE = "submit_case", "een zaak indienen", "submit a case"
    WITHDRAW_DRAFT = "withdraw_draft", "een eigen concept intrekken", "withdraw an own draft"
    ENTER_TOX = "enter_tox", "toxicologie invoeren", "enter toxicology"
    ANSWER_QUERY = "answer_query", "een vraag beantwoorden", "answer a question"
    REQUEST_REOPENING = "request_reopening", "om heropening vragen", "ask for a case to be reopened"
    REPORT_NIL = "report_nil", "een nulmelding doen", "send a nil report"
    # A case of another region, in an emergency
    OPEN_ELSEWHERE = "open_elsewhere", "een zaak van een andere regio inzien", "see a case of another region"
    SEE_EMERGENCIES = "see_emergencies", "zien wie noodtoegang kreeg", "see who was given emergency access"
    END_EMERGENCY = "end_emergency", "een noodtoegang beëindigen", "end an emergency access"
    REVIEW_EMERGENCY = "review_emergency", "een noodtoegang beoordelen", "review an emergency access"
    # The register's desk
    IMPORT_CASES = "import_cases", "zaken inlezen uit een bestand", "import cases from a file"
    TAKE_CASE = "take_case", "een zaak in beoordeling nemen", "take a case into review"
    ASSIGN_CASE = "assign_case", "een zaak toewijzen", "assign a case"
    REVIEW_CASE = "review_case", "een zaak beoordelen", "review a case"
    ASK_QUERY = "ask_query", "een vraag stellen", "ask a question"
    CLOSE_QUERY = "close_query", "een vraag sluiten", "close a question"
    CODE_CASE = "code_case", "een zaak coderen", "code a case"
    CLOSE_CASE = "close_case", "een zaak sluiten", "close a case"
    EXCLUDE_CASE = "exclude_case", "een zaak laten vervallen", "exclude a case"
    REOPEN_CASE = "reopen_case", "een zaak heropenen", "reopen a case"
    WITHDRAW_CASE = "withdraw_case", "een zaak intrekken", "withdraw a case"
    DECIDE_DUPLICATE = "decide_duplicate", "over mogelijke dubbelen besluiten", "decide on possible duplicates"
    READ_QUALITY = "read_quality", "de datakwaliteit inzien", "see the quality board"
    ADOPT_RULES = "adopt_rules", "een regelversie vaststellen", "adopt a version of the rules"
    # The panel
    READ_PANEL_CASE = "read_panel_case", "een panelzaak zonder identiteit inzien", "read a panel case without identity"
    VOTE_PANEL = "vote_panel", "in het panel stemmen", "vote in the panel"
    # The catalogue and the signals
    SEE_CATALOGUE = "see_catalogue", "de middelencatalogus inzien", "see the substance catalogue"
    STEWARD_CATALOGUE = "steward_catalogue", "de middelencatalogus beheren", "manage the substance catalogue"
    READ_SIGNALS = "read_signals", "signalen inzien", "see signals"
    TRIAGE_SIGNAL = "triage_signal", "een signaal beoordelen", "triage a signal"
    # Releases
    READ_RELEASE_PREVIEW = "read_release_preview", "een publicatie in voorbereiding inzien", "see a release preview"
    DRAFT_RELEASE = "draft_release", "een publicatie voorbereiden", "prepare a release"
    SUBMIT_RELEASE = "submit_release", "een publicatie ter goedkeuring aanbieden", "submit a release for approval"
    APPROVE_RELEASE = "approve_release", "een publicatie goedkeuren", "approve a release"
    RETRACT_RELEASE = "retract_release", "een publicatie intrekken", "retract a release"
    KEEP_POPULATION = "keep_population", "bevolkingscijfers bijhouden", "keep population figures"
    READ_RELEASED = "read_released", "gepubliceerde cijfers inzien", "read published figures"
    EXPORT_EUDA = "export_euda", "het EUDA-werkboek downloaden", "download the EUDA workbook"
    # Management and oversight
    MANAGE_USERS = "manage_users", "gebruikers beheren", "manage users"
    READ_SETTINGS = "read_settings", "de regels en teksten inzien", "see the rules and texts"
    SET_RULES = "set_rules", "regels, teksten en termijnen wijzigen", "change the rules, texts and terms"
    MANAGE_SETTINGS = "manage_settings", "instellingen beheren", "manage settings"
    MANAGE_TOKENS = "manage_tokens", "tokens beheren", "manage tokens"
    READ_LOG = "read_log", "het logboek inzien", "read the log"
