"""What the history calls the changes of partners, needs and offers."""

VERBS = {
    "allot_shares": "登记股份",
    "hand_on_shares": "脱贫转股",
    "pay_dividend": "登记分红",
    "save_partner": "登记带贫主体",
    "link_partner": "登记带动关系",
    "end_link": "结束带动关系",
    "pay_by_partner": "登记带动收入",
    "publish_need": "发布帮扶需求",
    "close_need": "关闭帮扶需求",
    "note_offer": "登记帮扶意向",
    "donate": "登记捐赠落实",
}
