"""Members, their contact points, what they agreed to and what they refused."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from unfold.decorators import action, display

from billing.models import Invoice
from commons import clock
from commons.text import fold
from conversations.models import Conversation
from members import services
from members.enums import Channel, ContactPointState
from members.models import Consent, ContactPoint, Member, PrivacyNotice, Reveal, SuppressionMark
from office import pages
from office.admin.base import OfficeAdmin, OfficeChangeList, ReadOnlyAdmin, actor_of
from office.admin.confirming import confirmed
from office.contacts import hygiene
from office.lists.bulk import views as bulk
from office.lists.list_filters import DebtFilter
from office.settings_desk.people import names_of


class OverdueFilter(admin.SimpleListFilter):
    title = "faturas em aberto"
    parameter_name = "aberto"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("late", "Com atraso"), ("open", "Em aberto"), ("none", "Em dia")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Member]) -> QuerySet[Member]:
        today = clock.today()
        owing = Invoice.objects.filter(member=OuterRef("pk"), status="open")
        if self.value() == "late":
            return queryset.filter(Exists(owing.filter(due_date__lt=today)))
        if self.value() == "open":
            return queryset.filter(Exists(owing))
        if self.value() == "none":
            return queryset.exclude(Exists(owing))
        return queryset


@admin.register(Member)
class MemberAdmin(OfficeAdmin):
    list_display = ["name", "masked", "place", "product", "open_count", "case_state", "blocked_label"]
    list_filter = [OverdueFilter, DebtFilter, "kind", "uf", "product", "blocked"]
    search_fields = ["folded_name", "external_id"]
    search_help_text = "Parte do nome ou começo do código; CPF, telefone ou e-mail só por inteiro."
    readonly_fields = ["page"]
    compressed_fields = False
    fields = [
        "page",
        "name",
        "kind",
        "external_id",
        "birth_date",
        "city",
        "uf",
        "language",
        "product",
        "blocked",
    ]
    actions = ["bulk_tag", "bulk_untag", "bulk_review"]
    actions_detail = ["open_conversation", "record_wish", "preferences", "opt_out_whatsapp"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        # Counted for the rows of a page, not for the whole book.
        owing = Invoice.objects.filter(member=OuterRef("pk"), status="open").order_by()
        opened = Subquery(owing.values("member").annotate(count=Count("pk")).values("count"))
        return (
            super()
            .get_queryset(request)
            .filter(voided_at=None)
            .annotate(opened=Coalesce(opened, 0))
            .prefetch_related("cases")
        )

    @admin.action(description="Pôr uma etiqueta…", permissions=["change"])
    def bulk_tag(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        return bulk.begin(request, queryset, key="tag")

    @admin.action(description="Tirar uma etiqueta…", permissions=["change"])
    def bulk_untag(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        return bulk.begin(request, queryset, key="untag")

    @admin.action(description="Pedir conferência dos contatos…", permissions=["change"])
    def bulk_review(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        return bulk.begin(request, queryset, key="review")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_opt_out_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        """Writing down what a member no longer wants is a right of its own."""
        return request.user.has_perm("members.add_suppressionmark")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Member], search_term: str
    ) -> tuple[QuerySet[Member], bool]:
        found = pages.members_by_exact_value(search_term)
        if found:
            return queryset.filter(pk__in=found), False
        code = search_term.strip()
        if not code:
            return queryset, False
        # Each in the form its index knows: any part of a name, the beginning of a code.
        names = Q()
        for word in fold(code).split():
            names &= Q(folded_name__contains=word)
        codes = Q(external_id__startswith=code) | Q(external_id__startswith=code.upper())
        return queryset.filter(names | codes), False

    @display(description="CPF/CNPJ")
    def masked(self, member: Member) -> str:
        return member.masked_document

    @display(description="Lugar")
    def place(self, member: Member) -> str:
        return f"{member.city}/{member.uf}" if member.uf else member.city or "—"

    @display(description="Em aberto", ordering="opened")
    def open_count(self, member: Any) -> int:
        return int(member.opened)

    @display(
        description="Caso",
        label={
            "Lembrete": "info",
            "Contato amigável": "info",
            "Negociação": "warning",
            "Com a equipe": "warning",
            "Quitado": "success",
        },
    )
    def case_state(self, member: Member) -> str:
        cases = sorted(member.cases.all(), key=lambda c: c.pk)
        return cases[-1].get_state_display() if cases else "—"

    @display(description="Bloqueio", label={"—": "info"})
    def blocked_label(self, member: Member) -> str:
        return member.get_blocked_display() if member.blocked else ""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The member, and whether whoever looks may see masked values in full."""
        member = super().get_object(request, object_id, from_field)
        if member is not None:
            member.may_reveal = request.user.has_perm("members.reveal_member")
        return member

    @display(description="Ficha")
    def page(self, member: Any) -> SafeString:
        context = pages.member_page(member, now=clock.now()) | {"may_reveal": member.may_reveal}
        return mark_safe(render_to_string("office/member_page.html", context))  # noqa: S308 -- our own template, which escapes

    @action(description="Conversar", icon="forum")
    def open_conversation(self, request: HttpRequest, object_id: int) -> Any:

        conversation = Conversation.objects.filter(member_id=object_id).order_by("-last_message_at").first()
        if conversation is None:
            messages.info(request, "Ainda não há conversa com este membro.")
            return redirect("admin:members_member_change", object_id)
        return redirect("inbox:conversation", conversation.pk)

    @action(description="Registrar pedido", icon="edit_note")
    def record_wish(self, request: HttpRequest, object_id: int) -> Any:
        return redirect("contacts:entry", object_id)

    @action(description="Preferências", icon="tune")
    def preferences(self, request: HttpRequest, object_id: int) -> Any:
        return redirect("contacts:preference", object_id)

    @action(description="Registrar opt-out do WhatsApp", icon="block", permissions=["opt_out"])
    @confirmed(
        effect="Ninguém mais começa conversa com este membro pelo WhatsApp. Só ele mesmo pode desfazer isto.",
        button="Registrar opt-out do WhatsApp",
        asks_why=True,
    )
    def opt_out_whatsapp(self, request: HttpRequest, object_id: str, *, reason: str) -> HttpResponse:
        member = Member.objects.get(pk=object_id)
        done = services.opt_out(
            member=member,
            channel=Channel.WHATSAPP,
            source="pedido fora do WhatsApp",
            evidence=reason,
            actor=actor_of(request),
            now=clock.now(),
        )
        messages.success(
            request,
            f"{member.first_name} não recebe mais mensagens pelo WhatsApp."
            if done
            else "O opt-out já estava registrado.",
        )
        return redirect("admin:members_member_change", object_id)


