// The watched web site and a collector that only writes down what it gets.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { buildSync } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const pages = join(here, "../pages");
const agent = readFileSync(join(here, "../../../assets/agent/dist/agent.js"), "utf8");
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

const listen = (server) =>
  new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));

/** What the server says of an application as it is made. */
export const DEFAULTS = { percent: 100, tags: [], resources: 30, captions: 1, idle: 2100000, max: 28800000 };

/** Scripts made of packages, by path. @type {Record<string, string>} */
const bundles = { "/router.bundle.js": "router.jsx", "/vue.bundle.js": "vue.js", "/vitals.bundle.js": "vitals.js", "/calls.bundle.js": "calls.ts" };
/** @type {Record<string, string>} */
const bundled = {};

function bundle(path) {
  const flags = { __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" };
  const built = buildSync({
    entryPoints: [join(pages, bundles[path])],
    bundle: true,
    minify: true,
    write: false,
    jsx: "automatic",
    alias: { vue: "vue/dist/vue.esm-bundler.js" },
    define: { "process.env.NODE_ENV": '"production"', ...flags },
  });
  return built.outputFiles[0].text;
}

/** @param {number} count @returns {string} so many elements, ten to a line */
const elements = (count) => `<p>${"<i>x</i>".repeat(9)}</p>`.repeat(count / 10);

/**
 * Starts the site.
 * @param {() => string} tag the HTML put in place of `<!-- tag -->`
 */
export async function openSite(tag) {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://site");
    const path = url.pathname;
    const answer = (status, type, body, headers = {}) => {
      response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-cache", ...headers });
      response.end(body);
    };
    if (path.startsWith("/api/")) {
      const delay = +(url.searchParams.get("delay") || 0);
      await new Promise((resolve) => setTimeout(resolve, delay));
      const status = +(url.searchParams.get("status") || 200);
      return answer(status, "application/json", JSON.stringify({ path, items: [1, 2, 3] }));
    }
    if (bundles[path]) return answer(200, types[".js"], (bundled[path] ||= bundle(path)));
    const app = /^\/(app|vue)(\/|$)/.exec(path)?.[1];
    const name = app ? { app: "router.html", vue: "vue.html" }[app] : path === "/" ? "index.html" : normalize(path).slice(1);
    const delay = +(url.searchParams.get("wait") || 0);
    if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
    try {
      const text = readFileSync(join(pages, name), "utf8");
      const policy = name === "policy.html" ? { "Content-Security-Policy": policyOf(tag()) } : {};
      const status = +(url.searchParams.get("status") || 200);
      const filled = text.replace("<!-- tag -->", tag).replace(/<!-- (\d+) elements -->/, (_, count) => elements(+count));
      return answer(status, types[extname(name)] || "text/plain", filled, policy);
    } catch {
      return answer(404, "text/plain", "no such page");
    }
  });
  const port = await listen(server);
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    close: () => server.close() && server.closeAllConnections(),
  };
}

/** Nothing but the site itself and the host of the tag. */
function policyOf(tag) {
  const host = new URL(/src="([^"]+)"/.exec(tag)[1]).origin;
  return `default-src 'none'; script-src 'self' ${host}; style-src 'self'; img-src 'self'; connect-src 'self' ${host}`;
}

/** Starts a collector that writes down what it gets. */
export async function openCollector() {
  /** @type {any[]} */
  let beacons = [];
  let settings = {};
  let refuse = /** @type {undefined | ((beacon: any) => number)} */ (undefined);
  const server = createServer((request, response) => {
    const headers = {
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Expose-Headers": "Retry-After",
      "Cache-Control": "no-store",
    };
    if (request.url.startsWith("/tag/")) {
      const app = request.url.slice(5).replace(/\.js.*$/, "");
      const text = agent.replace('"__FOOTFALL_SETTINGS__"', () => JSON.stringify({ app, ...DEFAULTS, ...settings }));
      response.writeHead(200, { ...headers, "Content-Type": "text/javascript" });
      return response.end(text);
    }
    /** @type {Buffer[]} */
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const bytes = Buffer.concat(chunks);
      let status = 204;
      if (request.method === "POST") {
        const plain = request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
        const beacon = JSON.parse(plain.toString("utf8"));
        status = refuse?.(beacon) || 204;
        beacons.push({
          ...beacon,
          $: { status, path: request.url, method: request.method, headers: request.headers, bytes: bytes.length },
        });
      } else {
        beacons.push({ e: [], $: { status, method: request.method, path: request.url } });
      }
      response.writeHead(status, { ...headers, ...(status >= 429 ? { "Retry-After": "1" } : {}) });
      response.end();
    });
  });
  const port = await listen(server);
  const origin = `http://localhost:${port}`;
  return {
    origin,
    tag: `<script src="${origin}/tag/a_test123.js" data-release="4.12.0"></script>`,
    /** Everything taken (answered 204), oldest first. */
    taken: () => beacons.filter((beacon) => beacon.$.status === 204 && beacon.$.method === "POST"),
    all: () => beacons,
    /** Events of what was taken, each with its beacon; a resend counts once. */
    events(kind) {
      const ids = new Set();
      return beacons
        .filter((beacon) => beacon.$.status === 204 && beacon.id && !ids.has(beacon.id) && ids.add(beacon.id))
        .flatMap((beacon) => beacon.e.map((event) => ({ ...event, beacon })))
        .filter((event) => !kind || event.k === kind);
    },
    reset(next = {}) {
      beacons = [];
      settings = next;
      refuse = undefined;
    },
    refuseWith(decide) {
      refuse = decide;
    },
    close: () => server.close() && server.closeAllConnections(),
  };
}
