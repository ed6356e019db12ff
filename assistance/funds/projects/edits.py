"""The edit pages of projects."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from assistance.funds import catalogue
from assistance.funds.projects import services
from assistance.funds.projects.forms import ProjectForm
from assistance.models import Project
from povreg.kit.pages.edit import Edit, home, posted
from villages.models import User
from villages.rights import Right


def project_form(request: HttpRequest, row: Project | None) -> ProjectForm:
    return ProjectForm(posted(request), user=request.user, project=row)


def save_project(by: User, row: Project | None, form: ProjectForm) -> Project:
    facts = dict(form.cleaned_data)
    version = facts.pop("version", 0)
    if row is None:
        return services.propose_project(by=by, **facts)
    return services.change_project(by=by, project=row, version=version, **facts)


def note(row: Project | None) -> str:
    uses = "、".join(use.label for use in catalogue.forbidden_uses().values())
    return f"这些用途不得申报（{catalogue.forbidden_source()}）：{uses}。"


PROJECT = Edit(
    code="project",
    title=lambda row: f"修改{row.name}" if row else "申报项目",
    right=Right.PROJECT_PROPOSE,
    rows=lambda: Project.objects.select_related("place"),
    form=project_form,
    save=save_project,
    done=lambda row: f"已保存“{row.name}”。",
    after=lambda request, row: reverse("project", args=[row.pk]),
    crumbs=home("项目库", "projects"),
    note=note,
    wide=("content", "link_form", "allowed_because"),
    draft=True,
)
