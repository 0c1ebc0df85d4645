// The payer's bank: reads a Pix code, shows what it asks for, pays, and makes a receipt to send.

import { sendPicture } from "./composer.js";
import { attempt, post, toast } from "./net.js";

const $ = (selector, root = document) => root.querySelector(selector);
const money = new Intl.NumberFormat("pt-BR", { style: "currency", currency: "BRL" });
let current = null;
let show = null;

export function setUpBank(person, showPanel) {
  current = person;
  show = showPanel;
  $("#bank-form").addEventListener("submit", (event) => {
    event.preventDefault();
    look($("#bank-code").value.trim());
  });
}

/** Go back to the empty field for a code. */
function startOver() {
  $("#bank-form").hidden = false;
  $("#bank-result").replaceChildren();
  $("#bank-code").value = "";
  $("#bank-code").focus();
}

/** Open the bank with a code and look at once what it asks for. */
export function openBank(code) {
  show("bank");
  $("#bank-code").value = code;
  look(code);
}

function element(tag, facts = {}, ...children) {
  const made = Object.assign(document.createElement(tag), facts);
  made.append(...children);
  return made;
}

function lines(facts) {
  const list = element("dl");
  for (const [label, value] of facts) {
    if (value) list.append(element("dt", { textContent: label }), element("dd", { textContent: value }));
  }
  return list;
}

function result(...children) {
  const other = element("button", { type: "button", className: "quiet", textContent: "Pagar outro código" });
  other.addEventListener("click", startOver);
  $("#bank-form").hidden = true;
  $("#bank-result").replaceChildren(element("div", { className: "bank-card" }, ...children, other));
  $("#bank").scrollTop = 0;
}

function problem(words) {
  return element("p", { className: "error", textContent: words });
}

async function look(code) {
  let charge;
  try {
    charge = await post("/pix/bank/lookup", { code });
  } catch (error) {
    return result(problem(error.message));
  }
  const payer = element("input", { value: current.name, required: true, maxLength: 80 });
  const document_ = element("input", { inputMode: "numeric", maxLength: 18, placeholder: "Opcional" });
  const amount = element("input", { inputMode: "decimal", required: true, placeholder: "0,00" });
  if (charge.amount) amount.value = charge.amount.replace(".", ",");
  const top = charge.editable
    ? field("Quanto pagar (R$)", amount)
    : element("p", { className: "amount", textContent: money.format(charge.amount) });
  const button = element("button", { type: "submit", className: "primary", textContent: payLabel(charge) });
  const warning = charge.expired ? [problem("Este código venceu. O banco ainda pode recusar o pagamento.")] : [];
  const form = element(
    "form",
    {},
    element("span", { className: "label", textContent: "Você vai pagar" }),
    top,
    lines([
      ["Para", charge.payee],
      [charge.document?.length === 11 ? "CPF" : "CNPJ", spelled(charge.document)],
      ["Vencimento", day(charge.due)],
      ["Identificador", charge.txid],
    ]),
    field("Quem paga", payer),
    field("CPF ou CNPJ de quem paga", document_),
    ...warning,
    button,
  );
  form.className = "bank-fields";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const order = { code, payer_name: payer.value };
    if (charge.editable) order.amount = amount.value.replace(/\./g, "").replace(",", ".");
    if (document_.value) order.payer_document = document_.value.replace(/\D/g, "");
    try {
      const paid = await post("/pix/bank/pay", order);
      receipt(charge, paid, payer.value);
    } catch (error) {
      form.querySelector(".error")?.remove();
      button.before(problem(error.message));
      button.disabled = false;
    }
  });
  result(form);
}

function payLabel(charge) {
  return charge.editable ? "Pagar" : `Pagar ${money.format(charge.amount)}`;
}

function field(label, input) {
  return element("label", { className: "field" }, label, input);
}

function spelled(document) {
  const groups = { 11: [3, 3, 3, 2], 14: [2, 3, 3, 4, 2] }[document?.length];
  if (!groups) return document;
  const marks = groups.length === 4 ? [".", ".", "-", ""] : [".", ".", "/", "-", ""];
  let from = 0;
  return groups.map((size, place) => document.slice(from, (from += size)) + marks[place]).join("");
}

function day(text) {
  return text ? text.split("-").reverse().join("/") : "";
}

function receipt(charge, paid, payer) {
  const when = new Date(paid.paid_at).toLocaleString("pt-BR", { timeZone: "America/Sao_Paulo" });
  const facts = [
    ["Valor", money.format(paid.amount)],
    ["Para", charge.payee],
    ["De", payer],
    ["Data", when],
    ["ID da transação", paid.end_to_end_id],
  ];
  const send = element("button", { type: "button", className: "primary", textContent: "Enviar comprovante na conversa" });
  const back = element("button", { type: "button", className: "quiet", textContent: "Voltar para a conversa" });
  send.addEventListener("click", () => attempt(() => sendReceipt(facts, charge, paid)));
  back.addEventListener("click", () => show("chat"));
  result(
    element("p", { className: "paid-mark", textContent: "✓ Pagamento feito" }),
    element("p", { className: "amount", textContent: money.format(paid.amount) }),
    lines(facts.slice(1)),
    send,
    back,
  );
}

async function sendReceipt(facts, charge, paid) {
  const canvas = element("canvas", { width: 720, height: 860 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, 720, 860);
  pen.fillStyle = "#0f766e";
  pen.fillRect(0, 0, 720, 128);
  pen.fillStyle = "#ffffff";
  pen.font = "600 36px sans-serif";
  pen.fillText("Comprovante de Pix", 48, 78);
  let y = 200;
  for (const [label, value] of facts) {
    pen.fillStyle = "#5b6b69";
    pen.font = "26px sans-serif";
    pen.fillText(label, 48, y);
    pen.fillStyle = "#14201f";
    pen.font = "600 32px sans-serif";
    pen.fillText(value, 48, y + 42, 624);
    y += 128;
  }
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const fields = {
    amount: paid.amount,
    paid_at: paid.paid_at,
    payee: charge.payee,
    end_to_end_id: paid.end_to_end_id,
    scheduled: false,
  };
  const said = facts.map(([label, value]) => `${label}: ${value}`).join("\n");
  const sent = await sendPicture(blob, "comprovante.png", { kind: "receipt", fields, text: said });
  if (!sent) return;
  show("chat");
  toast("Comprovante enviado.");
}
