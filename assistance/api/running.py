"""Loans, public posts, sites and shares, as their lists show them."""

from assistance.models import Measure, ResettlementSite, Shareholding
from assistance.partners.shares.lists import SHARES
from assistance.running.loans.lists import LOANS
from assistance.running.posts.lists import POSTS
from assistance.running.sites.lists import SITES
from povreg.kit.pages.api import Listed


class LoanViewSet(Listed):
    """Micro-loans: what is owed until when, what was subsidised, what was found wrong."""

    queryset = Measure.objects.all()
    listing = LOANS


class PublicPostViewSet(Listed):
    """Public posts with the months of their attendance."""

    queryset = Measure.objects.all()
    listing = POSTS


class SiteViewSet(Listed):
    """Sites of resettlement: who moved there, keys, old houses, work."""

    queryset = ResettlementSite.objects.all()
    listing = SITES


class ShareViewSet(Listed):
    """Shares that households hold, and the dividends they got."""

    queryset = Shareholding.objects.all()
    listing = SHARES


RESOURCES = {
    "loans": LoanViewSet,
    "public-posts": PublicPostViewSet,
    "sites": SiteViewSet,
    "shares": ShareViewSet,
}
