"""Assets of projects, as the list shows them."""

from assistance.assets.lists import ASSETS
from assistance.models import Asset
from povreg.kit.pages.api import Listed


class AssetViewSet(Listed):
    """What projects left behind: owner, operator, contract, rent, state."""

    queryset = Asset.objects.all()
    listing = ASSETS


RESOURCES = {"assets": AssetViewSet}
