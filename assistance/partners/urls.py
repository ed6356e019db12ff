"""Addresses of partners, needs and offers."""

from django.urls import path

from assistance.partners import views
from assistance.partners.edits import END, PARTNER, PAY
from assistance.partners.lists import LINKS, PARTNERS
from assistance.partners.shares.edits import ALLOT, DIVIDEND, HAND
from assistance.partners.shares.lists import SHARES
from assistance.partners.social import views as social
from assistance.partners.social.edits import CLOSE, NEED, OFFER
from assistance.partners.social.lists import NEEDS, OFFERS
from povreg.kit.pages.edit import deed_view, edit_view, new_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("partners/", list_view(PARTNERS, views.Partners), name="partners"),
    path("partners/new/", new_view(PARTNER), name="partner-new"),
    path("partners/links/", list_view(LINKS), name="partner-links"),
    path("partners/links/<int:pk>/pay/", deed_view(PAY), name="partner-pay"),
    path("partners/links/<int:pk>/end/", deed_view(END), name="partner-end"),
    path("partners/<int:pk>/", views.partner, name="partner"),
    path("partners/<int:pk>/edit/", edit_view(PARTNER), name="partner-edit"),
    path("shares/", list_view(SHARES), name="shares"),
    path("shares/new/", new_view(ALLOT), name="share-new"),
    path("shares/dividends/new/", new_view(DIVIDEND), name="dividend-new"),
    path("shares/<int:pk>/hand/", deed_view(HAND), name="share-hand"),
    path("social/needs/", list_view(NEEDS), name="social-needs"),
    path("social/needs/new/", new_view(NEED), name="social-need-new"),
    path("social/needs/<int:pk>/", social.need, name="social-need"),
    path("social/needs/<int:pk>/close/", deed_view(CLOSE), name="social-need-close"),
    path("social/offers/", list_view(OFFERS), name="social-offers"),
    path("social/offers/new/", new_view(OFFER), name="social-offer-new"),
    path("gongshi/needs/<int:code>/", social.public_needs, name="public-needs"),
]
