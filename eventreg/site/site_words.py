"""The words for the settings of the site and for the points of the going-live list."""

from flask_babel import lazy_gettext as _l

from eventreg.site.going_live_rules import Check

FIELD_NAMES = {
    "entity": _l("Full legal name of the operator"),
    "operator_name": _l("Full legal name of the operator"),
    "operator_address": _l("Postal address"),
    "operator_email": _l("E-mail address"),
    "operator_phone": _l("Telephone"),
    "privacy_pl": _l("Addition to the privacy page, in Polish"),
    "privacy_en": _l("Addition to the privacy page, in English"),
    "published_on": _l("Site published on"),
    "updated_on": _l("Last substantial change of the site"),
    "declaration_status": _l("Conformity with the act"),
    "exceptions": _l("What is not accessible, and why"),
    "exceptions_pl": _l("What is not accessible, and why, in Polish"),
    "exceptions_en": _l("What is not accessible, and why, in English"),
    "declared_on": _l("Declaration drawn up on"),
    "reviewed_on": _l("Declaration last reviewed on"),
    "assessor": _l("Who assessed the site"),
    "contact_person": _l("Person or unit to write to"),
    "contact_email": _l("E-mail address for accessibility"),
    "contact_phone": _l("Telephone for accessibility"),
    "architecture": _l("Accessibility of the building"),
    "architecture_pl": _l("Accessibility of the building, in Polish"),
    "architecture_en": _l("Accessibility of the building, in English"),
    "apps_pl": _l("Mobile applications, in Polish"),
    "apps_en": _l("Mobile applications, in English"),
}

STATUS_WORDS = {
    "full": _l("conforms fully"),
    "partial": _l("conforms in part"),
    "none": _l("does not conform"),
}

CHECK_WORDS = {
    Check.NO_SAMPLES: (
        _l("The sample data are gone"),
        _l("Remove them for good with the command: flask sample remove"),
    ),
    Check.NO_GENERATED_PASSWORD: (
        _l("No account keeps its generated password"),
        _l("Sign in with the account and set an own password under “My account”."),
    ),
    Check.REAL_ADMINISTRATOR: (
        _l("An administrator has a real address"),
        _l("Invite an administrator with a real mailbox, then close the account with the sample address."),
    ),
    Check.ORGANISER_EXISTS: (
        _l("There is an organiser"),
        _l("Make the first one under “Organisers” and invite its owner."),
    ),
    Check.CLAUSES_WRITTEN: (
        _l("Every organiser has an information clause"),
        _l("Its owner writes it under “Organiser”, tab “Information clause”; a draft is ready."),
    ),
    Check.OPERATOR_NAMED: (
        _l("The site names its operator"),
        _l("Fill in the details of the operator."),
    ),
    Check.DECLARATION_COMPLETE: (
        _l("The accessibility declaration is complete"),
        _l("Fill in what is missing."),
    ),
    Check.DECLARATION_REVIEWED: (
        _l("The accessibility declaration was reviewed this year"),
        _l("It must be reviewed every year until 31 March (act of 4 April 2019, art. 11)."),
    ),
    Check.PUBLIC_ADDRESS: (
        _l("The site has a public address"),
        _l("Set EVENTREG_BASE_URL to the address under which people reach the site: links in mails begin with it."),
    ),
    Check.HTTPS: (
        _l("The site is reached over HTTPS"),
        _l("Put it behind a proxy with a certificate and let EVENTREG_BASE_URL begin with https://"),
    ),
    Check.MAIL_SERVER: (
        _l("Mails leave through a mail server"),
        _l("Set EVENTREG_MAIL_SERVER; until then mails are only filed on this machine."),
    ),
    Check.MAIL_FROM: (
        _l("Mails have a real sender"),
        _l("Set EVENTREG_MAIL_FROM to an address of your own domain."),
    ),
    Check.WORKER_RUNS: (
        _l("The worker that sends mails is running"),
        _l("Start it with: flask worker"),
    ),
    Check.RATE_LIMITS: (
        _l("Rate limits are on"),
        _l("Remove EVENTREG_RATE_LIMITS=off; it is meant for load tests."),
    ),
    Check.SHARED_LIMITS: (
        _l("Rate limits hold across all web processes"),
        _l("With several processes set EVENTREG_REDIS_URL; otherwise each process counts for itself."),
    ),
    Check.SECOND_FACTOR: (
        _l("Administrators sign in with a second step"),
        _l("Recommended: “My account”, “Second step of signing in”."),
    ),
}
"""For each point: what holds when it is done, and what to do until then."""
