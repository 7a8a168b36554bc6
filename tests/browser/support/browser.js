// Chromium as a visitor has it, without talk of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const executablePath = process.env.FOOTFALL_CHROMIUM || "/usr/bin/chromium";
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * A browser with a fresh profile.
 * @param {object} [options] of the browser context
 */
export async function openBrowser(options = {}) {
  const folder = mkdtempSync(join(tmpdir(), "footfall-browser-"));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    headless: true,
    args,
    chromiumSandbox: false,
    viewport: { width: 1280, height: 800 },
    // Taken away by default, and every visitor has it.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
    ...options,
  });
  context.setDefaultTimeout(10_000);
  return {
    context,
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What makes a browser a person's: without it the server counts a robot. */
export const person = {
  args: [
    ...args,
    "--disable-blink-features=AutomationControlled",
    // Not the option of the context: beacons of a page that goes away would still tell of a headless browser.
    "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
  ],
};

/**
 * Waits until something is there.
 * @template T
 * @param {string} what for the message
 * @param {() => T | Promise<T>} look
 * @param {number} [limit]
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, look, limit = 15_000) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found) return /** @type {any} */ (found);
    if (Date.now() > end) throw new Error(`not within ${limit} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
