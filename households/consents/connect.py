"""What consents declare: verbs, the section of the household page, their part of the history."""

from typing import Any

from households.consents.purposes import purposes
from households.consents.verbs import VERBS
from households.consents.views import privacy_section
from households.entry.declared import Section, add_section
from households.history.sources import add_source
from households.history.versions import Source
from households.models import Consent
from povreg.kit.history import declare_verbs


def consent_named(event: Any, _people: Any) -> str:
    known = purposes().get(event.purpose)
    return f"授权同意“{known.label if known else event.purpose}”"


def connect() -> None:
    declare_verbs(VERBS)
    add_section(Section("privacy", "个人信息", privacy_section), order=96)
    add_source(Source(Consent, subject=consent_named, silent=frozenset({"noted_by"})))
