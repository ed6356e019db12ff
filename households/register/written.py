"""How phones, accounts and groups are written: what a page, a sheet and the API bring, by the same words (names:
households.register.names).

A fault is a sentence with what is wrong and what to write instead; an empty text is no fault, it is not recorded.
"""

import re

from povreg.kit.idnumber import half_width, normalise

_HAN = r"[\u3400-\u9fff]"
_TWO_NAMES = re.compile(rf"{_HAN}\s*[\t\n]\s*{_HAN}|{_HAN}{{2,}}\s+{_HAN}{{3,}}|{_HAN}{{3,}}\s+{_HAN}{{2,}}")
_MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,5})?")
_SEVERAL = re.compile(r"[、，,;；/\\|]|\d{7,}\s+\d{7,}")
_ACCOUNT = re.compile(r"\d{10,30}")
_POWER = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_CHINESE = {"零": 0, "〇": 0, **{sign: number for number, sign in enumerate("一二三四五六七八九", 1)}}
_GROUP = re.compile(r"第?(\d{1,3}|[一二三四五六七八九十百零〇]{1,5})(?:村民小组|居民小组|村民组|居民组|小组|组)")
NO_PHONE = "没有电话的请留空。"


def two_names(typed: str) -> str:
    """What is wrong with a name as it was typed, blanks included: the cells of two people pasted as one."""
    return "像是把两个人的粘在了一起，请一人一行" if _TWO_NAMES.search(half_width(typed).strip()) else ""


def phone_written(phone: str) -> str:
    """A phone number as it is kept: half-width, without blanks, a mobile one without country code and dashes."""
    text = normalise(phone)
    digits = text.replace("-", "")
    return digits.removeprefix("+").removeprefix("86") if _MOBILE.fullmatch(digits) else text


def phone_fault(phone: str) -> str:
    """What is wrong with a phone number: a mobile one of 11 digits, or a landline with or without its area code."""
    text = phone_written(phone)
    if not text or _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text):
        return ""
    if _SEVERAL.search(half_width(phone)):
        return "填了不止一个电话，请只填一个常用的。"
    if _POWER.fullmatch(text):
        return "电话成了科学记数法，后几位已经丢失，请重新填写。"
    digits = re.sub(r"\D", "", text)
    if text == digits and text.startswith("1"):
        return f"手机号应为 11 位，现有 {len(digits)} 位，请核对。{NO_PHONE}"
    return f"电话应为 11 位手机号，或区号加座机号（如 023-52220000），请核对。{NO_PHONE}"


def account_written(account: str) -> str:
    """A bank account as it is kept: half-width, without blanks and dashes."""
    return normalise(account).replace("-", "")


def account_fault(account: str) -> str:
    """What is wrong with the number of a bank card or passbook."""
    text = account_written(account)
    if not text or _ACCOUNT.fullmatch(text):
        return ""
    if _POWER.fullmatch(text):
        return "银行卡号成了科学记数法，后几位已经丢失，请对照银行卡重新填写。"
    if text.isdigit():
        return f"银行卡号应为 10 至 30 位数字，现有 {len(text)} 位，请对照银行卡核对。"
    return "银行卡号只能是数字，请对照银行卡填写；没有的请留空。"


def group_written(group: str) -> str:
    """A group as it is kept: ``2组``, ``２组``, ``第二组`` and ``二村民小组`` are one; another name stays as it is."""
    text = "".join(half_width(group).split())
    found = _GROUP.fullmatch(text)
    if not found:
        return text
    number = found[1]
    return f"{int(number) if number.isdigit() else _counted(number)}组"


def _counted(chinese: str) -> int:
    """十二 is 12, 一百零三 is 103."""
    total, digit = 0, 0
    for sign in chinese:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _CHINESE[sign]
    return total + digit
