"""Invented people: names, identity numbers of the unassigned area 500198, families whose ages fit together."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from povreg.kit.idnumber import check_digit

AREA = "500198"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚谭熊"
MALE = "明国建军文华平志强海山林德成永正光荣福贵才友富学世兴安清元庆云龙春发"
FEMALE = "秀英兰芳玉珍凤桂梅琼香莲红霞淑素翠小燕丽萍群菊容华碧仙会云"
YOUNG = "子涵梓轩浩宇欣怡诗雨佳琪俊杰思睿梦瑶天佑晨曦一诺雅婷嘉豪若彤"

HEAD, SPOUSE, SON, DAUGHTER, GRANDSON, GRANDDAUGHTER, FATHER, MOTHER = "01", "02", "03", "04", "07", "08", "11", "12"
MALE_RELATIONS = {SON, GRANDSON, FATHER}


@dataclass(slots=True)
class Person:
    """One invented member. ``ill`` is a health code (01 healthy), ``study_years`` how far schooling went."""

    name: str
    relation: str
    sex: str
    birth_date: date
    id_no: str
    health: str = "01"
    schooling: str = "03"
    truant: bool = False


@dataclass(slots=True)
class Family:
    """One invented household's people and what its story is."""

    people: list[Person]
    cause: str
    attr: str
    flags: set[str] = field(default_factory=set)


class Identities:
    """Hands out identity numbers, each once."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.given: set[str] = set()

    def number(self, born: date, sex: str) -> str:
        while True:
            order = self.rng.randrange(0, 500) * 2 + (1 if sex == "1" else 0)
            first17 = f"{AREA}{born:%Y%m%d}{order:03d}"
            if first17 not in self.given:
                self.given.add(first17)
                return first17 + check_digit(first17)


def born_in(rng: Random, year: int) -> date:
    return date(year, 1, 1) + timedelta(days=rng.randrange(365))


def given_name(rng: Random, sex: str, young: bool) -> str:
    pool = YOUNG if young else MALE if sex == "1" else FEMALE
    return "".join(rng.sample(pool, 2 if rng.random() < 0.8 else 1))


def make_person(rng: Random, ids: Identities, surname: str, relation: str, sex: str, year: int) -> Person:
    """A person born in ``year``; ``surname`` is that of the family line."""
    born = born_in(rng, year)
    name = surname + given_name(rng, sex, year >= 1998)
    return Person(name, relation, sex, born, ids.number(born, sex))


def compose(rng: Random, ids: Identities, size: int, year: int) -> list[Person]:
    """``size`` people of one household as of ``year``: head, then spouse, children, parents, grandchildren."""
    surname = rng.choice(SURNAMES)
    head_sex = "1" if rng.random() < 0.86 else "2"
    head_age = rng.choice((rng.randrange(32, 56), rng.randrange(32, 56), rng.randrange(56, 78)))
    if size == 1:
        head_age = rng.randrange(45, 82)
    people = [make_person(rng, ids, surname, HEAD, head_sex, year - head_age)]
    if size >= 2 and rng.random() < 0.84:
        other = "2" if head_sex == "1" else "1"
        people.append(
            make_person(rng, ids, rng.choice(SURNAMES), SPOUSE, other, year - head_age + rng.randrange(-4, 5))
        )
    parents = [(FATHER, "1"), (MOTHER, "2")]
    while len(people) < size:
        roll = rng.random()
        if roll < 0.24 and head_age <= 58 and parents:
            relation, sex = parents.pop(rng.randrange(len(parents)))
            line = surname if relation == FATHER else rng.choice(SURNAMES)
            people.append(make_person(rng, ids, line, relation, sex, year - head_age - rng.randrange(21, 30)))
        elif head_age >= 58 and roll < 0.5:
            people.append(_child(rng, ids, surname, year, head_age - 45, GRANDSON, GRANDDAUGHTER))
        else:
            people.append(_child(rng, ids, surname, year, head_age - 22, SON, DAUGHTER))
    return people


def _child(rng: Random, ids: Identities, surname: str, year: int, oldest: int, son: str, daughter: str) -> Person:
    sex = rng.choice("12")
    age = max(3, rng.randrange(max(3, oldest - 14), max(4, oldest) + 1))
    return make_person(rng, ids, surname, son if sex == "1" else daughter, sex, year - age)
