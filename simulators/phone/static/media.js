// Voice messages that play and photos that open.

const $ = (selector, root = document) => root.querySelector(selector);
const PLAY = '<path d="M8 5.5v13l11-6.5z"/>';
const PAUSE = '<path d="M8.5 5.5v13M15.5 5.5v13" stroke-width="3"/>';
const sounds = new Map();
let playing = null;

/** Let sounds play and photos open; `heard` is told the wamid of what the business said aloud. */
export function setUpMedia(thread, heard) {
  thread.addEventListener("click", (event) => {
    const player = event.target.closest(".player");
    const view = event.target.closest("[data-view]")?.dataset.view;
    if (view) {
      $("#viewer img").src = view;
      $("#viewer").showModal();
    } else if (event.target.closest(".player-button")) {
      toggle(player);
      const line = player.closest(".theirs");
      if (line) heard(line.dataset.wamid);
    } else if (event.target.closest(".player-bars")) seek(player, event);
  });
}

function soundOf(player) {
  const source = player.dataset.source;
  if (!sounds.has(source)) {
    const sound = new Audio(source);
    const find = () => document.querySelector(`.player[data-source="${CSS.escape(source)}"]`);
    for (const news of ["timeupdate", "play", "pause", "ended", "loadedmetadata"]) {
      sound.addEventListener(news, () => paint(find(), sound));
    }
    sound.addEventListener("error", () => {
      const shown = find();
      if (shown) $(".player-time", shown).textContent = "Não foi possível tocar";
    });
    sounds.set(source, sound);
  }
  return sounds.get(source);
}

function toggle(player) {
  const sound = soundOf(player);
  if (!sound.paused) return sound.pause();
  if (playing && playing !== sound) playing.pause();
  playing = sound;
  sound.play().catch(() => {});
}

function seek(player, event) {
  const sound = soundOf(player);
  const box = event.target.closest(".player-bars").getBoundingClientRect();
  if (Number.isFinite(sound.duration)) sound.currentTime = ((event.clientX - box.left) / box.width) * sound.duration;
}

function paint(player, sound) {
  if (!player) return;
  const button = $(".player-button", player);
  $("svg", button).innerHTML = sound.paused ? PLAY : PAUSE;
  const bars = [...player.querySelectorAll(".player-bars i")];
  const length = Number.isFinite(sound.duration) ? sound.duration : 0;
  const share = length ? sound.currentTime / length : 0;
  bars.forEach((bar, place) => bar.classList.toggle("is-past", place < share * bars.length));
  const seconds = Math.round(sound.currentTime || length);
  $(".player-time", player).textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
