"""`/admin/modelos/`."""

from django.urls import path

from office.templates_desk import views

app_name = "desk"

urlpatterns = [
    path("enviar/", views.submit_drafts, name="submit_drafts"),
    path("sincronizar/", views.synchronise, name="synchronise"),
    path("alarmes/<int:alarm_id>/resolver/", views.resolve, name="resolve"),
    path("<int:template_id>/", views.template_page, name="template"),
    path("<int:template_id>/membro/", views.find, name="find"),
    path("<int:template_id>/texto/", views.edit, name="edit"),
    path("<int:template_id>/<slug:verb>/", views.act, name="act"),
]
