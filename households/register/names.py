"""What is a person's name, and what is not: one check for pages, API and sheets."""

import re

from povreg.kit.plaintext import DOT

LONGEST = 40  # characters; what the column holds
_PLACEHOLDER = re.compile(r"[xX×某*?？]{2,}|未知|不详|无名氏?|姓名|测试姓名|同上")
_SIGNS = f"{DOT}-'’()（）"


def name_fault(name: str) -> str:
    """What is wrong with a cleaned name (povreg.kit.plaintext.plain_name) and the remedy, without the field's name;
    empty where nothing is."""
    if len(name) > LONGEST:
        return f"有 {len(name)} 个字，最多 {LONGEST} 个，请核对是否填错了栏"
    if _PLACEHOLDER.fullmatch(name):
        return f"“{name[:10]}”不是真实姓名，请按证件填写"
    if name.isalpha() and len(name) > 1:
        return ""
    if any(sign.isdigit() for sign in name):
        return f"“{name[:20]}”里有数字，请按证件填写姓名，号码填到证件号码一栏"
    wrong = next((sign for sign in name if not sign.isalpha() and sign not in _SIGNS), "")
    if wrong or not any(sign.isalpha() for sign in name):
        return f"“{name[:20]}”里有符号“{wrong or name[:1]}”，请按证件填写姓名"
    return "只有一个字，请按证件填写全名" if len(name) == 1 else ""
