// Writing, quoting, attaching, stickers, recording.

import { attempt, post, toast } from "./net.js";

const $ = (selector, root = document) => root.querySelector(selector);
const field = $("#text");
let quoted = null;
let current = null;
let chosen = null;
let recording = null;
let follow = null;

/** Answer one message ({wamid, words}), or none. */
export function quote(message) {
  quoted = message;
  const box = $("#quoting");
  box.hidden = !message;
  if (!message) return;
  const words = document.createElement("span");
  words.textContent = message.words;
  const off = document.createElement("button");
  off.type = "button";
  off.className = "quiet";
  off.textContent = "Cancelar";
  off.addEventListener("click", () => quote(null));
  box.replaceChildren(words, off);
  field.focus();
}

export function setUpComposer(person, showNewest) {
  current = person;
  follow = showNewest;
  field.addEventListener("input", swap);
  field.addEventListener("keydown", (event) => {
    const typing = matchMedia("(pointer: coarse)").matches;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !typing) {
      event.preventDefault();
      send();
    }
  });
  $("#composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  $(".chips").addEventListener("click", (event) => {
    const words = event.target.closest("[data-say]")?.dataset.say;
    if (!words) return;
    follow();
    attempt(() => post(`/chat/${current.phone}/text`, { text: words }));
  });
  $("#attach").addEventListener("click", () => $("#attach-sheet").showModal());
  $("#stickers").addEventListener("click", () => $("#sticker-sheet").showModal());
  $("#attach-sheet").addEventListener("change", choose);
  $("#sticker-sheet").addEventListener("click", sticker);
  $("#send-location").addEventListener("click", sendLocation);
  $("#file-form").addEventListener("submit", sendFile);
  $("#record").addEventListener("click", startRecording);
  $("#record-send").addEventListener("click", () => stopRecording(true));
  $("#record-cancel").addEventListener("click", () => stopRecording(false));
}

function swap() {
  const written = field.value.trim() !== "";
  $("#send").hidden = !written;
  $("#record").hidden = written;
}

async function send() {
  const words = field.value.trim();
  if (!words || !current.phone) return;
  const body = { text: words, quote: quoted?.wamid ?? "" };
  field.value = "";
  swap();
  quote(null);
  follow();
  const sent = await attempt(() => post(`/chat/${current.phone}/text`, body));
  if (!sent && !field.value) {
    field.value = words;
    swap();
  }
  field.focus();
}

async function upload(blob, name, facts) {
  follow();
  const form = new FormData();
  form.append("file", blob, name);
  for (const [key, value] of Object.entries(facts)) form.append(key, value);
  return attempt(() => post(`/chat/${current.phone}/file`, form));
}

// A file: chosen, looked at, then sent

function choose(event) {
  const input = event.target.closest("input[type=file]");
  const file = input?.files[0];
  if (!file) return;
  chosen = { file, kind: input.dataset.kind };
  input.value = "";
  $("#attach-sheet").close();
  const address = URL.createObjectURL(file);
  const preview = document.createElement(chosen.kind === "image" ? "img" : chosen.kind === "audio" ? "audio" : "p");
  if (chosen.kind === "document") preview.textContent = file.name;
  else preview.src = address;
  if (chosen.kind === "image") preview.alt = "Foto escolhida";
  if (chosen.kind === "audio") preview.controls = true;
  $("#file-preview").replaceChildren(preview);
  $("#caption-field").hidden = chosen.kind === "audio";
  $("#caption").value = "";
  $("#meaning").value = "";
  $("#meaning-label").textContent = chosen.kind === "audio" ? "O que é dito no áudio" : "O que está escrito no arquivo";
  $("#file-sheet").showModal();
}

async function sendFile(event) {
  event.preventDefault();
  const { file, kind } = chosen;
  const words = $("#meaning").value.trim();
  const audio = { transcript: words, confidence: 0.95 };
  const meaning = !words ? {} : kind === "audio" ? audio : { kind: "other", text: words };
  $("#file-sheet").close();
  await upload(file, file.name, { kind, caption: $("#caption").value, meaning: JSON.stringify(meaning) });
}

/** Send a picture drawn by the page, with what it says in the words a reader of pictures would find. */
export async function sendPicture(blob, name, meaning) {
  return upload(blob, name, { kind: "image", caption: "", meaning: JSON.stringify(meaning) });
}

function sticker(event) {
  const emoji = event.target.closest("[data-sticker]")?.dataset.sticker;
  if (!emoji) return;
  $("#sticker-sheet").close();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 512;
  const pen = canvas.getContext("2d");
  pen.font = '380px "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif';
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(emoji, 256, 280);
  canvas.toBlob((blob) => upload(blob, "figurinha.webp", { kind: "sticker" }), "image/webp", 0.8);
}

function sendLocation() {
  $("#attach-sheet").close();
  const place = {
    latitude: -23.5989,
    longitude: -46.6361,
    name: "Minha localização",
    address: "Vila Clementino, São Paulo, SP",
  };
  attempt(() => post(`/chat/${current.phone}/location`, place));
}

// Voice

async function startRecording() {
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return withoutMicrophone();
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return withoutMicrophone();
  }
  const recorder = new MediaRecorder(stream, { mimeType: "audio/webm;codecs=opus" });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.onstop = () => {
    for (const track of stream.getTracks()) track.stop();
    const blob = new Blob(parts, { type: "audio/webm" });
    if (recording.wanted) upload(blob, "voz.webm", { kind: "audio", voice: "1" });
    recording = null;
  };
  recorder.start();
  const began = Date.now();
  const timer = setInterval(() => ($("#record-time").textContent = clock((Date.now() - began) / 1000)), 250);
  recording = { recorder, timer, wanted: false };
  $("#record-time").textContent = "0:00";
  showRecorder(true);
}

function stopRecording(wanted) {
  if (!recording) return;
  recording.wanted = wanted;
  clearInterval(recording.timer);
  recording.recorder.stop();
  showRecorder(false);
}

function showRecorder(on) {
  $("#recorder").hidden = !on;
  $("#composer").hidden = on;
}

function withoutMicrophone() {
  toast("Sem microfone aqui. Escolha um arquivo de áudio.");
  $("#attach-sheet").showModal();
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}
