from django.urls import path

from lab import views

app_name = "lab"
urlpatterns = [
    path("world", views.set_world, name="world"),
    path("clock", views.move_clock, name="clock"),
    path("idle", views.idle, name="idle"),
    path("projection", views.show_projection, name="projection"),
]
