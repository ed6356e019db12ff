"""Controls drawn by our templates say what Django's templates say, but for white space between tags."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils.safestring import mark_safe

from povreg.kit.form_renderer import OWN, Jinja2Forms

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
def test_control_says_what_django_s_says(widget, value, attrs):
    ours = widget.render("na<me", value, attrs, renderer=Jinja2Forms())
    assert parse_html(ours) == parse_html(widget.render("na<me", value, attrs, renderer=DjangoTemplates()))


def test_errors_are_listed_and_no_errors_are_nothing():
    class Asked(forms.Form):
        default_renderer = Jinja2Forms()
        name = forms.CharField()

    assert str(Asked({"name": "李"})["name"].errors) == ""
    assert "<li>" in str(Asked({"name": ""})["name"].errors)


def test_every_template_of_our_own_stands_for_one_of_django_s():
    for name in OWN:
        DjangoTemplates().get_template(name)
