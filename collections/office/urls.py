"""Pages of the office that are no model's own; they come before the admin's."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("configuracoes/", include("office.settings_desk.urls")),
    path("politicas/", include("office.policy_desk.urls")),
    path("primeiros-passos/", include("office.first_steps.urls")),
    path("ajuda/", include("office.help.urls")),
    path("inicio/", include("office.home.urls")),
    path("listas/", include("office.lists.urls")),
    path("importacoes/", include("office.imports.urls")),
    path("regua/", include("office.cadence_desk.urls")),
    path("contatos/", include("office.contacts.urls")),
    path("modelos/", include("office.templates_desk.urls")),
    path("dossie/", include("office.dossier.urls")),
    path("mostrar/", include("office.revealing.urls")),
    path("paradas/", include("office.stopping.stop_urls")),
    path("periodos-sem-contato/", include("office.stopping.blackout_urls")),
    path("passaportes/", include("office.passports.urls")),
]
