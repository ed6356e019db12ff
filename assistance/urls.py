"""Addresses of assistance, by subject."""

from assistance.appraisal.urls import urlpatterns as appraisal
from assistance.assets.urls import urlpatterns as assets
from assistance.books.urls import urlpatterns as books
from assistance.catalogue.urls import urlpatterns as catalogue
from assistance.funds.urls import urlpatterns as funds
from assistance.measures.urls import urlpatterns as measures
from assistance.pairing.urls import urlpatterns as pairing
from assistance.papers.urls import urlpatterns as papers
from assistance.partners.urls import urlpatterns as partners
from assistance.plans.urls import urlpatterns as plans
from assistance.policies.urls import urlpatterns as policies
from assistance.running.urls import urlpatterns as running
from assistance.situation.urls import urlpatterns as situation
from assistance.visits.urls import urlpatterns as visits
from assistance.work.urls import urlpatterns as work

urlpatterns = [
    *catalogue,
    *plans,
    *measures,
    *policies,
    *visits,
    *funds,
    *assets,
    *pairing,
    *work,
    *partners,
    *papers,
    *appraisal,
    *situation,
    *running,
    *books,
]
