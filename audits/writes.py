"""What auditors and inspectors may write, in the database's own terms: rows of their work, and rows about themselves.

Their requests run under a role to which everything else is closed (povreg.kit.reader_role).
"""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.db.models import Model

from audits.models import (
    AuditRound,
    ComparisonHit,
    Doubt,
    Evidence,
    Exemption,
    Finding,
    FindingStep,
    InspectionVisit,
    PrivilegeReview,
    Sample,
    SampleCase,
    SamplePhoto,
    SavedExport,
)
from households.models import ListColumns, Look, SavedFilter, UnmaskLog
from povreg.jobs.models import Job, JobPart
from povreg.kit.reader_role import let_readers_write
from povreg.proof.models import ExportRecord, ExportSheet
from villages.models import (
    ApiToken,
    Message,
    PrintColumns,
    RecoveryCode,
    SecondFactor,
    SentRequest,
    SignInAttempt,
    TimedAccess,
    User,
)

ADD, CHANGE, ALL = "INSERT", "INSERT UPDATE", "INSERT UPDATE DELETE"
WORK: dict[type[Model], str] = {
    AuditRound: CHANGE,
    Finding: CHANGE,
    FindingStep: ADD,
    Evidence: ADD,
    InspectionVisit: ADD,
    Sample: CHANGE,
    SampleCase: CHANGE,
    SamplePhoto: ADD,
    PrivilegeReview: ADD,
    Exemption: ADD,  # of a finding that proved untrue
    ExportRecord: CHANGE,
    ExportSheet: ADD,
    JobPart: CHANGE,
}
OWN: dict[type[Model], tuple[str, str]] = {
    Job: (CHANGE, "owner_id"),
    SavedFilter: (ALL, "owner_id"),
    SavedExport: (ALL, "owner_id"),
    ListColumns: (ALL, "owner_id"),
    PrintColumns: (ALL, "owner_id"),
    UnmaskLog: (ADD, "by_id"),
    Look: (ADD, "by_id"),
    TimedAccess: (ADD, "asked_by_id"),
    ApiToken: (CHANGE, "user_id"),
    SecondFactor: (ALL, "user_id"),
    RecoveryCode: (ALL, "user_id"),
}
"""With the column that names the account."""


def connect() -> None:
    for model, rights in WORK.items():
        let_readers_write(model._meta.db_table, rights)
    for model, (rights, own) in OWN.items():
        let_readers_write(model._meta.db_table, rights, own=own)
    for model in (Doubt, ComparisonHit):
        columns = ("finding_id", "exempted") if model is Doubt else ("finding_id",)
        let_readers_write(model._meta.db_table, "UPDATE", columns=columns)
    let_readers_write(Session._meta.db_table, ALL)
    let_readers_write(SignInAttempt._meta.db_table, ADD)
    let_readers_write(Message._meta.db_table, CHANGE, columns=("read_at",), own="to_id", own_for="UPDATE")
    let_readers_write(
        SentRequest._meta.db_table, ALL, own="account_id", nobodys=True
    )  # signing in is sent by nobody yet
    account = ("password", "last_login", "must_change_password", "password_changed_at")
    let_readers_write(User._meta.db_table, "UPDATE", columns=account, own="id")
