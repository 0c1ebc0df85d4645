"""`/admin/regua/`."""

from django.urls import path

from office.cadence_desk import approval_views, rehearsal_views, segment_views, version_views

app_name = "regua"

urlpatterns = [
    path("", version_views.index, name="index"),
    path("voltar/", version_views.roll_back, name="roll_back"),
    path("modelo/<slug:key>/", version_views.start_preset, name="start_preset"),
    path("versao/<int:version_id>/", version_views.editor, name="editor"),
    path("versao/<int:version_id>/copiar/", version_views.copy, name="copy"),
    path("versao/<int:version_id>/etapa/", version_views.step, name="add_step"),
    path("versao/<int:version_id>/etapa/<int:step_id>/", version_views.step, name="step"),
    path("versao/<int:version_id>/etapa/<int:step_id>/tirar/", version_views.remove_step, name="remove_step"),
    path("versao/<int:version_id>/ritmo/", version_views.add_pace, name="add_pace"),
    path("versao/<int:version_id>/ritmo/<int:pace_id>/tirar/", version_views.remove_pace, name="remove_pace"),
    path("versao/<int:version_id>/pedir/", version_views.submit, name="submit"),
    path("versao/<int:version_id>/devolver/", version_views.withdraw, name="withdraw"),
    path("versao/<int:version_id>/publicar/", version_views.publish, name="publish"),
    path("versao/<int:version_id>/descartar/", version_views.discard, name="discard"),
    path("versao/<int:version_id>/ensaiar/", rehearsal_views.ask, name="rehearse"),
    path("ensaio/<int:rehearsal_id>/", rehearsal_views.show, name="rehearsal"),
    path("ensaio/<int:rehearsal_id>/andamento/", rehearsal_views.progress, name="progress"),
    path("ensaio/<int:rehearsal_id>/contatos/", rehearsal_views.rows, name="rows"),
    path("segmentos/", segment_views.index, name="segments"),
    path("segmentos/novo/", segment_views.edit, name="add_segment"),
    path("segmentos/contar/", segment_views.count, name="count_segment"),
    path("segmentos/<int:segment_id>/", segment_views.edit, name="segment"),
    path("segmentos/<int:segment_id>/arquivar/", segment_views.archive, name="archive_segment"),
    path("aprovacoes/", approval_views.index, name="approvals"),
    path("aprovacoes/<int:approval_id>/", approval_views.show, name="approval"),
    path("aprovacoes/<int:approval_id>/enviar/", approval_views.send, name="send_approval"),
    path("aprovacoes/<int:approval_id>/dispensar/", approval_views.dismiss, name="dismiss_approval"),
]
