"""`/l/`: where the links in e-mails and SMS lead. No page here shows anything about anybody."""

from django.urls import path

from conversations import link_views

app_name = "links"

urlpatterns = [
    path("parar/<str:token>/", link_views.stop, name="stop"),
    path("<str:token>/", link_views.talk, name="talk"),
]
