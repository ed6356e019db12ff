"""Partners, links, needs and offers, as their lists show them."""

from assistance.models import Partner, PartnerLink, SocialNeed, SocialOffer
from assistance.partners.lists import LINKS, PARTNERS
from assistance.partners.social.lists import NEEDS, OFFERS
from povreg.kit.pages.api import Listed


class PartnerViewSet(Listed):
    """Co-ops, firms, workshops and growers that take households along."""

    queryset = Partner.objects.all()
    listing = PARTNERS


class PartnerLinkViewSet(Listed):
    """Which household is taken along by whom."""

    queryset = PartnerLink.objects.all()
    listing = LINKS


class NeedViewSet(Listed):
    """Needs that society may answer; no person is named."""

    queryset = SocialNeed.objects.all()
    listing = NEEDS


class OfferViewSet(Listed):
    """What is offered, and what of it is left."""

    queryset = SocialOffer.objects.all()
    listing = OFFERS


RESOURCES = {
    "partners": PartnerViewSet,
    "partner-links": PartnerLinkViewSet,
    "social-needs": NeedViewSet,
    "social-offers": OfferViewSet,
}