class _PointsWithScores(OfficeChangeList):
    """Contact points, each with how good it is now."""

    def prepare(self, rows: list[ContactPoint]) -> None:
        scores = hygiene.scores_of(rows, now=clock.now())
        for point in rows:
            point.score = scores[point.pk]  # type: ignore[attr-defined]


@admin.register(ContactPoint)
class ContactPointAdmin(ReadOnlyAdmin):
    list_display = ["member", "channel", "masked", "state_label", "quality", "reached", "confirmed_at"]
    list_filter = ["channel", "state", "is_mobile"]
    list_select_related = ["member"]
    search_fields = ["member__folded_name"]
    actions = ["use_again", "ask_for_review"]

    @display(
        description="Situação",
        label={"Confirmado": "success", "De outra pessoa": "danger", "Em dois cadastros": "warning"},
    )
    def state_label(self, point: ContactPoint) -> str:
        return point.get_state_display()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[_PointsWithScores]:
        return _PointsWithScores

    @display(description="Qualidade")
    def quality(self, point: Any) -> str:
        return f"{point.score.points} ({point.score.word})"

    @display(description="Alcance")
    def reached(self, point: Any) -> str:
        return str(point.score.reach)

    @admin.action(description="Conferir este contato (fila de higiene)", permissions=["use_again"])
    def ask_for_review(self, request: HttpRequest, queryset: QuerySet[ContactPoint]) -> None:
        points = list(queryset)
        for point in points:
            services.ask_for_review(
                point=point, reason="pedido na lista de contatos", actor=actor_of(request), now=clock.now()
            )
        self.message_user(request, f"Contatos na fila para conferir: {len(points)}.")

    @admin.action(description="Voltar a usar (depois de conferir)", permissions=["use_again"])
    def use_again(self, request: HttpRequest, queryset: QuerySet[ContactPoint]) -> None:
        """Those nobody said are somebody else's; these leave only by the quarantine, with evidence."""
        back = 0
        for point in queryset.exclude(state=ContactPointState.WRONG):
            try:
                with transaction.atomic():
                    services.set_contact_point_state(
                        point=point,
                        state=ContactPointState.UNVERIFIED,
                        reason="conferido pela equipe",
                        actor=actor_of(request),
                        now=clock.now(),
                    )
            except services.AddressTaken:
                continue
            back += 1
        stayed = queryset.count() - back
        sentence = f"Contatos que voltaram a ser usados, sem confirmação de identidade: {back}."
        if stayed:
            sentence += f" Ficaram como estavam, por serem de outra pessoa: {stayed}. Veja a quarentena."
        self.message_user(request, sentence, messages.WARNING if stayed else messages.SUCCESS)

    def has_use_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.change_contactpoint")


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ["member", "channel", "granted_at", "source", "text_version", "actor", "withdrawn_at"]
    list_filter = ["channel", "source"]
    list_select_related = ["member"]
    search_fields = ["member__folded_name"]
    date_hierarchy = "granted_at"


