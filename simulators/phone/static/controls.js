// The demonstration's controls: the business clock, this device, the network.

import { attempt, post } from "./net.js";

const $ = (selector, root = document) => root.querySelector(selector);
const format = new Intl.DateTimeFormat("pt-BR", {
  timeZone: "America/Sao_Paulo",
  weekday: "short",
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});
const HOURS = { "1h": 1, "1d": 24 };
let clock = null;
let moving = null;

export function setUpControls(current) {
  $("[data-controls]").addEventListener("click", () => $("#controls").classList.add("is-open"));
  $("[data-close-controls]").addEventListener("click", () => $("#controls").classList.remove("is-open"));
  for (const box of document.querySelectorAll("[data-person]:is(input)")) {
    box.addEventListener("change", () => flip(box, `/person/${current.phone}`, { [box.dataset.person]: box.checked }));
  }
  for (const box of document.querySelectorAll("[data-fault]")) {
    box.addEventListener("change", () => flip(box, "/faults", { name: box.dataset.fault, on: box.checked }));
  }
  for (const button of document.querySelectorAll("[data-clock]")) {
    button.addEventListener("click", () => move(button));
  }
  $("#retry").addEventListener("click", () => attempt(() => post("/retry")));
  setInterval(paintClock, 1000);
}

async function flip(box, url, body) {
  const done = await attempt(() => post(url, body));
  if (!done) box.checked = !box.checked;
}

/** Show the switches of the person whose phone this is, and a line where something keeps messages away. */
export function showPerson(person) {
  for (const box of document.querySelectorAll("input[data-person]")) box.checked = person[box.dataset.person];
  const notice = $("#notice");
  notice.hidden = person.online && !person.blocked;
  notice.textContent = person.blocked
    ? "Você bloqueou esta empresa. Desbloqueie nos controles para conversar."
    : "Sem internet: o que você escrever sai quando o aparelho voltar.";
}

/** Show clock and network as the server told them. */
export function showState(state) {
  clock = { base: Date.parse(state.now), at: performance.now(), frozen: state.frozen };
  for (const box of document.querySelectorAll("[data-fault]")) box.checked = state.faults[box.dataset.fault];
  const waiting = state.unacknowledged;
  $("#waiting").textContent = waiting
    ? `${waiting} ${waiting === 1 ? "aviso espera" : "avisos esperam"} o Em Dia responder.`
    : "Todos os avisos foram entregues ao Em Dia.";
  $("#retry").hidden = !waiting;
  $("#clock-note").textContent = state.frozen ? "Parado até alguém o mover." : "Anda junto com o relógio real.";
  paintClock();
  paintProgress();
}

function now() {
  return clock.base + (clock.frozen ? 0 : performance.now() - clock.at);
}

function paintClock() {
  if (!clock) return;
  const parts = Object.fromEntries(format.formatToParts(now()).map(({ type, value }) => [type, value]));
  const weekday = parts.weekday.replace(".", "");
  const words = `${weekday} ${parts.day}/${parts.month}/${parts.year} ${parts.hour}:${parts.minute}`;
  $("#clock").textContent = words;
  $("#bar-time").textContent = words;
}

async function move(button) {
  const buttons = document.querySelectorAll("[data-clock]");
  const { clock: verb, value } = button.dataset;
  const problem = $("#clock-error");
  problem.hidden = true;
  for (const one of buttons) one.disabled = true;
  moving = { from: now(), hours: HOURS[value] ?? 0, began: Date.now() };
  $("#clock-progress").hidden = false;
  const ticking = setInterval(paintProgress, 500);
  paintProgress();
  try {
    await post("/clock", { [verb]: value });
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  }
  clearInterval(ticking);
  moving = null;
  $("#clock-progress").hidden = true;
  for (const one of buttons) one.disabled = false;
}

function paintProgress() {
  if (!moving) return;
  const bar = $("#clock-progress progress");
  const gone = Math.max(0, now() - moving.from) / 3_600_000;
  const seconds = Math.round((Date.now() - moving.began) / 1000);
  if (moving.hours) {
    bar.value = Math.min(99, (gone / moving.hours) * 100);
    const hours = `${Math.min(moving.hours, Math.floor(gone))} de ${moving.hours} h`;
    $("#clock-progress span").textContent = `Rodando hora por hora: ${hours} (${seconds} s)`;
  } else {
    bar.removeAttribute("value");
    $("#clock-progress span").textContent = `Procurando a próxima janela permitida (${seconds} s)`;
  }
}
