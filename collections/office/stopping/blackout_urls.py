"""`/admin/periodos-sem-contato/`."""

from django.urls import path

from office.stopping import blackout_views

app_name = "blackouts"

urlpatterns = [
    path("", blackout_views.index, name="index"),
    path("novo/", blackout_views.add, name="add"),
    path("efeito/", blackout_views.preview, name="preview"),
    path("<int:blackout_id>/encerrar/", blackout_views.withdraw, name="withdraw"),
]
