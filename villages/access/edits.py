"""Asking for access for some hours, and what the buttons of the list do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from povreg.kit.pages.edit import Edit, home, posted
from villages.access import services
from villages.access.forms import AskForm, WhyForm
from villages.models import TimedAccess, User
from villages.people.edits import nothing_asked
from villages.rights import Right


def ask_form(request: HttpRequest, row: None) -> AskForm:
    return AskForm(posted(request), user=request.user)  # type: ignore[arg-type]  # the page asks for login


def ask(by: User, row: None, form: AskForm) -> TimedAccess:
    return services.ask_access(by=by, **{"account": by, **form.cleaned_data})


def grant(by: User, row: TimedAccess, form: Any) -> TimedAccess:
    return services.grant_access(by=by, access=row)


def refuse(by: User, row: TimedAccess, form: WhyForm) -> TimedAccess:
    return services.refuse_access(by=by, access=row, reason=form.cleaned_data["reason"])


def end(by: User, row: TimedAccess, form: WhyForm) -> TimedAccess:
    return services.end_access(by=by, access=row, reason=form.cleaned_data["reason"])


def why_form(request: HttpRequest, row: TimedAccess) -> WhyForm:
    return WhyForm(posted(request))


def to_list(request: HttpRequest, row: Any) -> str:
    return reverse("timed-access")


def deed(code: str, right: Right, form: Any, save: Any, done: str) -> Edit:
    return Edit(
        code=code,
        title=str,
        right=right,
        rows=TimedAccess.objects.select_related("posting").all,
        place="place_id",
        form=form,
        save=save,
        done=lambda row: done,
        after=to_list,
    )


NEW = Edit(
    code="timed-access",
    title=lambda row: "申请限时查阅",
    subtitle=lambda row: "安全管理员批准后生效，到时自动结束；看不到完整证件号码，不能修改",
    right=Right.ACCESS_ASK,
    form=ask_form,
    save=ask,
    done=lambda row: "申请已提交，等待安全管理员批准。",
    after=to_list,
    crumbs=home("限时查阅", "timed-access"),
    label="提交申请",
    state="批准时县主管部门和县领导会收到通知。",
    wide=("reason",),
)
GRANT = deed("timed-access-grant", Right.ACCESS_GRANT, nothing_asked, grant, "已批准，到时自动结束；已通知县主管部门。")
REFUSE = deed("timed-access-refuse", Right.ACCESS_GRANT, why_form, refuse, "已退回，申请人会看到原因。")
END = deed("timed-access-end", Right.ACCESS_END, why_form, end, "已结束，立即生效。")
