"""`/admin/listas/`."""

from django.urls import path

from office.lists import aging_views, views
from office.lists.bulk import views as bulk

app_name = "lists"

urlpatterns = [
    path("a-receber/", aging_views.report, name="aging"),
    path("a-receber/arquivo/", aging_views.export, name="aging_export"),
    path("acoes/", bulk.history, name="bulk_history"),
    path("acoes/<int:run_id>/", bulk.run_page, name="bulk"),
    path("acoes/<int:run_id>/andamento/", bulk.progress, name="bulk_progress"),
    path("acoes/<int:run_id>/fazer/", bulk.start, name="bulk_start"),
    path("acoes/<int:run_id>/desfazer/", bulk.undo, name="bulk_undo"),
    path("acoes/<int:run_id>/desistir/", bulk.discard, name="bulk_discard"),
    path("<slug:app>/<slug:model>/totais/", views.totals, name="totals"),
    path("<slug:app>/<slug:model>/contagens/", views.counts, name="counts"),
    path("<slug:app>/<slug:model>/filtros/", views.saved, name="saved"),
    path("<slug:app>/<slug:model>/filtros/<int:filter_id>/", views.change_saved, name="change_saved"),
    path("<slug:app>/<slug:model>/exportar/", views.export, name="export"),
]
