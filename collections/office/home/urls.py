from django.urls import path

from office.home import views

app_name = "home"

urlpatterns = [path("numeros/", views.numbers, name="numbers")]
