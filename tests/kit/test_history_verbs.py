"""The vocabulary of the history: declared by every subject, and nothing else is written."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from povreg.kit.history import act, declare_verbs, hand_of, verb_label

WRITTEN = re.compile(r"""\bact\([^)]*verb=("[^"]*")""")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
APPS = ("villages", "households", "assistance", "audits", "povreg", "bench")


def test_a_verb_nobody_declared_is_refused(db):
    with pytest.raises(LookupError), act(by=None, verb="no_such_verb"):
        pass


def test_a_code_means_one_thing():
    declare_verbs({"load_test": "测试"})
    with pytest.raises(ValueError, match="declared twice"):
        declare_verbs({"load_test": "别的"})


def test_the_label_of_a_code_and_of_words_from_before_the_vocabulary():
    assert verb_label("edit_household") == "修改基本情况"
    assert verb_label("修改基本情况") == "修改基本情况"
    assert verb_label("") == ""


def test_an_import_is_named_as_such_when_no_person_stands_behind_it():
    assert hand_of("import_sheet") == "批量导入"
    assert hand_of("recompute") == "系统"


def test_every_verb_in_the_code_has_a_label():
    """Found in the source, so that one whose code no test runs is found too."""
    files = [path for app in APPS for path in Path(settings.BASE_DIR, app).rglob("*.py")]
    written = {verb.strip('"') for path in files for verb in WRITTEN.findall(path.read_text())}
    assert len(written) > 80
    assert {verb for verb in written - {"load_test"} if not CHINESE.search(verb_label(verb))} == set()
