"""`/admin/contatos/`."""

from django.urls import path

from office.contacts import book_views, hygiene_views, preference_views, quarantine_views

app_name = "contacts"

urlpatterns = [
    path("livro/", book_views.index, name="book"),
    path("livro/exportar/", book_views.export, name="book_export"),
    path("livro/registrar/", book_views.find_member, name="entry_member"),
    path("livro/registrar/<int:member_id>/", book_views.entry, name="entry"),
    path("quarentena/", quarantine_views.index, name="quarantine"),
    path("quarentena/<int:point_id>/manter/", quarantine_views.keep, name="quarantine_keep"),
    path("quarentena/<int:point_id>/devolver/", quarantine_views.free, name="quarantine_free"),
    path("higiene/", hygiene_views.index, name="hygiene"),
    path("higiene/<int:task_id>/", hygiene_views.task_page, name="hygiene_task"),
    path("higiene/<int:task_id>/responder/", hygiene_views.answer, name="hygiene_answer"),
    path("preferencias/<int:member_id>/", preference_views.preference, name="preference"),
]
