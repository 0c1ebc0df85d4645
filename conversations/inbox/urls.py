from django.urls import path

from conversations.inbox import views

app_name = "inbox"
urlpatterns = [
    path("", views.index, name="index"),
    path("lista/", views.conversation_list, name="list"),
    path("<int:pk>/", views.index, name="conversation"),
    path("<int:pk>/mensagens/", views.thread, name="thread"),
    path("<int:pk>/ficha/", views.side, name="side"),
    path("<int:pk>/assumir/", views.take, name="take"),
    path("<int:pk>/responder/", views.reply, name="reply"),
    path("<int:pk>/nota/", views.note, name="note"),
    path("<int:pk>/devolver/", views.hand_back, name="hand_back"),
    path("<int:pk>/encerrar/", views.close, name="close"),
    path("mensagem/<int:pk>/", views.why, name="why"),
    path("arquivo/<int:pk>/", views.media, name="media"),
]
