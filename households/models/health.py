"""Health is several things at once (残疾、长期慢性病, rosters since 2021): a list, whose first is the old code."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField

from povreg.kit.fields import CodeField


def health_list() -> ArrayField:
    return ArrayField(CodeField(code_table="health"), verbose_name="健康状况", default=list, blank=True)


def health_is_first() -> pgtrigger.Trigger:
    """Keeps ``health`` and ``healths`` one fact, whoever writes only one of them; the list counts where both change."""
    return pgtrigger.Trigger(
        name="health_is_first",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("health", "healths"),
        func="""
            IF NEW.healths IS NULL OR (TG_OP = 'INSERT' AND NEW.healths = '{}') THEN
                NEW.healths := array_remove(ARRAY[NEW.health], '');
            ELSIF TG_OP = 'UPDATE' THEN
                IF NEW.healths IS NOT DISTINCT FROM OLD.healths AND NEW.health IS DISTINCT FROM OLD.health THEN
                    NEW.healths := array_remove(ARRAY[NEW.health], '');
                END IF;
            END IF;
            NEW.health := coalesce(NEW.healths[1], '');
            RETURN NEW;
        """,
    )
