// The shop's own script: a basket and a name in the browser, calls to the shop's API. It knows the agent by its API only.
"use strict";

const find = (selector) => document.querySelector(selector);
const say = (text) => find(".answer") && (find(".answer").textContent = text);
const basket = () => JSON.parse(localStorage.getItem("basket") || "[]");
const euros = (cents) => (cents / 100).toFixed(2) + " €";
const sum = () => basket().reduce((all, line) => all + line.cents, 0);

function welcome() {
  const name = localStorage.getItem("name");
  find("#account").textContent = name ? "Sign out" : "Sign in";
  find("#greeting").hidden = !name;
  find("#greeting").textContent = name ? "Welcome " + name : "";
  if (name) window.footfall?.identifyUser(name);
}

function showBasket() {
  find("#count").textContent = basket().length;
  if (find("#sum")) find("#sum").textContent = euros(sum());
  const lines = find("#lines");
  if (!lines || !basket().length) return;
  lines.replaceChildren(
    ...basket().map((line) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      const price = document.createElement("b");
      name.textContent = line.name;
      price.textContent = euros(line.cents);
      row.append(name, price);
      return row;
    }),
  );
}

/** Asks the shop; answers its words. */
async function ask(what, method = "GET", body = undefined) {
  const answer = await fetch("/shop/api/" + what, { method, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/** Runs a call of a button and says what came of it. */
async function run(button, call) {
  button.disabled = true;
  say("One moment …");
  try {
    say(await call());
  } catch (error) {
    say(error.message || "That did not work.");
  }
  button.disabled = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button, #account");
  if (!button) return;
  if (button.dataset.call) run(button, () => ask(button.dataset.call));
  if (button.dataset.add) {
    const cents = Math.round(parseFloat(button.dataset.price) * 100);
    run(button, async () => {
      const words = await ask("basket", "POST", button.dataset.add);
      localStorage.setItem("basket", JSON.stringify([...basket(), { name: button.dataset.add, cents }].slice(-50)));
      showBasket();
      return words;
    });
  }
  if (button.id === "compare") {
    // The mistake that the demo is about: nobody looked whether there is a best offer.
    const offers = [];
    say("Best price: " + offers[0].price);
  }
  if (button.id === "account" && localStorage.getItem("name")) {
    event.preventDefault();
    localStorage.removeItem("name");
    window.footfall?.endSession();
    welcome();
  }
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button");
  if (form.id === "sign-in") {
    const name = form.elements.namedItem("name").value.trim();
    run(button, async () => {
      const words = await ask("session", "POST", name);
      localStorage.setItem("name", name);
      welcome();
      setTimeout(() => location.assign("/shop/"), 600);
      return words;
    });
    return;
  }
  run(button, async () => {
    const words = await ask(form.dataset.post, "POST", new URLSearchParams(new FormData(form)));
    if (form.dataset.then) setTimeout(() => location.assign(form.dataset.then), 400);
    return words;
  });
});

welcome();
showBasket();
if (find("#thanks") && basket().length) {
  window.footfall?.sendSessionProperties({ "order value": (sum() / 100).toFixed(2), items: basket().length });
  const action = window.footfall?.enterAction("order placed");
  localStorage.removeItem("basket");
  showBasket();
  if (action) window.footfall.leaveAction(action);
}
