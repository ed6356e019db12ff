"""The member of a household: what is true of the person now (dictionary.md 2)."""

from collections.abc import Collection, Iterable

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Left, Substr

from households.models.codes import HEAD
from households.models.health import health_is_first, health_list
from households.models.presence_sql import presence_of_members
from povreg.kit.fields import CodeField, LookupHashField, SealedTextField, yes_no
from povreg.kit.history import Versioned, tracked
from povreg.kit.pinyin import MOST_SYLLABLES, Otherwise, lettered_otherwise, read_otherwise
from povreg.kit.plaintext import plain_name
from povreg.kit.scopes import COUNTY, counties_of
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


def name_characters() -> Func:
    """The characters of a name, for the index that finds a part of a name anywhere in it."""
    return Func("name", Value(None), function="string_to_array", output_field=ArrayField(models.TextField()))


def _initials(letters: str) -> Q:
    return Q(name_pinyin__startswith=letters[:1], name_initials__startswith=letters)


def _character(way: Otherwise) -> Q:
    return Q(**{f"sign{way.place}__in": list(way.characters)})


class MemberQuerySet(ScopedQuerySet):
    def present(self) -> "MemberQuerySet":
        """Members who have not left their household."""
        return self.filter(left_on__isnull=True)

    def heads(self) -> "MemberQuerySet":
        """Who is head of a household now: at most one of each, which a constraint holds."""
        return self.present().filter(relation=HEAD)

    def named(self, part: str, places: Collection[str]) -> "MemberQuerySet":
        """Members under ``places`` whose name contains ``part``; the index finds the characters, beside the county
        where the places lie in counties, and the text settles their order. Forms of a middle dot are one."""
        part = plain_name(part)
        found = self.alias(characters=name_characters()).filter(characters__contains=list(part))
        if places and all(len(code) >= COUNTY for code in places):
            found = found.alias(county=Left("village_id", COUNTY)).filter(counties_of("county", places))
        return found.filter(name__contains=part) if len(part) > 1 else found

    def spelled(self, typed: str, places: Iterable[str]) -> "MemberQuerySet":
        """Members under ``places`` whose initials or whole pinyin begin with ``typed`` (small letters: "zw", "zhangw").

        The county stands first in the index, and the first letter of initials and pinyin is the same. A name with a
        character that is read in several ways is kept by one of them and found by all."""
        wanted = Q(name_pinyin__startswith=typed) | _initials(typed)
        for way in read_otherwise(typed):
            wanted |= Q(name_pinyin__startswith=way.spelling) & _character(way)
        for way in lettered_otherwise(typed):
            wanted |= _initials(way.spelling) & _character(way)
        rows = self.alias(county=Left("village_id", COUNTY)).filter(counties_of("county", places))
        return rows.alias(**{f"sign{at}": Substr("name", at + 1, 1) for at in range(MOST_SYLLABLES)}).filter(wanted)


def head_name(household: str = "pk") -> Subquery:
    """The name of the head of each row's household; ``household`` names the column that holds its id."""
    return Subquery(Member.objects.heads().filter(household=OuterRef(household)).values("name")[:1])


