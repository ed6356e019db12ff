"""Administrative divisions, five levels and groups, keyed by their national code."""

from django.db import models
from django.db.models import Q

from povreg.kit.history import tracked
from povreg.kit.scopes import LEVEL_BY_LENGTH, within


class PlaceQuerySet(models.QuerySet):
    """Places are public knowledge; :meth:`visible_to` keeps pickers inside one's postings."""

    def under(self, code: str) -> "PlaceQuerySet":
        """The place itself and everything below it."""
        return self.filter(within("code", code))

    def current(self) -> "PlaceQuerySet":
        """Places that were not merged away."""
        return self.filter(retired_on__isnull=True)

    def visible_to(self, user: object) -> "PlaceQuerySet":
        """Places inside the user's postings, whatever the role."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        condition = Q(pk__in=[])
        for _role, code in user.postings_today():  # type: ignore[attr-defined]
            condition |= within("code", code)
        return self.filter(condition)


@tracked(inserts=False)
class Place(models.Model):
    """One division. ``code`` has 2, 4, 6, 9 or 12 digits (national codes) or 15 for a village group (村民小组).

    ``short_name`` is the name without 村民委员会 / 居民委员会 and the like, as sheets write it; ``initials`` are the
    pinyin initials of it, for the picker.
    """

    class Level(models.IntegerChoices):
        PROVINCE = 1, "省"
        PREFECTURE = 2, "市"
        COUNTY = 3, "县"
        TOWNSHIP = 4, "乡镇"
        VILLAGE = 5, "村"
        GROUP = 6, "组"

    code = models.CharField("代码", max_length=15, primary_key=True, db_collation="C")
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=80, blank=True, db_collation="C")
    initials = models.CharField("拼音首字母", max_length=80, blank=True, db_collation="C")
    level = models.PositiveSmallIntegerField("级别", choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级", db_index=False
    )
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="并入", db_index=False
    )
    retired_on = models.DateField("撤销日期", null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "区划"
        ordering = ["code"]
        indexes = [
            models.Index(fields=["parent", "short_name"], name="place_parent_short_idx"),
            models.Index(fields=["initials", "code"], name="place_initials_idx"),
            models.Index(fields=["short_name"], name="place_short_idx"),
            models.Index(fields=["successor"], name="place_successor_idx", condition=Q(successor__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12}|\d{15})$"), name="place_code_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def level_name(self) -> str:
        return LEVEL_BY_LENGTH[len(self.code)]


@tracked()
class PlaceChange(models.Model):
    """A merger or split of villages: what became what, when, by which document."""

    class Kind(models.TextChoices):
        MERGE = "merge", "合并"
        SPLIT = "split", "拆分"
        RENAME = "rename", "更名"

    kind = models.CharField("类型", max_length=10, choices=Kind.choices)
    source = models.ForeignKey(Place, models.PROTECT, related_name="changes_from", verbose_name="原区划")
    target = models.ForeignKey(Place, models.PROTECT, related_name="changes_to", verbose_name="新区划")
    old_name = models.CharField("原名称", max_length=80, blank=True)
    happened_on = models.DateField("生效日期")
    document = models.CharField("批复文号", max_length=120, blank=True)
    households_moved = models.PositiveIntegerField("随迁户数", default=0)
    by = models.ForeignKey("villages.User", models.PROTECT, verbose_name="经办人")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "区划变更"
