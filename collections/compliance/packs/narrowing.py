"""A creditor's settings on top of a rule pack: they move a default inside the limit, never past it."""

from __future__ import annotations

from dataclasses import replace

from compliance.packs.model import Bounded, ContactLimits, RulePack

_AT_MOST = (
    ("max_messages_7d", "mensagens em sete dias"),
    ("max_calls_7d", "ligações em sete dias"),
    ("max_per_30d", "contatos em trinta dias"),
)


class WouldWiden(ValueError):
    """A setting asks for more than the country allows; `sentences` say what and how far, in Portuguese."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def check(pack: RulePack, limits: ContactLimits) -> None:
    """Raises WouldWiden when any of `limits` passes what the pack allows anywhere in the country.

    A window may be wider than one state's: there it is cut to that state's limit when it is used. What is hard
    takes no setting at all.
    """
    sentences = [*_window(pack, limits), *_counts(pack, limits)]
    if sentences:
        raise WouldWiden(sentences)


def narrow(pack: RulePack, limits: ContactLimits) -> RulePack:
    """The pack as `limits` narrow it. Raises WouldWiden."""
    check(pack, limits)
    return apply(pack, limits)


def apply(pack: RulePack, limits: ContactLimits) -> RulePack:
    """As `narrow`, for settings stored earlier: what a newer pack no longer allows is cut, not refused."""
    return pack if pack.limits == limits else replace(pack, limits=limits)


def _window(pack: RulePack, limits: ContactLimits) -> list[str]:
    if limits.window is None:
        return []
    # The widest limit of all states; the country's own default is as wide as any.
    widest = pack.default_windows.limit
    if not limits.window.within(widest):
        return [f"O horário passa do que a lei permite. O máximo é: {widest}."]
    days = (limits.window.weekday, limits.window.saturday, limits.window.sunday)
    if not any(each.length > pack.moments.latency_guard for ranges in days for each in ranges):
        # Nothing leaves in the last minutes of a range: a shorter one holds no moment at all.
        return ["O horário não deixa nenhum momento para contato."]
    return []


def _counts(pack: RulePack, limits: ContactLimits) -> list[str]:
    sentences = [
        sentence
        for name, meaning in _AT_MOST
        if (sentence := _cap(getattr(pack.caps, name), getattr(limits, name), meaning=meaning))
    ]
    gap, least = limits.min_gap_hours, pack.caps.min_gap_hours
    if gap is not None and least.hard:
        sentences.append(f"O intervalo entre contatos é fixo neste país ({_fixed_gap(pack)}) e não se muda.")
    elif gap is not None and gap < least.limit:
        sentences.append(f"O intervalo entre contatos não pode ser menor que {least.limit} horas.")
    age, most = limits.balance_max_age_minutes, pack.moments.balance_max_age_minutes.limit
    if age is not None and not 1 <= age <= most:
        sentences.append(f"A idade do saldo vai de 1 a {most} minutos.")
    return sentences


def _cap(bounded: Bounded | None, wanted: int | None, *, meaning: str) -> str:
    """What is wrong with `wanted`; empty when nothing is. Without a limit any count narrows."""
    if wanted is None:
        return ""
    if bounded is None:
        return "" if wanted >= 0 else f"O limite de {meaning} não pode ser negativo."
    if bounded.hard:
        return f"O limite de {meaning} é fixo neste país ({bounded.limit}) e não se muda."
    return "" if 0 <= wanted <= bounded.limit else f"O limite de {meaning} vai de 0 a {bounded.limit}."


def _fixed_gap(pack: RulePack) -> str:
    days = pack.caps.min_gap_days
    return f"{days} dias" if days else f"{pack.caps.min_gap_hours.limit} horas"
