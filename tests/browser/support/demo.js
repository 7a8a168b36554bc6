// The demo with its week of visitors: pages with something on them.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./browser.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");

/** Starts the demo and tells where it is and how to sign in. */
export async function openDemo() {
  const binary = resolve(process.env.FOOTFALL_BIN || join(root, "target/debug/footfall"));
  if (!existsSync(binary)) throw new Error(`no server at ${binary}: build it, or say where it is with FOOTFALL_BIN`);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FOOTFALL_")));
  env.FOOTFALL_LOG__LEVEL = "info";
  const child = spawn(binary, ["demo", "--visits-per-day", "60"], { env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log += text));
  child.on("exit", () => (ended = true));
  await until("the week is there", () => {
    if (ended) throw new Error(log);
    return /visitors are live now/.test(log);
  }, 60_000);
  const admin = new URL(/Footfall\s+(http:\S+)/.exec(log)?.[1] ?? "").origin;
  const password = /demo\s+(\S+-\S+-\S+-\S+)/.exec(log)?.[1] ?? "";
  return {
    admin,
    password,
    log: () => log,

    /** Signs a page in. */
    async signIn(page) {
      await page.goto(`${admin}/login`);
      await page.fill("#f-name", "demo");
      await page.fill("#f-password", password);
      await page.click("main .form button");
      await page.waitForURL((url) => url.pathname !== "/login");
    },

    async close() {
      child.kill("SIGTERM");
      await until("demo ends", () => ended, 15_000).catch(() => child.kill("SIGKILL"));
    },
  };
}
