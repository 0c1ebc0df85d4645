"""Acts on members: tags, and the question whether their contacts are right."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from members.models import ContactPoint, Member
from members.services.hygiene import ask_for_review
from members.services.tags import add_tag, remove_tag
from office.lists.bulk.acts import Act, Judged, Made, NothingToDo, Wish, tell
from office.lists.bulk.enums import LeftOut


class TagMembers(Act):
    key = "tag"
    listed = "members.member"
    permission = "members.change_member"
    title = "Pôr uma etiqueta"
    future = ("{n} membro recebe a etiqueta", "{n} membros recebem a etiqueta")
    button = ("Pôr a etiqueta em {n} membro", "Pôr a etiqueta em {n} membros")
    undo_button = ("Tirar a etiqueta de {n} membro", "Tirar a etiqueta de {n} membros")
    needs_tag = True

    def judge(self, ids: Collection[int], *, user_id: int, now: datetime) -> dict[int, Judged]:
        found = Member.objects.filter(pk__in=ids, voided_at=None).values_list("pk", flat=True)
        return {member_id: Judged(member_id) for member_id in found}

    def do(self, wish: Wish) -> Made:
        if not add_tag(member_id=wish.member_id, tag=wish.tag, actor=wish.actor, now=wish.now):
            raise NothingToDo("já tinha a etiqueta")
        tell(wish, f"Etiqueta “{wish.tag}” posta")
        return Made("etiqueta posta")

    def undo(self, wish: Wish, *, made_id: int | None) -> bool:
        if not remove_tag(member_id=wish.member_id, tag=wish.tag, actor=wish.actor, now=wish.now):
            return False
        tell(wish, f"Etiqueta “{wish.tag}” tirada", kind="bulk.undone")
        return True


class UntagMembers(TagMembers):
    key = "untag"
    title = "Tirar uma etiqueta"
    future = ("{n} membro perde a etiqueta", "{n} membros perdem a etiqueta")
    button = ("Tirar a etiqueta de {n} membro", "Tirar a etiqueta de {n} membros")
    undo_button = ("Devolver a etiqueta a {n} membro", "Devolver a etiqueta a {n} membros")

    def do(self, wish: Wish) -> Made:
        if not remove_tag(member_id=wish.member_id, tag=wish.tag, actor=wish.actor, now=wish.now):
            raise NothingToDo("não tinha a etiqueta")
        tell(wish, f"Etiqueta “{wish.tag}” tirada")
        return Made("etiqueta tirada")

    def undo(self, wish: Wish, *, made_id: int | None) -> bool:
        if not add_tag(member_id=wish.member_id, tag=wish.tag, actor=wish.actor, now=wish.now):
            return False
        tell(wish, f"Etiqueta “{wish.tag}” posta", kind="bulk.undone")
        return True


class ReviewContacts(Act):
    key = "review"
    listed = "members.member"
    permission = "members.change_member"
    title = "Pedir conferência dos contatos"
    future = (
        "Os contatos de {n} membro vão para a fila de conferência",
        "Os contatos de {n} membros vão para a fila de conferência",
    )
    button = ("Pedir conferência de {n} membro", "Pedir conferência de {n} membros")

    def judge(self, ids: Collection[int], *, user_id: int, now: datetime) -> dict[int, Judged]:
        reachable = set(
            ContactPoint.objects.filter(member__in=ids, voided_at=None).values_list("member_id", flat=True)
        )
        found = Member.objects.filter(pk__in=ids, voided_at=None).values_list("pk", flat=True)
        return {pk: Judged(pk, LeftOut.NONE if pk in reachable else LeftOut.NO_CONTACT) for pk in found}

    def do(self, wish: Wish) -> Made:
        points = list(ContactPoint.objects.filter(member=wish.member_id, voided_at=None))
        for point in points:
            ask_for_review(point=point, reason=wish.reason, actor=wish.actor, now=wish.now)
        tell(wish, "Conferência dos contatos pedida")
        return Made(f"{len(points)} na fila de conferência")