@admin.register(SuppressionMark)
class SuppressionMarkAdmin(ReadOnlyAdmin):
    list_display = ["member", "kind", "channel_label", "at", "source", "actor", "lifted_at"]
    list_filter = ["kind", "channel"]
    list_select_related = ["member"]
    search_fields = ["member__folded_name"]
    exclude = ["subject_hash"]
    date_hierarchy = "at"

    @display(description="Canal")
    def channel_label(self, mark: SuppressionMark) -> str:
        return Channel(mark.channel).label if mark.channel else "Todos"


class _RevealsWithNames(OfficeChangeList):
    """What was seen, each with the name of whoever saw it."""

    def prepare(self, rows: list[Reveal]) -> None:
        names = names_of(each.actor for each in rows)
        for each in rows:
            each.name = names.get(each.actor, each.actor)  # type: ignore[attr-defined]


@admin.register(Reveal)
class RevealAdmin(ReadOnlyAdmin):
    """Who saw what of whom, and why: for those who watch over it."""

    list_display = ["at", "who", "member", "what", "contact_point", "reason", "words"]
    list_filter = ["what", "reason"]
    list_select_related = ["member", "contact_point"]
    search_fields = ["member__folded_name", "actor"]
    date_hierarchy = "at"

    @display(description="Quem", ordering="actor")
    def who(self, reveal: Any) -> str:
        return getattr(reveal, "name", reveal.actor)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[_RevealsWithNames]:
        return _RevealsWithNames


class _NoticeForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Says beside the field what the service would refuse."""

    class Meta:
        model = PrivacyNotice
        fields = ["version", "language", "text", "url", "valid_from"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("text") and not cleaned.get("url"):
            self.add_error("text", "Escreva o texto do aviso ou o endereço onde ele é lido.")
        valid_from = cleaned.get("valid_from")
        if valid_from is not None and valid_from < clock.now():
            self.add_error(
                "valid_from", "Uma versão não pode valer desde antes de agora: o que já foi dito não muda."
            )
        return cleaned


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(ReadOnlyAdmin):
    """Versions are added and never changed."""

    list_display = ["version", "language", "valid_from", "url", "actor"]
    list_filter = ["language"]
    fields = ["version", "language", "text", "url", "valid_from"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("members.add_privacynotice")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_form(request, obj, form=_NoticeForm if obj is None else forms.ModelForm, **kwargs)

    def save_model(self, request: HttpRequest, obj: PrivacyNotice, form: Any, change: bool) -> None:
        notice = services.publish_notice(
            version=obj.version,
            language=obj.language,
            text=obj.text,
            url=obj.url,
            valid_from=obj.valid_from,
            actor=actor_of(request),
            now=clock.now(),
        )
        obj.pk = notice.pk
