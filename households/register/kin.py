"""Relations proposed when another member becomes head: what each was to the old head says what he is to the new one.

Only what follows is proposed; where it does not (whose wife a daughter-in-law is), nothing is, and the page asks.
"""

from collections.abc import Collection, Mapping

from households.models import Member
from households.models.codes import HEAD, SPOUSE

MAN = "1"
SON, DAUGHTER, SONS_WIFE, DAUGHTERS_MAN = "03", "04", "05", "06"
GRANDSON, GRANDDAUGHTER, OUTER_GRANDSON, OUTER_GRANDDAUGHTER = "07", "08", "09", "10"
FATHER, MOTHER, WIFES_FATHER, WIFES_MOTHER, MANS_FATHER, MANS_MOTHER = "11", "12", "13", "14", "15", "16"
GRANDFATHER, GRANDMOTHER, OUTER_GRANDFATHER, OUTER_GRANDMOTHER = "17", "18", "19", "20"
GREAT_GRANDSON, GREAT_GRANDDAUGHTER, UNCLE, SIBLING, BROTHERS_WIFE = "21", "22", "23", "24", "25"
NEPHEW, NIECE, OTHER = "26", "27", "99"

CHILDREN, GRANDCHILDREN, OUTER = (SON, DAUGHTER), (GRANDSON, GRANDDAUGHTER), (OUTER_GRANDSON, OUTER_GRANDDAUGHTER)
PARENTS, WIFES_PARENTS, MANS_PARENTS = (FATHER, MOTHER), (WIFES_FATHER, WIFES_MOTHER), (MANS_FATHER, MANS_MOTHER)
GRANDPARENTS, OUTER_GRANDPARENTS = (GRANDFATHER, GRANDMOTHER), (OUTER_GRANDFATHER, OUTER_GRANDMOTHER)
GREAT_GRANDCHILDREN, NEPHEWS = (GREAT_GRANDSON, GREAT_GRANDDAUGHTER), (NEPHEW, NIECE)
Pair = tuple[str, str]  # the relation of a man, of a woman


def proposed(members: Collection[Member]) -> dict[int, dict[int, str]]:
    """For each present member as the new head: member id to the relation that follows, if one does."""
    return {new.pk: _around(new, members) for new in members if new.relation != HEAD}


def _around(new: Member, members: Collection[Member]) -> dict[int, str]:
    head = next((each for each in members if each.relation == HEAD), None)
    if head is None:
        return {}
    table = _table(new, head, members)
    found: dict[int, str] = {}
    for each in members:
        pair = table.get(each.relation)
        if each.pk != new.pk and pair is not None:
            found[each.pk] = pair if isinstance(pair, str) else pair[0 if each.sex == MAN else 1]
    return found


def _table(new: Member, head: Member, members: Collection[Member]) -> Mapping[str, str | Pair]:
    """What each relation to the old head becomes under the new one."""
    kind = next((kind for kinds, kind in KINDS if new.relation in kinds), None)
    return _each(kind(new, head, members)) if kind else {}


def _each(table: Mapping[str | Pair, str | Pair]) -> dict[str, str | Pair]:
    spread: dict[str, str | Pair] = {}
    for relations, becomes in table.items():
        for relation in (relations,) if isinstance(relations, str) else relations:
            spread[relation] = becomes
    return spread


def _spouse(new: Member, head: Member, _members: Collection[Member]) -> Mapping[str | Pair, str | Pair]:
    in_laws = WIFES_PARENTS if new.sex == MAN else MANS_PARENTS
    same: dict[str | Pair, str | Pair] = {
        each: each for each in (*CHILDREN, SONS_WIFE, DAUGHTERS_MAN, *GRANDCHILDREN, *OUTER)
    }
    return {HEAD: SPOUSE, **same, PARENTS: in_laws, WIFES_PARENTS: PARENTS, MANS_PARENTS: PARENTS}


def _child(new: Member, head: Member, members: Collection[Member]) -> Mapping[str | Pair, str | Pair]:
    by_man = head.sex == MAN
    alone = sum(each.relation in CHILDREN for each in members) == 1
    table: dict[str | Pair, str | Pair] = {
        HEAD: PARENTS, SPOUSE: PARENTS, CHILDREN: SIBLING,
        PARENTS: GRANDPARENTS if by_man else OUTER_GRANDPARENTS,
        WIFES_PARENTS: OUTER_GRANDPARENTS, MANS_PARENTS: GRANDPARENTS,
    }  # fmt: skip
    if alone:
        own, partner = (GRANDCHILDREN, SONS_WIFE) if new.sex == MAN else (OUTER, DAUGHTERS_MAN)
        table |= {own: CHILDREN, partner: SPOUSE}
    return table


def _parent(new: Member, head: Member, _members: Collection[Member]) -> Mapping[str | Pair, str | Pair]:
    return {
        HEAD: CHILDREN, SPOUSE: (DAUGHTERS_MAN, SONS_WIFE), PARENTS: SPOUSE, SIBLING: CHILDREN,
        CHILDREN: GRANDCHILDREN if head.sex == MAN else OUTER, GRANDCHILDREN: GREAT_GRANDCHILDREN,
        GRANDPARENTS: PARENTS if new.sex == MAN else MANS_PARENTS,
    }  # fmt: skip


def _in_law(new: Member, head: Member, members: Collection[Member]) -> Mapping[str | Pair, str | Pair]:
    """A daughter-in-law or son-in-law: the parents are the partner's."""
    parents, own, partners = (
        (MANS_PARENTS, GRANDCHILDREN, SON) if new.relation == SONS_WIFE else (WIFES_PARENTS, OUTER, DAUGHTER)
    )
    table: dict[str | Pair, str | Pair] = {HEAD: parents, SPOUSE: parents}
    if sum(each.relation == partners for each in members) == 1:
        table |= {partners: SPOUSE, own: CHILDREN}
    return table


def _grandchild(new: Member, head: Member, members: Collection[Member]) -> Mapping[str | Pair, str | Pair]:
    inner = new.relation in GRANDCHILDREN
    parents = GRANDPARENTS if inner else OUTER_GRANDPARENTS
    table: dict[str | Pair, str | Pair] = {HEAD: parents, SPOUSE: parents}
    own, partner = (SON, SONS_WIFE) if inner else (DAUGHTER, DAUGHTERS_MAN)
    if sum(each.relation == own for each in members) == 1:
        table |= {own: PARENTS, partner: PARENTS, GRANDCHILDREN if inner else OUTER: SIBLING}
    return table


def _sibling(new: Member, head: Member, _members: Collection[Member]) -> Mapping[str | Pair, str | Pair]:
    table: dict[str | Pair, str | Pair] = {HEAD: SIBLING, SIBLING: SIBLING, FATHER: FATHER, MOTHER: MOTHER}
    return table | ({SPOUSE: BROTHERS_WIFE, CHILDREN: NEPHEWS} if head.sex == MAN else {})


KINDS = (
    ((SPOUSE,), _spouse), (CHILDREN, _child), (PARENTS, _parent), ((SONS_WIFE, DAUGHTERS_MAN), _in_law),
    ((*GRANDCHILDREN, *OUTER), _grandchild), ((SIBLING,), _sibling),
)  # fmt: skip
