"""`/admin/importacoes/`."""

from django.urls import path

from office.imports import views

app_name = "imports"

urlpatterns = [
    path("", views.history, name="history"),
    path("nova/", views.upload, name="upload"),
    path("<int:batch_id>/", views.batch_page, name="batch"),
    path("<int:batch_id>/colunas/", views.columns, name="columns"),
    path("<int:batch_id>/andamento/", views.progress, name="progress"),
    path("<int:batch_id>/rejeitados.csv", views.rejected, name="rejected"),
    path("<int:batch_id>/importar/", views.start, name="start"),
    path("<int:batch_id>/continuar/", views.resume, name="resume"),
    path("<int:batch_id>/desfazer/", views.revert, name="revert"),
    path("<int:batch_id>/descartar/", views.discard, name="discard"),
]
