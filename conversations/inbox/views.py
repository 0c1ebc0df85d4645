"""The inbox. Every page works without script; with htmx the same views answer the fragment that changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.models import User
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from commons import clock
from conversations import takeover
from conversations.inbox import selectors
from conversations.inbox.context_panel import panel
from conversations.models import Conversation, Media, Message

_SAFE_INLINE = {
    "image/jpeg",
    "image/png",
    "image/webp",
    "audio/ogg",
    "audio/mpeg",
    "audio/mp4",
    "application/pdf",
}

View = Callable[..., HttpResponseBase]


def _staff(view: View) -> View:
    """Staff only; reading and writing conversations is a permission of its own."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("conversations.view_conversation"):
            raise Http404
        return view(request, *args, **kwargs)

    return cast(View, staff_member_required(guarded, login_url="admin:login"))


@_staff
@require_GET
def index(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The whole inbox; the address holds view, search and conversation."""
    context = _list_context(request)
    if pk is not None:
        context |= _thread_context(request, pk)
        Conversation.objects.filter(pk=pk).update(unread=0)
    return render(request, "inbox/index.html", admin.site.each_context(request) | context)


@_staff
@require_GET
def conversation_list(request: HttpRequest) -> HttpResponse:
    return render(request, "inbox/index.html#list", _list_context(request))


@_staff
@require_GET
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """The middle column, fetched again when something in it changed."""
    return render(request, "inbox/index.html#thread", _list_context(request) | _thread_context(request, pk))


@_staff
@require_GET
def side(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "inbox/index.html#side", _thread_context(request, pk))


@_staff
@require_GET
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """One message opened: the decision rule by rule, and for the agent's its facts, tools and checks."""
    message = Message.objects.select_related("decision", "run", "conversation__member").filter(pk=pk).first()
    if message is None:
        raise Http404
    return render(
        request,
        "inbox/why.html",
        admin.site.each_context(request)
        | {"message": message, "steps": message.run.steps.all() if message.run else [], "title": "Por quê?"},
    )


@_staff
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda user: takeover.take(conversation_id=pk, user=user, now=clock.now()))


@_staff
@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    text = request.POST.get("text", "")
    return _act(
        request, pk, lambda user: takeover.write(conversation_id=pk, user=user, text=text, now=clock.now())
    )


@_staff
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    body = request.POST.get("note", "")
    return _act(
        request, pk, lambda user: takeover.add_note(conversation_id=pk, user=user, body=body, now=clock.now())
    )


@_staff
@require_POST
def hand_back(request: HttpRequest, pk: int) -> HttpResponse:
    card = request.POST.get("note", "")
    return _act(
        request,
        pk,
        lambda user: takeover.hand_back(conversation_id=pk, user=user, note=card, now=clock.now()),
    )


@_staff
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda user: takeover.close(conversation_id=pk, user=user, now=clock.now()))


@_staff
@require_GET
def media(_request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file somebody sent, only to staff; what is not plainly safe to show is a download."""
    found = Media.objects.filter(pk=pk).exclude(path="").first()
    if found is None:
        raise Http404
    kind = found.mime_type.split(";")[0]
    path = Path(settings.MEDIA_ROOT) / found.path
    response = FileResponse(
        path.open("rb"),
        as_attachment=kind not in _SAFE_INLINE,
        filename=found.file_name or f"arquivo-{found.pk}",
        content_type=kind if kind in _SAFE_INLINE else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _act(request: HttpRequest, pk: int, act: Callable[[User], Any]) -> HttpResponse:
    """Runs one act and shows the conversation again; a refusal is a sentence above it, nothing is lost."""
    if not Conversation.objects.filter(pk=pk).exists():
        raise Http404
    error = ""
    try:
        act(cast(User, request.user))
    except (takeover.AlreadyTaken, takeover.NotYours, takeover.Refused, ValueError) as refused:
        error = str(refused)
    is_fragment = getattr(request, "htmx", False)
    if not error and not is_fragment:
        query = {name: request.GET[name] for name in ("view", "q") if name in request.GET}
        return redirect(f"{reverse('inbox:conversation', args=[pk])}{'?' if query else ''}{urlencode(query)}")
    context = _list_context(request) | _thread_context(request, pk)
    context |= {"error": error, "kept_text": request.POST.get("text", "") if error else ""}
    if is_fragment:
        return render(request, "inbox/index.html#thread", context)
    return render(request, "inbox/index.html", admin.site.each_context(request) | context)


def _list_context(request: HttpRequest) -> dict[str, Any]:
    now = clock.now()
    key = request.GET.get("view", selectors.DEFAULT_VIEW)
    search = request.GET.get("q", "").strip()[:80]
    user = cast(User, request.user)
    views = {view.key: view for view in selectors.VIEWS}
    return {
        "title": "Conversas",
        "views": selectors.VIEWS,
        "counts": selectors.counts(user=user, now=now),
        "view": views.get(key, views[selectors.DEFAULT_VIEW]),
        "search": search,
        "cards": selectors.cards(key=key, search=search, user=user, now=now),
        "now": now,
        "selected": None,
    }


def _thread_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    now = clock.now()
    selected = selectors.conversation(pk)
    if selected is None:
        raise Http404
    return {
        "selected": selected,
        "thread": selectors.thread(selected),
        "drafts": selectors.drafts(selected),
        "held_back": selectors.rejected_draft(selected),
        "window_left": selectors.window_left(selected, now=now),
        "panel": panel(selected, now=now),
        "mine": selected.operator_id == request.user.pk,
        "now": now,
    }
