// The cost of the agent, measured: see scripts/bench-agent.
import { createServer } from "node:http";
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { chromium } from "playwright-core";
import { executablePath, person } from "./browser.js";
import { DEFAULTS } from "./site.js";

const ROUNDS = +(process.env.ROUNDS || 15);
const RESOURCES = 1000;
const SLOWDOWN = 4;
const code = readFileSync(new URL("../../../assets/agent/dist/agent.js", import.meta.url), "utf8");
const settings = JSON.stringify({ app: "a_bench", url: "", ...DEFAULTS });
// A bitmap: a browser keeps a page of its own for every SVG image, which would drown all else.
const picture = Buffer.from("R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=", "base64");
const hero = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="400"><rect width="900" height="400" fill="#a52"/></svg>';

const body = (tag) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bench</title>${tag}</head><body>
<img src="/hero.svg" width="900" height="400" alt="Hero"><button id="go">Go</button><div>${Array.from(
  { length: RESOURCES },
  (_, index) => `<img src="/p/${index}.gif" width="8" height="8" alt="">`,
).join("")}</div><script src="/page.js"></script></body></html>`;
const page = `document.getElementById("go").addEventListener("click", async () => { await (await fetch("/data")).text(); document.getElementById("go").textContent = "Gone"; });`;

let sent = 0;
const server = createServer((request, response) => {
  const answer = (type, text) => {
    response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" });
    response.end(text);
  };
  const { pathname } = new URL(request.url, "http://bench");
  if (pathname === "/with") return answer("text/html", body('<script src="/tag/a_bench.js"></script>'));
  if (pathname === "/without") return answer("text/html", body('<script src="/empty.js"></script>'));
  if (pathname === "/tag/a_bench.js") return answer("text/javascript", code.replace('"__FOOTFALL_SETTINGS__"', () => settings));
  if (pathname === "/empty.js") return answer("text/javascript", "");
  if (pathname === "/page.js") return answer("text/javascript", page);
  if (pathname === "/hero.svg") return answer("image/svg+xml", hero);
  if (pathname.startsWith("/p/")) return answer("image/gif", picture);
  if (pathname.startsWith("/beacon/")) {
    sent++;
    request.resume();
    response.writeHead(204);
    return response.end();
  }
  return answer("text/plain", "data");
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath, headless: true, args: person.args, chromiumSandbox: false });

/**
 * Sums what the trace says of scripts: all tasks, and calls into the agent's file. The outermost call counts; a microtask
 * that the agent runs in is the agent's.
 */
function read(events) {
  const main = events.find((one) => one.name === "thread_name" && one.args.name === "CrRendererMain" && busiest(events) === one.pid);
  const own = events.filter((one) => one.ph === "X" && one.pid === main.pid && one.tid === main.tid).sort((a, b) => a.ts - b.ts);
  const tasks = own.filter((one) => /RunTask$/.test(one.name));
  const ours = (one) => {
    const data = one.args?.data ?? {};
    return [data.url, data.scriptName].some((url) => typeof url === "string" && url.includes("/tag/a_bench.js"));
  };
  let total = 0;
  let longest = 0;
  let end = 0;
  /** @type {Map<any, number>} */
  const byTask = new Map();
  let index = 0;
  for (const one of own) {
    if (!/^(FunctionCall|EvaluateScript|v8\.compile|v8\.produceCache)$/.test(one.name) || !ours(one) || one.ts < end) continue;
    end = one.ts + one.dur;
    total += one.dur;
    while (tasks[index + 1] && tasks[index + 1].ts <= one.ts) index++;
    byTask.set(index, (byTask.get(index) || 0) + one.dur);
  }
  for (const time of byTask.values()) longest = Math.max(longest, time);
  return { agent: total / 1000, longest: longest / 1000, tasks: tasks.reduce((sum, one) => sum + one.dur, 0) / 1000 };
}

/** The process of the page: the one that did most. */
function busiest(events) {
  const sums = new Map();
  for (const one of events) {
    if (one.name === "FunctionCall" || one.name === "EvaluateScript" || one.name === "ResourceReceiveResponse") sums.set(one.pid, (sums.get(one.pid) || 0) + 1);
  }
  return [...sums].sort((a, b) => b[1] - a[1])[0][0];
}

async function round(path, traced) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const tab = await context.newPage();
  const cdp = await context.newCDPSession(tab);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  await tab.addInitScript(() => {
    window.lcp = 0;
    window.long = 0;
    new PerformanceObserver((list) => (window.lcp = list.getEntries().at(-1).startTime)).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => list.getEntries().forEach((one) => (window.long += one.duration))).observe({ type: "longtask", buffered: true });
  });
  if (traced) await browser.startTracing(tab, { categories: ["devtools.timeline", "toplevel", "v8", "disabled-by-default-devtools.timeline"] });
  await tab.goto(origin + path, { waitUntil: "load" });
  // The picture stands still, the load is told; then one click with a request.
  await tab.waitForTimeout(2500);
  await tab.click("#go");
  await tab.waitForFunction(() => document.getElementById("go").textContent === "Gone");
  await tab.waitForTimeout(2500);
  const { metrics } = await cdp.send("Performance.getMetrics");
  const metric = (name) => metrics.find((one) => one.name === name).value * 1000;
  const found = { script: metric("ScriptDuration"), task: metric("TaskDuration"), ...(await tab.evaluate(() => ({ lcp: window.lcp, long: window.long }))) };
  const traceOf = traced ? read(JSON.parse((await browser.stopTracing()).toString("utf8")).traceEvents) : {};
  await context.close();
  return { ...found, ...traceOf };
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const spread = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.75)] - sorted[Math.floor(sorted.length * 0.25)];
};

/** @type {Record<string, any[]>} */
const all = { "/with": [], "/without": [] };
// The first of each warms the caches of the browser and does not count.
for (let count = 0; count <= ROUNDS; count++) {
  const order = count % 2 ? ["/with", "/without"] : ["/without", "/with"];
  for (const path of order) {
    const one = await round(path, false);
    if (count) all[path].push(one);
  }
}
const traces = [];
for (let count = 0; count < Math.max(3, ROUNDS / 3); count++) traces.push(await round("/with", true));
await browser.close();
server.close();
server.closeAllConnections();

const of = (path, name) => all[path].map((one) => one[name]);
const added = (name) => all["/with"].map((one, index) => one[name] - all["/without"][index][name]);
const line = (name, text) => {
  const values = added(name);
  console.log(`${text.padEnd(36)} ${median(of("/without", name)).toFixed(1).padStart(9)} ${median(of("/with", name)).toFixed(1).padStart(9)} ${median(values).toFixed(1).padStart(9)} ${spread(values).toFixed(1).padStart(9)}`);
};
console.log(`${RESOURCES} resources, CPU slowed down ${SLOWDOWN} times, ${ROUNDS} rounds in turns, milliseconds`);
console.log(`${"".padEnd(36)} ${"without".padStart(9)} ${"with".padStart(9)} ${"added".padStart(9)} ${"quartiles".padStart(9)}`);
line("task", "main thread, all tasks (CPU time)");
line("script", "scripts (CPU time)");
line("long", "tasks over 50 ms");
line("lcp", "largest contentful paint");
console.log(`agent's own time in the trace: median ${median(traces.map((one) => one.agent)).toFixed(1)}, most ${Math.max(...traces.map((one) => one.agent)).toFixed(1)}`);
console.log(`agent's time in its longest task: median ${median(traces.map((one) => one.longest)).toFixed(1)}, most ${Math.max(...traces.map((one) => one.longest)).toFixed(1)}`);
console.log(`beacons of a round: ${(sent / (ROUNDS + 1 + traces.length)).toFixed(1)}`);
const size = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } }).length;
console.log(`size: ${size} bytes as brotli of 12288, ${code.length} plain`);
const file = process.argv.indexOf("--json");
if (file > 0) writeFileSync(process.argv[file + 1], JSON.stringify({ all, traces, size }, undefined, 1));
