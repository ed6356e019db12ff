"""Loading the national place files: whole, twice, in part, and broken ones."""

import csv
import lzma

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from tests import factories
from villages.models import Place, PovertyLine
from villages.places.files import SHIPPED, PlaceFileError, read_places
from villages.places.loading import load_places
from villages.places.services import add_village, rename_place
from villages.rights import Role
from villages.standards.shipping import ship_local_lines

pytestmark = pytest.mark.django_db
SOUND = {
    "provinces": [("code", "name"), ("50", "重庆市"), ("52", "贵州省")],
    "cities": [("code", "name", "provinceCode"), ("5001", "市辖区", "50"), ("5201", "贵阳市", "52")],
    "areas": [("code", "name", "cityCode", "provinceCode"), ("500154", "开州区", "5001", "50")],
    "streets": [
        ("code", "name", "areaCode", "provinceCode", "cityCode"),
        ("500154001", "汉丰街道办事处", "500154", "50", "5001"),
        ("500154201", "关面乡", "500154", "50", "5001"),
    ],
    "villages": [
        ("code", "name", "streetCode", "provinceCode", "cityCode", "areaCode"),
        ("500154201001", "关庙社区居民委员会", "500154201", "50", "5001", "500154"),
        ("500154201200", "泉秀村村民委员会", "500154201", "50", "5001", "500154"),
    ],
}


@pytest.fixture
def files(tmp_path):
    """Writes the five files, with some of them replaced; returns their directory."""

    def write(**changed):
        for stem, rows in (SOUND | changed).items():
            with (tmp_path / f"{stem}.csv").open("w", encoding="utf-8", newline="") as text:
                csv.writer(text).writerows(rows)
        return tmp_path

    return write


def changed(stem, number, row):
    """The sound file with its line ``number`` (1 is the header) replaced."""
    return {stem: [*SOUND[stem][: number - 1], row, *SOUND[stem][number:]]}


def counts(report):
    return (report.created, report.updated, report.unchanged)


def test_five_levels_are_loaded_with_short_names_and_initials(files):
    assert counts(load_places(files())) == (9, 0, 0)
    village = Place.objects.get(pk="500154201001")
    assert (village.name, village.short_name, village.initials) == ("关庙社区居民委员会", "关庙社区", "gmsq")
    assert (village.level, village.parent_id) == (Place.Level.VILLAGE, "500154201")
    assert Place.objects.get(pk="500154001").short_name == "汉丰街道"
    assert Place.objects.get(pk="50").parent is None


def test_a_second_load_changes_nothing_and_writes_no_history(files):
    load_places(files())
    assert counts(load_places(files())) == (0, 0, 9)
    assert not Place.history.rel.related_model.objects.exists()


def test_a_changed_name_is_one_update_with_its_verb_in_the_history(files):
    load_places(files())
    row = ("500154201200", "泉秀新村村民委员会", "500154201", "50", "5001", "500154")
    assert counts(load_places(files(**changed("villages", 3, row)))) == (0, 1, 8)
    village = Place.objects.get(pk="500154201200")
    assert (village.short_name, village.initials) == ("泉秀新村", "qxxc")
    (event,) = village.history.all()
    assert event.pgh_context.metadata["verb"] == "load_places"


def test_places_that_the_files_lack_are_reported_and_kept(files):
    load_places(files())
    report = load_places(files(villages=SOUND["villages"][:2]))
    assert (report.absent, report.absent_codes) == (1, ("500154201200",))
    assert Place.objects.filter(pk="500154201200", retired_on__isnull=True).exists()


def test_compressed_files_are_read_too(files):
    directory = files()
    plain = directory / "villages.csv"
    (directory / "villages.csv.xz").write_bytes(lzma.compress(plain.read_bytes()))
    plain.unlink()
    assert counts(load_places(directory)) == (9, 0, 0)


def test_one_subtree_comes_with_the_places_above_it(files):
    load_places(files(), under="500154201")
    assert list(Place.objects.values_list("code", flat=True)) == [
        "50", "5001", "500154", "500154201", "500154201001", "500154201200",
    ]  # fmt: skip


def test_a_partial_load_does_not_report_what_lies_elsewhere(files):
    load_places(files())
    assert load_places(files(), under="500154201").absent == 0


def test_villages_that_share_a_short_name_keep_their_full_names(files):
    rows = [*SOUND["villages"], ("500154201002", "泉秀村居委会", "500154201", "50", "5001", "500154")]
    load_places(files(villages=rows))
    names = set(Place.objects.filter(parent_id="500154201").values_list("short_name", flat=True))
    assert names == {"关庙社区", "泉秀村村民委员会", "泉秀村居委会"}


