"""Answers to hygiene tasks: one act each, told in the member's history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from commons import history
from members import phones, selectors, signals
from members.enums import Channel, ContactPointState, HygieneProblem, HygieneState, Resolution
from members.models import ContactPoint, HygieneTask
from members.rules import KEEP_FOR
from members.services.points import (
    NOT_OWNING,
    AddressTaken,
    add_contact_point,
    has_other_owner,
    set_contact_point_state,
)
from members.services.quarantine import mark_wrong_number

# Furthest day a task may be put off to: later than that nobody remembers why.
_LATEST = timedelta(days=365)


class HygieneRefused(Exception):
    """The act does not fit this task; the message says why in Portuguese. Nothing was changed."""


def correct_contact(
    *, task_id: int, address: str, actor: str, now: datetime, channel: str = "", reason: str = ""
) -> ContactPoint:
    """Puts the right address in the place of the one asked about, which goes out of use. Returns the new one.

    `channel` is asked only where nothing was known. An address of another member arrives as `shared`, as from
    anywhere. Raises HygieneRefused for an address that is none, is the same, or is quarantined.
    """
    with _answering(task_id) as task:
        old = task.contact_point
        channel = old.channel if old is not None else channel
        written, is_mobile, guessed = _read(channel, address)
        if old is not None and phones.same_line(written, old.address):
            raise HygieneRefused("Este é o contato que já está lá.")
        point = add_contact_point(
            member=task.member,
            channel=channel,
            address=written,
            now=now,
            actor=actor,
            is_mobile=is_mobile,
            guessed=guessed,
        )
        if point.state == ContactPointState.WRONG:
            raise HygieneRefused("Alguém disse que este número não é do membro: veja a quarentena.")
        if point.state == ContactPointState.INVALID:
            _use_again(point, actor=actor, now=now)
        if old is not None and old.is_usable:
            _out_of_use(old, reason="corrigido", actor=actor, now=now)
        _answer(task, Resolution.CORRECTED, reason=reason or "contato corrigido", actor=actor, now=now)
    return point


def choose_owner(*, task_id: int, member_id: int, reason: str, actor: str, now: datetime) -> None:
    """Says whose the address in two records is: the other's row becomes somebody else's number.

    No mark is left on the address itself, which is right for the one chosen; that one has to confirm who they
    are. Raises HygieneRefused for a member who is none of the two, or when it is in two records no more.
    """
    task = HygieneTask.objects.select_related("contact_point").get(pk=task_id)
    claimed = task.contact_point
    if claimed is None or task.problem != HygieneProblem.SHARED:
        raise HygieneRefused("Esta pergunta não é sobre um contato em dois cadastros.")
    others = (
        ContactPoint.objects.filter(selectors.same_address(claimed.channel, claimed.address), voided_at=None)
        .exclude(state__in=NOT_OWNING)
        .exclude(member=claimed.member_id)
    )
    concerned = sorted({claimed.member_id, *others.values_list("member_id", flat=True)})
    if member_id not in concerned:
        raise HygieneRefused("O dono precisa ser um dos membros deste contato.")
    # The smaller key first, whoever is chosen: two people deciding at once wait and do not block each other.
    with _locked(concerned), _answering(task_id) as task:
        assert task.contact_point is not None
        rows = [task.contact_point, *others.select_for_update()]
        for point in sorted(rows, key=lambda row: row.member_id == member_id):
            state = ContactPointState.WRONG if point.member_id != member_id else ContactPointState.UNVERIFIED
            if point.member_id == member_id and point.is_usable:
                continue
            _move(point, state, reason=f"dono escolhido: {reason}", actor=actor, now=now)
        _answer(task, Resolution.OWNER_CHOSEN, reason=reason, actor=actor, now=now)


def mark_task_wrong(*, task_id: int, reason: str, actor: str, now: datetime) -> None:
    """The number is somebody else's: quarantined for every member."""
    with _answering(task_id) as task:
        point = _point(task)
        mark_wrong_number(point=point, source="conferido pela equipe", evidence=reason, actor=actor, now=now)
        _answer(task, Resolution.MARKED_WRONG, reason=reason, actor=actor, now=now)


def keep_contact(*, task_id: int, reason: str, actor: str, now: datetime, until: date | None = None) -> None:
    """The contact is right as it is; asked again after `until` (KEEP_FOR from now) if the problem still stands.

    A landline that is kept is taken for a number with WhatsApp: somebody checked.
    """
    with _answering(task_id) as task:
        point = task.contact_point
        if point is not None and point.state == ContactPointState.INVALID:
            _use_again(point, actor=actor, now=now)
        if point is not None and task.problem == HygieneProblem.LANDLINE:
            point.is_mobile = True
            point.save(update_fields=["is_mobile"])
        until = until or (now + KEEP_FOR).date()
        _check_day(until, now=now)
        _answer(task, Resolution.KEPT, reason=reason, actor=actor, now=now, look_again_on=until)


def retire_contact(*, task_id: int, reason: str, actor: str, now: datetime) -> None:
    """Nothing better is known: the contact goes out of use. A member left without any is asked about next."""
    with _answering(task_id) as task:
        point = _point(task)
        if point.is_usable:
            _out_of_use(point, reason=reason, actor=actor, now=now)
        _answer(task, Resolution.RETIRED, reason=reason, actor=actor, now=now)


