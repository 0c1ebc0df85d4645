"""The organisation, people, schedules, what arrived from providers."""

from __future__ import annotations

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from commons.models import HistoryEntry, Organisation, WebhookRequest
from office.admin.base import OfficeAdmin, OpensWithFilter, ReadOnlyAdmin
from office.home.list_filter import PileFilter

for model in (User, Group, PeriodicTask, IntervalSchedule, CrontabSchedule, SolarSchedule, ClockedSchedule):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(User)
class UserAdmin(OpensWithFilter, DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "first_name", "is_active", "is_superuser", "last_login"]


@admin.register(Group)
class GroupAdmin(OpensWithFilter, DjangoGroupAdmin, ModelAdmin):
    pass


class _DoorAdmin(ReadOnlyAdmin):
    """Who tried to come in. No filter by address or name: it would read every one there ever was."""

    list_filter = ["attempt_time"]
    search_fields = ["username", "ip_address"]
    ordering = ["-attempt_time"]


@admin.register(AccessAttempt)
class AccessAttemptAdmin(_DoorAdmin):
    list_display = ["attempt_time", "username", "ip_address", "path_info", "failures_since_start"]


@admin.register(AccessFailureLog)
class AccessFailureLogAdmin(_DoorAdmin):
    list_display = ["attempt_time", "username", "ip_address", "path_info", "locked_out"]


@admin.register(AccessLog)
class AccessLogAdmin(_DoorAdmin):
    list_display = ["attempt_time", "logout_time", "username", "ip_address", "path_info"]


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(OfficeAdmin):
    list_display = ["name", "interval", "enabled", "last_run_at", "total_run_count"]
    list_select_related = ["interval"]
    fields = ["name", "interval", "enabled", "task", "last_run_at"]
    readonly_fields = ["task", "last_run_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(IntervalSchedule)
class IntervalScheduleAdmin(OfficeAdmin):
    list_display = ["every", "period"]


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    """For looking it up whole; it is changed on the page of the settings, where each change is written down."""

    list_display = ["trade_name", "cnpj", "sector", "city"]


@admin.register(HistoryEntry)
class HistoryEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "member_id", "kind", "actor", "sentence"]
    list_filter = ["kind", "actor", "at"]
    exclude = ["salt"]


@admin.register(WebhookRequest)
class WebhookRequestAdmin(ReadOnlyAdmin):
    """Never the body: it holds other people's words."""

    list_display = ["recorded_at", "provider", "items", "failed_items", "attempts", "processed_at", "error"]
    list_filter = [PileFilter, "provider", ("processed_at", admin.EmptyFieldListFilter)]
    exclude = ["body"]
