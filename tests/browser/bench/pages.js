// Prints, for every page, when something is first seen on a slow line and a slow machine, and how heavy it is.
import { openBrowser } from "../support/browser.js";
import { openDemo } from "../support/demo.js";
import { everyPage } from "../support/pages.js";

const ROUNDS = Number(process.env.ROUNDS || 3);
// 1 Mbit/s, 40 ms, a processor of a quarter of the speed.
const LINE = { offline: false, latency: 40, downloadThroughput: 125_000, uploadThroughput: 125_000 };
const SLOWER = 4;

const demo = await openDemo();
const browser = await openBrowser({ viewport: { width: 1440, height: 900 } });
try {
  const page = await browser.context.newPage();
  await demo.signIn(page);
  const paths = await everyPage(page, demo.admin);
  const line = await browser.context.newCDPSession(page);
  let bytes = 0;
  line.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
  await line.send("Network.enable");
  await line.send("Network.emulateNetworkConditions", LINE);
  await line.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });

  /** Milliseconds until something is painted, and bytes that came. */
  async function visit(path, isCold) {
    await line.send("Network.setCacheDisabled", { cacheDisabled: isCold });
    bytes = 0;
    await page.goto(demo.admin + path, { waitUntil: "networkidle" });
    const painted = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN);
    return { painted, bytes };
  }
  const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

  const rows = [];
  for (const path of paths) {
    const cold = [];
    for (let round = 0; round < ROUNDS; round++) cold.push(await visit(path, true));
    const warm = await visit(path, false);
    rows.push({
      path: path.slice(0, 60),
      "cold ms": Math.round(median(cold.map((one) => one.painted))),
      "cold kB": Math.round(cold[0].bytes / 100) / 10,
      "warm ms": Math.round(warm.painted),
      "warm kB": Math.round(warm.bytes / 100) / 10,
    });
  }
  console.table(rows);
  console.log(`slowest cold: ${Math.max(...rows.map((row) => row["cold ms"]))} ms, heaviest cold: ${Math.max(...rows.map((row) => row["cold kB"]))} kB`);
} finally {
  await browser.close();
  await demo.close();
}
