// The real server on a folder of its own, and its API.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./browser.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const PASSWORD = "correct horse battery staple";

async function freePort() {
  const server = createServer();
  const port = await new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));
  await new Promise((done) => server.close(done));
  return port;
}

/**
 * Starts the server.
 * @param {Record<string, string>} [settings] more configuration, as environment variables
 */
export async function openServer(settings = {}) {
  const binary = resolve(process.env.FOOTFALL_BIN || join(root, "target/debug/footfall"));
  if (!existsSync(binary)) throw new Error(`no server at ${binary}: build it, or say where it is with FOOTFALL_BIN`);
  const folder = mkdtempSync(join(tmpdir(), "footfall-server-"));
  const [admin, ingest] = [await freePort(), await freePort()];
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("FOOTFALL_"));
  const child = spawn(binary, ["serve"], {
    cwd: folder,
    env: {
      ...Object.fromEntries(inherited),
      FOOTFALL_DATA__FOLDER: join(folder, "data"),
      FOOTFALL_DATA__FREE_MIB_MIN: "1",
      FOOTFALL_ADMIN__LISTEN: `127.0.0.1:${admin}`,
      FOOTFALL_INGEST__LISTEN: `127.0.0.1:${ingest}`,
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  let ended = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log += text));
  child.on("exit", (code, signal) => (ended = `the server ended (${code ?? signal})`));
  const adminOrigin = `http://127.0.0.1:${admin}`;
  // Another host than the page's: the usual case.
  const ingestOrigin = `http://localhost:${ingest}`;
  try {
    await until(
      "server is ready",
      async () => {
        if (ended) throw new Error(`${ended}\n${log}`);
        const answer = await fetch(`${adminOrigin}/readyz`).catch(() => undefined);
        return answer?.ok && /set-up token/.test(log);
      },
      30_000,
    );
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`${error.message}\n${log}`);
  }
  const token = /set-up token:\s+(\S+)/.exec(log)?.[1] ?? "";
  let bearer = "";

  /** Calls the API; throws with the server's words. */
  async function api(method, path, body, headers = {}) {
    const answer = await fetch(adminOrigin + path, {
      method,
      headers: {
        ...(body ? { "Content-Type": "application/json" } : {}),
        ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return { value: text ? JSON.parse(text) : undefined, headers: answer.headers };
  }

  return {
    admin: adminOrigin,
    ingest: ingestOrigin,
    token,
    password: PASSWORD,
    api,
    log: () => log,
    tag: (application) => `<script src="${ingestOrigin}/tag/${application}.js"></script>`,

    /**
     * Makes the first account and a token for the tests, without a browser.
     * @param {string[]} [more] scopes of the token
     */
    async setUp(more = []) {
      const made = await api("POST", "/api/v1/set-up", { token, name: "admin", password: PASSWORD });
      const cookie = made.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
      const own = { Cookie: cookie, Origin: adminOrigin };
      const scopes = ["applications:read", "applications:write", "sessions:read", ...more];
      bearer = (await api("POST", "/api/v1/tokens", { name: "tests", scopes, days: 1 }, own)).value.token;
    },

    /** Makes an application and gives it settings. */
    async application(name, settings) {
      const made = await api("POST", "/api/v1/applications", { name });
      if (settings) {
        const tag = made.headers.get("etag");
        await api("PATCH", `/api/v1/applications/${made.value.id}`, settings, { "If-Match": tag });
      }
      return made.value.id;
    },

    /** Sessions that fit a filter, newest first. */
    async sessions(filter = "") {
      const query = new URLSearchParams({ q: filter, from: "-1h" });
      return (await api("GET", `/api/v1/sessions?${query}`)).value.items;
    },

    /** An action with its resources and vitals. */
    waterfall: async (id, number) => (await api("GET", `/api/v1/sessions/${id}/actions/${number}/waterfall`)).value,

    /** A session with its actions and events. */
    session: async (id) => (await api("GET", `/api/v1/sessions/${id}`)).value,

    async close() {
      if (!ended) {
        child.kill("SIGTERM");
        await until("server ends", () => ended, 15_000).catch(() => child.kill("SIGKILL"));
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
