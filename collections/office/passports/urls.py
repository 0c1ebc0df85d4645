"""`/admin/passaportes/`."""

from django.contrib import admin
from django.urls import path

from office.passports import views

app_name = "passports"

urlpatterns = [
    path("<int:member_id>/", admin.site.admin_view(views.timeline), name="timeline"),
    path("<int:member_id>/agora/", admin.site.admin_view(views.can_write), name="can_write"),
]
