"""Every try to sign in, kept for the audit (policy.md 11.8)."""

import pgtrigger
from django.db import models


class SignInAttempt(models.Model):
    """Who tried to sign in, from where, and how it ended. Rows are never changed; they go after KEEP_SIGN_INS_DAYS.

    The name that was tried is kept as the account it belongs to. A name that nobody has may be a password typed into
    the wrong box, so it is kept as a keyed hash only: whoever asks whether a certain name was tried can find out, and
    repeated tries of one name stand out, but the text cannot be read.
    """

    class Outcome(models.TextChoices):
        LET_IN = "ok", "已登录"
        AWAITED = "code", "密码正确，等待验证码"
        REFUSED = "refused", "未通过"

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    address = models.CharField("来源地址", max_length=45, blank=True, default="")
    user = models.ForeignKey("villages.User", models.PROTECT, null=True, verbose_name="账号", related_name="attempts")
    tried_hash = models.CharField("所试名称摘要", max_length=32, db_collation="C")
    outcome = models.CharField("结果", max_length=8, choices=Outcome.choices)
    request = models.CharField("请求编号", max_length=32, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "登录记录"
        ordering = ["-at"]
        triggers = [pgtrigger.Protect(name="as_it_was", operation=pgtrigger.Update)]
