from django.urls import path

from office.policy_desk import views

app_name = "policies"

urlpatterns = [
    path("", views.index, name="index"),
    path("nova/<slug:kind>/", views.start, name="start"),
    path("anterior/<slug:kind>/", views.roll_back, name="roll_back"),
    path("versao/<int:version_id>/", views.version, name="version"),
    path("versao/<int:version_id>/publicar/", views.publish, name="publish"),
    path("versao/<int:version_id>/<slug:verb>/", views.act, name="act"),
]
