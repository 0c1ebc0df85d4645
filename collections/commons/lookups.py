"""`field__among=[…]`: like `in`, with the whole list as one array.

Five thousand ids are then one parameter instead of five thousand, which neither Django nor the driver has to
write out and take apart again.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Field, ForeignKey, Lookup


@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup):
    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s)", (*params, list(self.rhs))
