from django.urls import path

from office.settings_desk import views

app_name = "settings"

urlpatterns = [
    path("", views.index, name="index"),
    path("aviso/", views.notice, name="notice"),
    path("custos/", views.costs, name="costs"),
    path("metas/", views.goals, name="goals"),
    path("parte/<slug:area>/", views.change, name="change"),
]
