"""贫困县退出: decided above the county; its template is a checklist, no list is drafted of it."""

from households.models.template import Kind
from households.procedures.engine.procedure import Procedure

PROCEDURE = Procedure(kind=Kind.COUNTY_EXIT)
