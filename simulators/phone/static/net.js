// Requests to the simulator and sentences to the person.

/** Fetch text; throws an Error whose message is meant for the person. */
export async function text(url) {
  const answer = await reach(url);
  if (!answer.ok) throw new Error(await sentence(answer));
  return answer.text();
}

/** Fetch JSON. */
export async function json(url) {
  const answer = await reach(url);
  if (!answer.ok) throw new Error(await sentence(answer));
  return answer.json();
}

/** POST an object (as JSON) or FormData and return the JSON answer. */
export async function post(url, body = {}) {
  const form = body instanceof FormData;
  const answer = await reach(url, {
    method: "POST",
    headers: form ? {} : { "Content-Type": "application/json" },
    body: form ? body : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await sentence(answer));
  return answer.json();
}

async function reach(url, options) {
  try {
    return await fetch(url, options);
  } catch {
    throw new Error("Sem conexão com o simulador. Nada se perdeu; tente de novo.");
  }
}

async function sentence(answer) {
  try {
    return (await answer.json()).error || `Algo não deu certo (erro ${answer.status}).`;
  } catch {
    return `Algo não deu certo (erro ${answer.status}).`;
  }
}

let timer = 0;

/** Say something for a few seconds. */
export function toast(words) {
  const box = document.querySelector(".toast");
  box.textContent = words;
  box.classList.add("is-on");
  clearTimeout(timer);
  timer = setTimeout(() => box.classList.remove("is-on"), 3800);
}

/** Run what may fail; say why when it does. Returns whether it went well. */
export async function attempt(work) {
  try {
    await work();
    return true;
  } catch (error) {
    toast(error.message);
    return false;
  }
}

/** Put text on the clipboard, also where the page has no permission to ask. */
export async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    const field = document.createElement("textarea");
    field.value = words;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}
