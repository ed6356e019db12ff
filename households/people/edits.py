"""What a button of the list of marks sends."""

from django.urls import reverse

from households.models import NotSame
from households.people.forms import WithdrawForm
from households.register.apart import withdraw_not_same
from povreg.kit.pages.edit import Edit, posted
from villages.rights import Right

WITHDRAW = Edit(
    code="apart-withdraw",
    title=lambda row: "撤回“不是同一人”",
    form=lambda request, row: WithdrawForm(posted(request)),
    save=lambda user, row, form: withdraw_not_same(by=user, mark=row, reason=form.cleaned_data["reason"]),
    done=lambda row: f"已撤回，{row.one.name}的两条登记重新列入疑似重复。",
    after=lambda request, row: reverse("people-apart"),
    right=Right.HOUSEHOLD_MOVE,
    rows=lambda: NotSame.objects.select_related("one", "other"),
    place="one__village_id",
)
