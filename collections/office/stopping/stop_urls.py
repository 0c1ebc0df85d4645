"""`/admin/paradas/`."""

from django.urls import path

from office.stopping import stop_views

app_name = "stops"

urlpatterns = [
    path("", stop_views.index, name="index"),
    path("parar/", stop_views.stop, name="stop"),
    path("liberar/", stop_views.release, name="release"),
]
