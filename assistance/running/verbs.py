"""What the history calls the changes of what runs on."""

VERBS = {
    "save_loan_terms": "登记小额信贷办法",
    "settle_loan": "登记贷款还清",
    "fill_risk_fund": "注入风险补偿金",
    "compensate_loan": "风险补偿金代偿",
    "recover_loan": "追偿收回",
    "note_attendance": "登记公岗考勤",
    "save_site": "登记安置点",
}