def look_again_later(*, task_id: int, on: date, reason: str, actor: str, now: datetime) -> None:
    """Puts the question off to a day within a year. Raises HygieneRefused for any other."""
    with _answering(task_id) as task:
        _check_day(on, now=now)
        task.state = HygieneState.LATER
        task.look_again_on = on
        task.reason = reason[:200]
        task.resolved_at, task.resolved_by, task.resolution = None, "", ""
        task.save()
        _tell(task, f"olhar de novo em {on:%d/%m/%Y}", actor=actor, now=now)


def ask_for_review(*, point: ContactPoint, reason: str, actor: str, now: datetime) -> HygieneTask:
    """A person wants somebody to look at this contact: opens the question, or leaves it open. Returns the task."""
    if not reason.strip():
        raise HygieneRefused("Diga o que deve ser conferido.")
    with history.member_transaction(point.member_id):
        task, made = HygieneTask.objects.get_or_create(
            contact_point=point,
            problem=HygieneProblem.REVIEW,
            defaults={"member_id": point.member_id, "found_at": now, "reason": reason.strip()[:200]},
        )
        if not made and task.state == HygieneState.OPEN:
            return task
        if not made:
            task.state, task.found_at, task.reason = HygieneState.OPEN, now, reason.strip()[:200]
            task.resolution, task.resolved_at, task.resolved_by, task.look_again_on = "", None, "", None
            task.reopened += 1
            task.save()
        _tell(task, f"pedido de conferência ({task.reason})", actor=actor, now=now)
        return task


@contextmanager
def _answering(task_id: int) -> Iterator[HygieneTask]:
    """The task under its member's lock, still waiting for an answer."""
    member_id = HygieneTask.objects.values_list("member_id", flat=True).get(pk=task_id)
    with history.member_transaction(member_id):
        task = (
            HygieneTask.objects.select_for_update(of=("self",))
            .select_related("member", "contact_point")
            .get(pk=task_id)
        )
        if task.state not in {HygieneState.OPEN, HygieneState.LATER}:
            raise HygieneRefused("Esta pergunta já foi respondida.")
        yield task


@contextmanager
def _locked(member_ids: list[int]) -> Iterator[None]:
    with history.member_transaction(member_ids[0]):
        for member_id in member_ids[1:]:
            history.lock_member(member_id)
        yield


def _point(task: HygieneTask) -> ContactPoint:
    if task.contact_point is None:
        raise HygieneRefused("Não há contato a mudar: inclua um.")
    return task.contact_point


def _read(channel: str, address: str) -> tuple[str, bool, bool]:
    """The canonical address, whether it is a mobile, and whether digits had to be supplied."""
    if channel not in Channel.values:
        raise HygieneRefused("Diga de que canal é o contato.")
    if channel == Channel.EMAIL:
        written = address.strip().lower()
        try:
            validate_email(written)
        except ValidationError as error:
            raise HygieneRefused("Isto não é um e-mail.") from error
        return written, False, False
    phone = phones.parse(address)
    if not phone.is_valid:
        raise HygieneRefused(f"O telefone não pode ser usado: {phone.problem}.")
    return phone.e164, phone.is_mobile, phone.guessed


def _check_day(on: date, *, now: datetime) -> None:
    today = now.date()
    if not today < on <= today + _LATEST:
        raise HygieneRefused("Escolha um dia depois de hoje, em até um ano.")


def _use_again(point: ContactPoint, *, actor: str, now: datetime) -> None:
    try:
        set_contact_point_state(
            point=point,
            state=ContactPointState.UNVERIFIED,
            reason="conferido pela equipe",
            actor=actor,
            now=now,
        )
    except AddressTaken as error:
        raise HygieneRefused(str(error)) from error


def _out_of_use(point: ContactPoint, *, reason: str, actor: str, now: datetime) -> None:
    set_contact_point_state(point=point, state=ContactPointState.INVALID, reason=reason, actor=actor, now=now)


def _move(point: ContactPoint, state: ContactPointState, *, reason: str, actor: str, now: datetime) -> None:
    if state not in NOT_OWNING and has_other_owner(point):
        raise HygieneRefused("Este contato está em uso em outro cadastro.")
    point.state = state
    point.state_since = now
    point.confirmed_at = None
    point.save(update_fields=["state", "state_since", "confirmed_at"])
    history.append(
        member_id=point.member_id,
        kind="contact_point.changed",
        sentence=f"Contato {point.masked}: {point.get_state_display().lower()} ({reason}).",
        at=now,
        actor=actor,
        contact_point=point.pk,
        state=state,
    )
    signals.contact_point_changed.send(sender=ContactPoint, contact_point_id=point.pk, now=now)


def _answer(
    task: HygieneTask,
    resolution: Resolution,
    *,
    reason: str,
    actor: str,
    now: datetime,
    look_again_on: date | None = None,
) -> None:
    if not reason.strip():
        raise HygieneRefused("Diga o motivo em poucas palavras: ele fica na história do membro.")
    task.state = HygieneState.RESOLVED
    task.resolution = resolution
    task.reason = reason.strip()[:200]
    task.resolved_at, task.resolved_by = now, actor
    task.look_again_on = look_again_on
    task.save()
    _tell(task, f"{resolution.label.lower()} ({task.reason})", actor=actor, now=now)


def _tell(task: HygieneTask, what: str, *, actor: str, now: datetime) -> None:
    about = f" {task.contact_point.masked}" if task.contact_point is not None else ""
    history.append(
        member_id=task.member_id,
        kind="contact_point.checked",
        sentence=f"Contato{about} a corrigir ({task.get_problem_display().lower()}): {what}.",
        at=now,
        actor=actor,
        task=task.pk,
        contact_point=task.contact_point_id,
        problem=task.problem,
    )
