"""What a member prefers, as declared, imported or inferred."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from commons import history
from members.enums import PreferenceSource
from members.models import ContactPreference, Member
from members.preferences import Aspect, Preference, canonical, outranks

_SAID = {
    Aspect.WEEKDAY_HOURS: "horas de segunda a sexta",
    Aspect.SATURDAY_HOURS: "horas de sábado",
    Aspect.CHANNEL: "canal",
    Aspect.PAYDAYS: "dias em que recebe",
    Aspect.PAYMENT_CYCLE: "dias em que a empresa paga",
    Aspect.LANGUAGE: "idioma",
}


def set_preference(
    *, member: Member, source: PreferenceSource, actor: str, now: datetime, **values: Any
) -> Preference:
    """Writes down what is preferred; `values` are named as `Aspect` says, what is not named stays.

    A weaker source never replaces what a stronger one said (declared, then import, then inferred). An empty
    value takes the preference back, and with it its source. Raises ValueError with a sentence, and changes
    nothing, for a value that means nothing.
    """
    wanted = {Aspect(name): canonical(Aspect(name), value) for name, value in values.items()}
    with history.member_transaction(member.pk):
        row = ContactPreference.objects.filter(member=member).first() or ContactPreference(member=member)
        known = Preference.of(row)
        changed = {
            aspect: value
            for aspect, value in wanted.items()
            if outranks(source, known.source_of(aspect)) and _differs(row, aspect, value, source)
        }
        if not changed:
            return known
        sources = dict(row.sources)
        for aspect, value in changed.items():
            setattr(row, aspect.value, value)
            sources.pop(aspect.value, None)
            if value:
                sources[aspect.value] = source.value
        row.sources, row.updated_at, row.updated_by = sources, now, actor
        row.save()
        history.append(
            member_id=member.pk,
            kind="preference.changed",
            sentence=f"Preferências de contato ({source.label.lower()}): "
            f"{', '.join(_SAID[aspect] for aspect in changed)}.",
            at=now,
            actor=actor,
            aspects=[aspect.value for aspect in changed],
            source=source.value,
        )
        return Preference.of(row)


def _differs(row: ContactPreference, aspect: Aspect, value: Any, source: PreferenceSource) -> bool:
    """A stronger source that says the same is news as well: it can no longer be overruled."""
    same_source = row.sources.get(aspect.value) == source.value or not value
    return getattr(row, aspect.value) != value or not same_source
