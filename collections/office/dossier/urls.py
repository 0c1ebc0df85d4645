"""`/admin/dossie/`."""

from django.contrib import admin
from django.urls import path

from office.dossier import views

app_name = "dossier"

urlpatterns = [path("<int:member_id>/", admin.site.admin_view(views.export), name="export")]
