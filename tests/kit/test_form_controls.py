"""Controls drawn by us read letter for letter as Django's templates draw them."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from povreg.kit.form_controls import DRAWN, DrawnControls

CHOICES = [("", "未记录"), ("a<", [(1, "一"), (2, 1234)]), ("true", '是<"')]
ODD = {"class": 'x"<', "data-on": True, "data-off": False, "size": 10}
WIDGETS = [
    *[(forms.TextInput(ODD), value) for value in (None, "", "a<b>'\"&", 5, mark_safe("<i>"))],
    *[(forms.RadioSelect(choices=CHOICES), value) for value in ("true", "", None, 1)],
    *[(forms.CheckboxSelectMultiple({"class": "q"}, CHOICES), value) for value in (["true"], [], None)],
    *[(forms.Select({"id": "z"}, CHOICES), value) for value in ("", 2, "true", None)],
    (forms.HiddenInput(), "x"),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), False),
    (forms.DateInput(), "2020-01-01"),
    (forms.NumberInput({"step": "0.1"}), 1.5),
    (forms.PasswordInput(), "s"),
    (forms.Textarea(), "a\n<b"),
    (forms.SelectMultiple(choices=[(1, "x"), (2, "y")]), ["1"]),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
@pytest.mark.parametrize("attrs", [{"id": "i"}, {}])
def test_drawn_as_django_draws_it(widget, value, attrs):
    ours = widget.render("na<me", value, attrs, renderer=DrawnControls())
    assert ours == widget.render("na<me", value, attrs, renderer=DjangoTemplates())


def test_errors_are_django_s_and_no_errors_are_nothing():
    class Asked(forms.Form):
        default_renderer = DrawnControls()
        name = forms.CharField()

    assert str(Asked({"name": "李"})["name"].errors) == ""
    assert "<li>" in str(Asked({"name": ""})["name"].errors)


def test_every_drawn_template_is_one_of_django_s():
    for name in DRAWN:
        DjangoTemplates().get_template(name)