def test_a_name_given_by_a_decision_outlives_the_national_file(files):
    load_places(files())
    rename_place(
        by=factories.posted(Role.COUNTY_OFFICER),
        place="500154201200",
        name="新泉村村民委员会",
        on=factories.date(2020, 1, 1),
        document="开州府〔2020〕1号",
    )
    report = load_places(files())
    assert (counts(report), report.kept_names) == ((0, 0, 9), 1)
    assert Place.objects.get(pk="500154201200").short_name == "新泉村"


def test_a_village_added_here_survives_a_load(files):
    load_places(files())
    add_village(by=None, township="500154201", code="500154201299", name="新村村民委员会")
    assert load_places(files()).absent_codes == ("500154201299",)


BROKEN = [
    (changed("villages", 2, ("50015420100", "短代码", "500154201", "50", "5001", "500154")), "villages.csv 第 2 行"),
    (changed("villages", 2, ("5001542010ab", "字母", "500154201", "50", "5001", "500154")), "应为 12 位数字"),
    (changed("villages", 2, ("500154999001", "无上级", "500154999", "50", "5001", "500154")), "上级 500154999 不在"),
    (changed("villages", 2, ("500154201001", "上级不符", "500154001", "50", "5001", "500154")), "前 9 位 500154201"),
    (changed("villages", 3, SOUND["villages"][1]), "代码 500154201001 重复"),
    (changed("villages", 2, ("500154201001", " ", "500154201", "50", "5001", "500154")), "名称为空"),
    (changed("villages", 2, ("500154201001", "长" * 81, "500154201", "50", "5001", "500154")), "名称为空或过长"),
    (changed("villages", 2, ("500154201001",)), "列数不够"),
    (changed("streets", 1, ("code", "title", "areaCode")), "缺少列 name"),
    (changed("cities", 1, ("code", "name", "province")), "缺少列 provinceCode"),
    ({"areas": []}, "缺少列 code、name、cityCode"),
]


@pytest.mark.parametrize(("fault", "message"), BROKEN, ids=[message for _, message in BROKEN])
def test_a_broken_file_is_refused_and_nothing_is_changed(files, fault, message):
    with pytest.raises(PlaceFileError, match=message):
        load_places(files(**fault))
    assert not Place.objects.exists()


def test_a_missing_file_is_named(files):
    directory = files()
    (directory / "streets.csv").unlink()
    with pytest.raises(PlaceFileError, match=r"缺少 streets.csv（或 streets.csv.xz）"):
        load_places(directory)


@pytest.mark.parametrize("content", [b"code,name\n50,\xff\xfe\n", b"\xfd7zXZ\x00 broken"])
def test_a_file_that_is_no_text_is_refused(files, content):
    directory = files()
    suffix = ".xz" if content.startswith(b"\xfd") else ""
    (directory / "provinces.csv").unlink()
    (directory / f"provinces.csv{suffix}").write_bytes(content)
    with pytest.raises(PlaceFileError, match="读不出来"):
        load_places(directory)


@pytest.mark.parametrize("under", ["5001541", "999999", "abc"])
def test_an_unknown_subtree_is_refused(files, under):
    with pytest.raises(PlaceFileError, match="--under"):
        load_places(files(), under=under)
    assert not Place.objects.exists()


def test_the_command_says_what_it_did(files, capsys):
    call_command("load_places", str(files()))
    assert "created 9, updated 0, unchanged 0" in capsys.readouterr().out
    call_command("load_places", str(files()))
    assert "created 0, updated 0, unchanged 9" in capsys.readouterr().out


def test_the_command_ends_with_2_when_the_files_cannot_be_loaded(tmp_path):
    with pytest.raises(CommandError, match="未载入") as fault:
        call_command("load_places", str(tmp_path))
    assert fault.value.returncode == 2


def test_local_lines_come_once_their_place_is_there(files):
    load_places(files())
    guizhou = PovertyLine.objects.filter(place_id="52")
    assert not guizhou.exists()
    assert ship_local_lines() == guizhou.count() == 1
    assert ship_local_lines() == 0


def test_the_sample_roster_names_real_villages_but_one(shared_data):
    """The shipped county resolves every village name of the sample roster; 子虚村 is invented."""
    load_places(SHIPPED, under=factories.TOWNSHIP)
    known = set(Place.objects.filter(parent_id=factories.TOWNSHIP).values_list("short_name", flat=True))
    sheet = openpyxl.load_workbook(shared_data / "rosters" / "guanmian-2020-roster-2022.xlsx", read_only=True).active
    rows = sheet.iter_rows(values_only=True)
    column = next(rows).index("行政村")
    assert {row[column] for row in rows} - known == {"子虚村"}


def test_the_shipped_files_are_sound():
    lines = list(read_places(SHIPPED, under="500154"))
    levels = [sum(line.level == level for line in lines) for level in range(1, 6)]
    assert levels == [1, 1, 1, 40, 535]
