"""`/admin/listas/`."""

from django.urls import path

from office.lists import views

app_name = "lists"

urlpatterns = [
    path("<slug:app>/<slug:model>/totais/", views.totals, name="totals"),
    path("<slug:app>/<slug:model>/contagens/", views.counts, name="counts"),
    path("<slug:app>/<slug:model>/filtros/", views.saved, name="saved"),
    path("<slug:app>/<slug:model>/filtros/<int:filter_id>/", views.change_saved, name="change_saved"),
    path("<slug:app>/<slug:model>/exportar/", views.export, name="export"),
]
