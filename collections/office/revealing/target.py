"""Which masked value is meant, and where it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.urls import reverse

from members.models import ContactPoint, Member


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be seen: a member's document, or one of their contact points."""

    member: Member
    point: ContactPoint | None

    @classmethod
    def of(cls, member_id: int, point_id: int | None) -> Target:
        member = get_object_or_404(Member, pk=member_id, voided_at=None)
        points = ContactPoint.objects.select_related("member").filter(member=member, voided_at=None)
        return cls(member, None if point_id is None else get_object_or_404(points, pk=point_id))

    @property
    def name(self) -> str:
        if self.point is None:
            return f"CPF/CNPJ de {self.member.name}"
        return f"{self.point.get_channel_display()} de {self.member.name}"

    def url(self, view: str) -> str:
        """Of `ask`, `show` or `button`."""
        if self.point is None:
            return reverse(f"revealing:document_{view}", args=[self.member.pk])
        return reverse(f"revealing:contact_{view}", args=[self.member.pk, self.point.pk])

    @property
    def ask_url(self) -> str:
        return self.url("ask")

    @property
    def show_url(self) -> str:
        return self.url("show")

    @property
    def button_url(self) -> str:
        return self.url("button")
