// Work of every kind after a click; what the browser says of each click is kept for the test.
window.clicks = {};
window.done = {};
addEventListener("click", (event) => (window.clicks[event.target.id] = event.timeStamp), true);
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const at = (id, run) =>
  document.getElementById(id).addEventListener("click", async () => {
    await run();
    window.done[id] = performance.now();
  });
const body = async (url, init) => (await fetch(url, init)).text();

at("promise", () => Promise.resolve().then(() => null).then(() => body("/api/promise?delay=90")));
at("timer", async () => {
  await pause(150);
  await body("/api/timer?delay=90");
});
at("chained", async () => {
  await body("/api/first?delay=70");
  await pause(25);
  await body("/api/second?delay=70");
  await body("/api/third?delay=70");
});
at("aborted", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 120);
  await fetch("/api/aborted?delay=5000", { signal: stop.signal }).catch(() => 0);
});
at("xhr-aborted", async () => {
  const request = new XMLHttpRequest();
  request.open("GET", "/api/old?delay=5000");
  request.send();
  await pause(120);
  request.abort();
});
at("both", () => Promise.all([body("/api/left?delay=60"), body("/api/right?delay=140")]));
at("idle", () => undefined);
at("throws", () => {
  setTimeout(() => {
    throw new TypeError("the cart is broken");
  });
});
at("status", () => Promise.all([body("/api/bad?status=503"), body("/api/worse?status=404", { method: "PUT" })]));
at("missing", () => {
  const add = (name, more) => document.body.append(Object.assign(document.createElement(name), more));
  add("img", { src: "/missing.png" });
  add("script", { src: "/missing.js" });
  add("link", { rel: "stylesheet", href: "/missing.css" });
});
