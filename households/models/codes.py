"""Codes that rules speak of, each once; what else a table holds is data (villages/data/codes.csv)."""

BORN = "06"  # member_change: 新生儿

HEAD, SPOUSE = "01", "02"  # relation

NOT_OUT, OUT_OF_POVERTY, ABOUT_TO_LEAVE, RETURNED = "0", "1", "2", "3"  # exit_status
REGISTERED_POOR = (NOT_OUT, ABOUT_TO_LEAVE, RETURNED)

UNSTABLE, EDGE, SUDDEN = "1", "2", "3"  # monitor_type: 脱贫不稳定户, 边缘易致贫户, 突发严重困难户
SPENDING_RISKS = ("01", "02", "03", "08", "09", "11")
"""risk: 因病, 因残, 因学, 因自然灾害, 因意外事故, 因疫情; what they cost must be solved before a risk is removed."""

MEASURE_PAPER = "10"  # attachment_kind: 帮扶措施凭据
VISIT_PHOTO, SIGNATURE = "11", "12"  # attachment_kind: 走访照片, 签名

OUT_OF_SCHOOL = "01"  # school_status: 非在校生
EXCUSED = ("01", "02", "03", "04")
"""dropout_reason: 因病休学, 残疾无法就学, 送教上门, 已完成义务教育 (policy.md 3.3, 3.4)."""

HEALTHY, DISABLED = "01", "04"  # health

NORMAL_LABOUR, SKILLED_LABOUR, LOST_LABOUR, NO_LABOUR, WEAK_LABOUR = "01", "02", "03", "04", "05"  # labour
FULL_LABOUR = (NORMAL_LABOUR, SKILLED_LABOUR)
SOME_LABOUR = (*FULL_LABOUR, WEAK_LABOUR)
"""Who can work at least in part."""
WITHOUT_LABOUR = (LOST_LABOUR, NO_LABOUR)

SOUND_HOUSE, UNSAFE_HOUSE = ("A", "B"), ("C", "D")  # house_grade
