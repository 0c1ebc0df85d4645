// The inbox, live: the stream says which conversation changed, the page fetches what it shows of it.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const news = document.getElementById("ib-news");
  const pending = new Set();
  const list = () => document.getElementById("ib-list");

  function toBottom() {
    const messages = document.getElementById("ib-messages");
    if (messages) messages.scrollTop = messages.scrollHeight;
  }

  function nearBottom() {
    const messages = document.getElementById("ib-messages");
    return !messages || messages.scrollHeight - messages.scrollTop - messages.clientHeight < 160;
  }

  // Asked for again while it loads, a part is loaded once more afterwards: what is on the page is never older
  // than the last call.
  function loader(load) {
    let running = false;
    let again = false;
    return async () => {
      again = true;
      if (running) return;
      running = true;
      try {
        while (again) {
          again = false;
          await load();
        }
      } catch {
        // The connection is gone; when the stream is open again everything is loaded anew.
      } finally {
        running = false;
      }
    };
  }

  // Each part asks in its own name: of the requests in one name the library keeps only the last.
  function fill(part, address) {
    return htmx.ajax("GET", address, { source: part, target: part, swap: "innerHTML" });
  }

  const loadCards = loader(() => fill("#ib-list", inbox.dataset.list));
  const loadSide = loader(() => fill("#ib-side", inbox.dataset.side));

  function loadList() {
    pending.clear();
    news.hidden = true;
    loadCards();
  }

  // A row must never move under the cursor: while the pointer is over the list, news wait behind a button.
  function listChanged(pk) {
    pending.add(pk);
    if (list().matches(":hover")) {
      news.textContent = pending.size === 1 ? "1 nova" : `${pending.size} novas`;
      news.hidden = false;
    } else {
      loadList();
    }
  }

  function composing() {
    return [...document.querySelectorAll("#ib-thread textarea")].some((area) => area === document.activeElement);
  }

  // Only the messages are swapped while somebody writes, so that no letter and no cursor is lost.
  const loadThread = loader(async () => {
    const follow = nearBottom();
    if (composing()) {
      const answer = await fetch(inbox.dataset.thread, { headers: { "HX-Request": "true" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("ib-messages");
      if (fresh) document.getElementById("ib-messages").replaceWith(fresh);
    } else {
      await fill("#ib-thread", inbox.dataset.thread);
    }
    if (follow) toBottom();
    loadSide();
  });

  let waiting = null;
  function soon(work) {
    clearTimeout(waiting);
    waiting = setTimeout(work, 120);
  }

  const stream = new EventSource("/live/");
  let opened = false;
  stream.addEventListener("open", () => {
    // After a break everything may have changed.
    if (opened) {
      loadList();
      if (inbox.dataset.thread) loadThread();
    }
    opened = true;
    inbox.dataset.live = "1";
  });
  stream.addEventListener("conversation", (event) => {
    if (event.data === inbox.dataset.conversation) soon(loadThread);
    listChanged(event.data);
  });

  news.addEventListener("click", loadList);
  list().addEventListener("mouseleave", () => pending.size && loadList());

  // Drafts of replies and notes are kept apart, per conversation, in this browser only.
  document.addEventListener("input", (event) => {
    const key = event.target.dataset && event.target.dataset.draft;
    if (key) sessionStorage.setItem(key, event.target.value);
  });
  function restoreDrafts() {
    document.querySelectorAll("#ib-thread textarea[data-draft]").forEach((area) => {
      if (!area.value) area.value = sessionStorage.getItem(area.dataset.draft) || "";
    });
  }
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest && event.target.closest("form[data-kind]");
    if (form) form.querySelectorAll("textarea[data-draft]").forEach((area) => sessionStorage.removeItem(area.dataset.draft));
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "ib-thread") {
      restoreDrafts();
      toBottom();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest && event.target.closest("form[data-kind]");
      if (form) form.requestSubmit();
    }
  });

  restoreDrafts();
  toBottom();
})();
