"""Addresses of papers; those of a household's own page hold its code and nothing else."""

from django.urls import path

from assistance.papers import views
from assistance.papers.corrections.lists import REQUESTS
from assistance.papers.corrections.views import detail
from assistance.papers.own import views as own
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("papers/", views.index, name="papers"),
    path("papers/<int:code>/<slug:form>/", views.village_show, name="village-paper"),
    path("papers/<int:code>/<slug:form>.pdf", views.village_as_pdf, name="village-paper-pdf"),
    path("papers/<int:code>/<slug:form>.docx", views.village_as_docx, name="village-paper-docx"),
    path("papers/<int:code>/<slug:form>/households/", views.print_village, name="village-papers"),
    path("households/<int:pk>/papers/<slug:form>/", views.show, name="household-paper"),
    path("households/<int:pk>/papers/<slug:form>.pdf", views.as_pdf, name="household-paper-pdf"),
    path("households/<int:pk>/papers/<slug:form>.docx", views.as_docx, name="household-paper-docx"),
    path("households/<int:pk>/card/issue/", views.card, {"deed": "issue"}, name="card-issue"),
    path("households/<int:pk>/card/renew/", views.card, {"deed": "renew"}, name="card-renew"),
    path("households/<int:pk>/card/revoke/", views.card, {"deed": "revoke"}, name="card-revoke"),
    path("correction-requests/", list_view(REQUESTS), name="correction-requests"),
    path("correction-requests/<int:pk>/", detail, name="correction-request"),
    path("gongshi/h/<slug:code>/", own.page, name="own-page"),
    path("gongshi/h/<slug:code>/leave/", own.leave, name="own-leave"),
    path("gongshi/h/<slug:code>/copy/", own.copy, name="own-copy"),
    path("gongshi/h/<slug:code>/copy.pdf", own.copy_pdf, name="own-copy-pdf"),
    path("gongshi/h/<slug:code>/correct/", own.correct, name="own-correct"),
    path("gongshi/h/<slug:code>/corrected/", own.corrected, name="own-corrected"),
]
