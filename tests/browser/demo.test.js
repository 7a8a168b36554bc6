// The first thing that a newcomer does: start the demo, click in its shop, find oneself.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openBrowser, person, until } from "./support/browser.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const binary = resolve(process.env.FOOTFALL_BIN || join(root, "target/debug/footfall"));

let child;
let log = "";
let ended = false;
let visitor;
let admin;

before(async () => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FOOTFALL_")));
  env.FOOTFALL_LOG__LEVEL = "info";
  child = spawn(binary, ["demo", "--visits-per-day", "60"], { env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log += text));
  child.on("exit", () => (ended = true));
  visitor = await openBrowser(person);
  admin = await openBrowser({ viewport: { width: 1440, height: 900 } });
});
after(async () => {
  await visitor?.close();
  await admin?.close();
  child?.kill("SIGTERM");
});

test("the demo is there within seconds, shows the one who clicks, and leaves nothing", async () => {
  await until("the week is there", () => {
    assert.ok(!ended, log);
    return /visitors are live now/.test(log);
  }, 60_000);
  const footfall = /Footfall\s+(http:\S+)/.exec(log)[1];
  const shop = /The shop\s+(http:\S+)/.exec(log)[1];
  const password = /demo\s+(\S+-\S+-\S+-\S+)/.exec(log)[1];
  const folder = /folder=(\S+)/.exec(log)?.[1];

  const page = await visitor.context.newPage();
  await page.goto(shop + "login");
  await page.fill("[name=name]", "Newcomer Nele");
  await page.click("main button");
  await page.waitForURL(shop);
  await page.waitForSelector("#greeting:has-text('Welcome Newcomer Nele')");
  await page.click(".card >> nth=0");
  await page.waitForSelector("#compare");
  await page.waitForTimeout(800);
  await page.click("text=Check availability");
  await page.waitForSelector("text=In stock");
  await page.click("#compare");
  await page.click("text=Add to basket");
  await page.waitForSelector("text=It is in the basket");
  await page.goto(shop + "basket");
  await page.waitForTimeout(800);
  await page.click("text=Apply voucher");
  await page.waitForSelector("text=does not answer");

  const look = await admin.context.newPage();
  await look.goto(footfall + "/login");
  await look.fill("[name=name]", "demo");
  await look.fill("[name=password]", password);
  await look.press("[name=password]", "Enter");
  await look.waitForURL(/sessions|\/$/);
  const address = await until("the session is found by name", async () => {
    await look.goto(footfall + "/sessions?q=nele");
    return look.evaluate(() => document.querySelector("a[href^='/sessions/s_']")?.getAttribute("href"));
  });
  await until("all that was done", async () => {
    await look.goto(footfall + address);
    const text = await look.evaluate(() => document.body.innerText);
    return ["Newcomer Nele", "Check availability", "voucher", "TypeError"].every((part) =>
      text.toLowerCase().includes(part.toLowerCase()),
    );
  });
  await until("live visitors", async () => {
    const text = await (await fetch(footfall + "/metrics")).text();
    return +/beacons_total\{outcome="accepted"\} (\d+)/.exec(text)[1] > 8;
  }, 60_000);

  child.kill("SIGINT");
  await until("the demo ends", () => ended, 20_000);
  if (folder) assert.ok(!existsSync(folder), folder);
});
