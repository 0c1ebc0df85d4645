// The phone: who is holding it, the chat they see, and the news that changes it.

import { openBank, setUpBank } from "./bank.js";
import { setUpComposer, quote } from "./composer.js";
import { setUpControls, showPerson, showState } from "./controls.js";
import { setUpMedia } from "./media.js";
import { attempt, copy, json, post, text, toast } from "./net.js";

const $ = (selector, root = document) => root.querySelector(selector);
const thread = $("#thread");
const scroll = $("#scroll");

/** The person whose phone this is; `name` and the rest come with the chat. */
export const current = { phone: document.body.dataset.person, name: "" };

// Whether the chat follows its newest message: until the person scrolls up, and again once they are back.
let following = true;
let typingUntil = 0;
let typingTimer = 0;
let source = null;

// Chat

/** Show the newest message, now and as long as the person stays there. */
export function follow() {
  following = true;
  scroll.scrollTop = scroll.scrollHeight;
}

// Photos grow when they arrive, cards when they change: stay at the end through all of it.
new ResizeObserver(() => following && follow()).observe(thread);

async function refreshChat({ jump = false } = {}) {
  if (!current.phone) return;
  const asked = current.phone;
  const answer = await json(`/chat/${asked}`);
  if (asked !== current.phone) return;
  Object.assign(current, answer.person);
  showPerson(current);
  $("#owner").textContent = `Celular de ${current.name}`;
  const introduction = $("#introduction");
  introduction.textContent = introduction.dataset.say = current.introduction;
  introduction.hidden = !current.introduction;
  const before = lastBubble()?.dataset.wamid;
  patch(answer.html);
  if (jump || following) follow();
  else if (before !== lastBubble()?.dataset.wamid) $("#newer").hidden = false;
  await markRead();
}

function lastBubble() {
  return [...thread.querySelectorAll(".message:not(.typing)")].at(-1);
}

/** Replace only the lines that changed: a playing voice message keeps playing. */
function patch(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const old = new Map([...thread.children].map((line) => [line.dataset.key, line]));
  const lines = [...fresh.content.children].map((line) => {
    const key = line.outerHTML;
    const kept = old.get(key);
    if (kept) return kept;
    line.dataset.key = key;
    return line;
  });
  thread.replaceChildren(...lines);
  showTyping();
}

function showTyping() {
  $(".typing", thread)?.remove();
  clearTimeout(typingTimer);
  const left = typingUntil - Date.now();
  const on = left > 0 && current.online;
  $("#presence").textContent = on ? "digitando…" : "Conta comercial";
  $("#presence").classList.toggle("is-typing", on);
  if (!on) return;
  const line = document.createElement("li");
  line.className = "message theirs typing";
  line.innerHTML = '<div class="bubble" aria-label="Digitando"><i></i><i></i><i></i></div>';
  thread.append(line);
  typingTimer = setTimeout(showTyping, left);
}

async function markRead() {
  const looking = document.visibilityState === "visible" && !$("#chat").hidden;
  const covered = $(".people").classList.contains("is-open");
  if (looking && !covered && current.unread) await post(`/chat/${current.phone}/read`);
}

async function be(phone) {
  current.phone = phone;
  current.unread = 0;
  typingUntil = 0;
  thread.replaceChildren();
  history.replaceState(null, "", `?p=${phone}`);
  $(".people").classList.remove("is-open");
  $("#newer").hidden = true;
  quote(null);
  show("chat");
  listen();
  await attempt(() => refreshChat({ jump: true }));
  refreshPeople();
}

/** Show the chat or the bank. */
export function show(name) {
  for (const panel of ["chat", "bank"]) {
    $(`#${panel}`).hidden = panel !== name;
    $(`#tab-${panel}`).setAttribute("aria-selected", String(panel === name));
  }
  if (name === "chat") attempt(refreshChat);
}

// People

async function refreshPeople() {
  $("#people").innerHTML = await text(`/people?p=${current.phone}`);
  filterPeople();
}

function plain(words) {
  return words.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

function filterPeople() {
  const wanted = plain($("#search").value);
  for (const button of document.querySelectorAll(".person")) {
    button.parentElement.hidden = !plain(button.dataset.search).includes(wanted);
  }
}

function soon(work, wait) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => attempt(work), wait);
  };
}

// News

const chatSoon = soon(refreshChat, 40);
const peopleSoon = soon(refreshPeople, 150);
const stateSoon = soon(async () => showState(await json("/state")), 80);

