// The shop's own script.
const at = (id, run) => document.getElementById(id).addEventListener("click", run);
const show = (text) => document.body.append(Object.assign(document.createElement("p"), { textContent: text }));
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

at("buy", async () => {
  const answer = await fetch("/api/cart?delay=120", { method: "POST", body: "{}" });
  show(JSON.stringify(await answer.json()));
});
at("later", async () => {
  await pause(200);
  await Promise.resolve();
  await fetch("/api/later?delay=50");
});
at("xhr", () => {
  const request = new XMLHttpRequest();
  request.open("GET", "/api/old?delay=80");
  request.send();
});
at("throws", () => {
  throw new TypeError("the cart is broken");
});
at("fails", () => fetch("/api/fails?status=500&delay=20"));
at("rejects", () => {
  Promise.reject(new RangeError("nobody caught this"));
});
at("chain", async () => {
  await (await fetch("/api/one?delay=60")).json();
  await (await fetch("/api/two?delay=60")).json();
  await pause(20);
  await (await fetch("/api/three?delay=60")).json();
});
at("picture", () => document.body.append(Object.assign(document.createElement("img"), { src: "/no-such.png" })));
at("hash", () => history.pushState({}, "", "/view/2"));
document.getElementById("search").addEventListener("input", () => fetch("/api/search?delay=30"));
