from django.urls import path

from office.first_steps import views

app_name = "first_steps"

urlpatterns = [
    path("", views.index, name="index"),
    path("dispensar/", views.dismiss, name="dismiss"),
]
