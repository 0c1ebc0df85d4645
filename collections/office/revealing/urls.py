"""`/admin/mostrar/`."""

from django.urls import path

from office.revealing import views

app_name = "revealing"

urlpatterns = [
    path("<int:member_id>/documento/", views.ask, name="document_ask"),
    path("<int:member_id>/documento/ver/", views.show, name="document_show"),
    path("<int:member_id>/documento/botao/", views.button, name="document_button"),
    path("<int:member_id>/contatos/<int:point_id>/", views.ask, name="contact_ask"),
    path("<int:member_id>/contatos/<int:point_id>/ver/", views.show, name="contact_show"),
    path("<int:member_id>/contatos/<int:point_id>/botao/", views.button, name="contact_button"),
]