@tracked(exclude=("updated_at", "name_pinyin"))
class Member(Versioned):
    """One person, for life. The identity number is sealed; what rules need of it (birth date, sex, area code, whether
    it checks) is stored derived. ``household``, ``relation``, joining and leaving say where the person lives now or
    lived last; where he lived before, and on any day, says :class:`~households.models.Presence`, which follows."""

    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="members", verbose_name="户", db_index=False
    )
    village = models.ForeignKey(
        "villages.Place", models.PROTECT, related_name="+", verbose_name="行政村", db_index=False
    )
    person_no = models.CharField("人编号", max_length=28, db_collation="C")
    name = models.CharField("姓名", max_length=40)
    name_initials = models.CharField("姓名拼音首字母", max_length=40, blank=True, db_collation="C", editable=False)
    name_pinyin = models.CharField(
        "姓名拼音", max_length=80, blank=True, default="", db_default="", db_collation="C", editable=False
    )
    id_type = CodeField("证件类型", code_table="id_type")
    id_no = SealedTextField("证件号码", blank=True)
    id_hash = LookupHashField(of="id_no")
    id_area = models.CharField("证件地区码", max_length=6, blank=True, editable=False)
    id_valid = models.BooleanField("证件号码校验通过", default=False, editable=False)
    sex = CodeField("性别", code_table="sex")
    birth_date = models.DateField("出生日期", null=True, blank=True)
    relation = CodeField("与户主关系", code_table="relation")
    ethnicity = CodeField("民族", code_table="ethnicity")
    political = CodeField("政治面貌", code_table="political")
    education = CodeField("文化程度", code_table="education")
    school_status = CodeField("在校生状况", code_table="school_status")
    dropout_reason = CodeField("未上学原因", code_table="dropout_reason")
    health = CodeField("健康状况", code_table="health")
    healths = health_list()
    disability_cert = SealedTextField("残疾证号", blank=True)
    disability_valid_until = models.DateField("残疾证有效期至", null=True, blank=True)
    labour = CodeField("劳动技能", code_table="labour")
    work_place = CodeField("务工地点", code_table="work_place")
    work_months = models.PositiveSmallIntegerField("务工时间（月）", null=True, blank=True)
    active_military = yes_no("是否现役军人")
    ins_major = yes_no("是否参加大病保险")
    ins_commercial = yes_no("商业补充保险")
    speaks_mandarin = yes_no("会讲普通话")
    jobless_reason = models.CharField("毕业生未就业原因", max_length=60, blank=True, default="", db_default="")
    unattended = yes_no("事实无人抚养")
    declared_ins_resident = yes_no("是否参加新农合（名单）")
    declared_pen_resident = yes_no("是否参加新型养老保险（名单）")
    declared_pen_employee = yes_no("是否参加城镇职工基本养老保险（名单）")
    phone = SealedTextField("联系电话", blank=True)
    phone_hash = LookupHashField(of="phone")
    identified_on = models.DateField("人员识别时间", null=True, blank=True)
    joined_on = models.DateField("加入日期", null=True, blank=True)
    joined_reason = CodeField("加入原因", code_table="member_change")
    left_on = models.DateField("离开日期", null=True, blank=True)
    left_reason = CodeField("离开原因", code_table="member_change")

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "家庭成员"
        ordering = ["household_id", "person_no"]
        triggers = [*presence_of_members(), health_is_first()]
        constraints = [
            models.UniqueConstraint(Left("village_id", COUNTY), "person_no", name="person_no_once_in_county"),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(relation=HEAD, left_on__isnull=True),
                name="one_head_a_household",
            ),
            models.CheckConstraint(
                condition=Q(work_months__isnull=True) | Q(work_months__lte=12), name="work_months_0_12"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True, left_reason="") | Q(left_on__isnull=False) & ~Q(left_reason=""),
                name="member_left_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(joined_on__isnull=True) | Q(left_on__gte=models.F("joined_on")),
                name="member_left_after_joining",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "name"], name="member_village_name_idx"),
            models.Index(fields=["id_hash"], name="member_id_idx"),
            models.Index(fields=["phone_hash"], name="member_phone_idx", condition=~Q(phone_hash="")),
            models.Index(fields=["household", "person_no"], name="member_household_idx"),
            models.Index(fields=["village", "left_on"], name="member_left_idx", condition=Q(left_on__isnull=False)),
            # Partial ones have no statistics.
            GinIndex(Left("village_id", COUNTY), name_characters(), name="member_county_chars_idx"),
            models.Index(Left("village_id", COUNTY), "name_pinyin", "name_initials", name="member_pinyin_idx"),
        ]

    def __str__(self) -> str:
        return self.name