/** Hear the news, and let it be known whose phone is in somebody's hand. */
function listen() {
  source?.close();
  source = new EventSource(`/events?p=${current.phone}`);
  source.onmessage = ({ data }) => {
    const { topic, data: facts } = JSON.parse(data);
    const mine = facts?.person === current.phone;
    if (topic === "hello") {
      chatSoon();
      peopleSoon();
      stateSoon();
    } else if (topic === "chat") {
      if (mine && facts.by === "business") typingUntil = 0;
      if (mine) chatSoon();
      peopleSoon();
      stateSoon();
    } else if (topic === "typing" && mine) {
      typingUntil = Date.now() + facts.seconds * 1000;
      showTyping();
    } else if (topic === "clock") {
      stateSoon();
      chatSoon();
      peopleSoon();
    } else if (topic === "people") {
      if (!current.phone) return location.reload();
      peopleSoon();
      chatSoon();
      stateSoon();
    }
  };
}

// What is pressed

thread.addEventListener("click", (event) => {
  const target = event.target.closest("button, a");
  if (!target) return;
  const line = target.closest(".message");
  if (target.dataset.tap) press(target.dataset.tap, line.dataset.wamid);
  else if (target.dataset.copy) copyCode(target.dataset.copy);
  else if (target.dataset.pay) openBank(target.dataset.pay);
  else if ("sheet" in target.dataset) openList(target);
  else if (target.dataset.actions) openActions(line);
});

function press(title, wamid) {
  follow();
  attempt(() => post(`/chat/${current.phone}/tap`, { title, wamid }));
}

async function copyCode(code) {
  await copy(code);
  toast("Código copiado.");
}

function openList(opener) {
  const list = opener.nextElementSibling;
  $("#sheet-title").textContent = list.dataset.title;
  $("#sheet-body").replaceChildren(list.content.cloneNode(true));
  $("#sheet").showModal();
}

$("#sheet-body").addEventListener("click", (event) => {
  const row = event.target.closest("[data-tap]");
  if (!row) return;
  $("#sheet").close();
  press(row.dataset.tap, row.dataset.wamid);
});

function openActions(line) {
  const sheet = $("#action-sheet");
  sheet.dataset.wamid = line.dataset.wamid;
  sheet.dataset.text = [...line.querySelectorAll(".bubble > .text")].map((piece) => piece.innerText).join("\n");
  sheet.showModal();
}

$("#action-sheet").addEventListener("click", (event) => {
  const sheet = $("#action-sheet");
  const button = event.target.closest("[data-react], [data-do]");
  if (!button) return;
  sheet.close();
  const { wamid, text: words } = sheet.dataset;
  if (button.dataset.react) attempt(() => post(`/chat/${current.phone}/reaction`, { wamid, emoji: button.dataset.react }));
  else if (button.dataset.do === "reply") quote({ wamid, words: words || "Mensagem" });
  else copyCode(words);
});

for (const dialog of document.querySelectorAll("dialog")) {
  // A press beside the sheet, or on its cross, closes it.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}

$("#people").addEventListener("click", (event) => {
  const button = event.target.closest(".person");
  if (button) be(button.dataset.phone);
});
$("#search").addEventListener("input", filterPeople);
$("[data-people]").addEventListener("click", () => $(".people").classList.add("is-open"));
$("#tab-chat").addEventListener("click", () => show("chat"));
$("#tab-bank").addEventListener("click", () => show("bank"));
$("#new-person").addEventListener("click", () => $("#person-sheet").showModal());
$("#person-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const problem = $("#person-error");
  try {
    const { phone } = await post("/people", { name: $("#person-name").value, phone: $("#person-phone").value });
    problem.hidden = true;
    $("#person-sheet").close();
    event.target.reset();
    be(phone);
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  }
});
$("#newer").addEventListener("click", follow);
for (const gesture of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  // Only a person's own scrolling stops the following; a growing photo scrolls too.
  scroll.addEventListener(gesture, () => (following = false), { passive: true });
}
scroll.addEventListener("scroll", () => {
  if (scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight > 60) return;
  following = true;
  $("#newer").hidden = true;
});
scroll.addEventListener("scrollend", () => {
  following = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
});
document.addEventListener("visibilitychange", () => attempt(markRead));

setUpComposer(current, follow);
setUpBank(current, show);
setUpControls(current);
setUpMedia(thread, (wamid) => attempt(() => post(`/chat/${current.phone}/play`, { wamid })));
if (!current.phone) {
  // A telephone in nobody's hand: only a person can be chosen.
  $(".people").classList.add("is-open");
  for (const part of document.querySelectorAll("#composer *, .chips button, input[data-person]")) part.disabled = true;
}
attempt(() => refreshChat({ jump: true }));
attempt(refreshPeople);
attempt(async () => showState(await json("/state")));
listen();

// The letters and SMS of whoever holds the phone now.
document.querySelector("#post-link").addEventListener("click", (event) => {
  event.currentTarget.href = `/post/${encodeURIComponent(current.phone)}`;
});
