"""What the history calls the changes of accounts, postings and signing in."""

VERBS = {
    "open_account": "开户",
    "open_village_accounts": "按村批量开户",
    "edit_account": "修改账号资料",
    "reset_password": "重置密码",
    "lock_account": "锁定账号",
    "unlock_account": "解锁账号",
    "close_account": "停用账号",
    "reopen_account": "恢复账号",
    "sign_in": "登录",
    "change_password": "修改密码",
    "issue_token": "领取接口令牌",
    "revoke_token": "作废接口令牌",
    "grant_posting": "授予任职",
    "end_posting": "结束任职",
    "grant_village_postings": "按村批量授予任职",
}
