"""The note that an office sends to those who enter."""

from typing import Any

from django import forms

from povreg.kit.views import ScopedForm
from villages.messages.services import LONGEST
from villages.models import Place, User
from villages.places.fields import PlaceField
from villages.rights import Right, Role

AUDIENCE = [(role.value, role.label) for role in (Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER)]


class NoteForm(ScopedForm, forms.Form):
    place = PlaceField(label="发给哪里", help_text="这个范围内现在任职的人都会收到。")
    role = forms.ChoiceField(label="收件人", choices=AUDIENCE)
    text = forms.CharField(
        label="要办什么",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "请写明要办什么。"},
        help_text="不要写姓名、证件号码和电话；是哪些户，用下面的名单指明。",
    )
    url = forms.CharField(
        label="名单",
        required=False,
        help_text="从农户名单复制的地址，收件人打开时只看到自己村的户。可以不填。",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        widest = sorted(user.places_with(Right.NOTE_SEND), key=len)
        if widest:
            self.fields["place"].initial = Place.objects.filter(pk=widest[0]).first()
