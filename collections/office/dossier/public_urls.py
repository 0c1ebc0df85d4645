"""`/dossie/`: what anybody needs to verify a dossier. No page here knows of any member."""

from django.urls import path

from office.dossier import public_views

app_name = "dossier_public"

urlpatterns = [
    path("chave.txt", public_views.key, name="key"),
    path("verify_dossier.py", public_views.verifier, name="verifier"),
]
