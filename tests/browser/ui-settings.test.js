// Settings of an application as people use them, and every way to bring the agent into a page, in a real browser.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, person, until } from "./support/browser.js";
import { openServer } from "./support/server.js";

const pictures = process.env.BROWSER_TEST_PICTURES;
const formats = ["tag", "fixed", "integrity", "inline", "loader"];

let server;
let admin;
let visitor;
let site;
/** What the site puts into its pages, and the policy that it sends with them. */
let served = { html: "", policy: "" };

before(async () => {
  server = await openServer();
  await server.setUp();
  admin = await openBrowser({ viewport: { width: 1440, height: 900 } });
  visitor = await openBrowser(person);
  site = createServer((request, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    if (served.policy) response.setHeader("Content-Security-Policy", served.policy);
    response.end(`<!doctype html><title>Shop</title>${served.html}<h1>Welcome Ryan</h1><button id="buy">Buy</button>`);
  });
  await new Promise((done) => site.listen(0, "127.0.0.1", done));
  const page = await admin.context.newPage();
  await page.goto(server.admin + "/login");
  await page.fill('[name="name"]', "admin");
  await page.fill('[name="password"]', server.password);
  await page.locator("form button.button-main").click();
  await page.waitForURL((url) => url.pathname !== "/login");
  await page.close();
});
after(async () => {
  await admin?.close();
  await visitor?.close();
  site?.close();
  site?.closeAllConnections();
  await server?.close();
});

const origin = () => `http://127.0.0.1:${site.address().port}`;

async function picture(page, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: join(pictures, `${name}-phone.png`), fullPage: true });
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** A snippet with its policy, as a build pipeline gets it. */
async function snippet(id, format) {
  const page = await admin.context.newPage();
  const answer = await page.goto(`${server.admin}/api/v1/applications/${id}/snippets/${format}`);
  const made = { html: await answer.text(), policy: answer.headers()["x-snippet-policy"] };
  await page.close();
  return made;
}

for (const format of formats) {
  test(`a page with the format ${format} is recorded, under exactly the policy that is shown for it`, async () => {
    const id = await server.application(`Shop ${format}`);
    const made = await snippet(id, format);
    served = { html: made.html, policy: `default-src 'none'; ${made.policy}` };
    const page = await visitor.context.newPage();
    const complaints = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.goto(`${origin()}/${format}`);
    await page.waitForFunction(() => window.footfall);
    await page.evaluate(() => window.footfall.identifyUser("ryan"));
    const session = await until("a session", async () => (await server.sessions(`app:${id}`))[0]);
    assert.match(session.id, /^s_/);
    const refused = complaints.filter((text) => /Content.Security.Policy|integrity/i.test(text));
    assert.deepEqual(refused, []);
    await page.close();
  });
}

test("fixed code is the same for a year, and refused when it was changed on the way", async () => {
  const id = await server.application("Shop fixed once more");
  const made = await snippet(id, "integrity");
  const file = /src="([^"]+)"/.exec(made.html)[1];
  const answer = await fetch(file);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("cache-control"), /max-age=31536000, immutable/);
  assert.equal((await fetch(file.replace(/-[0-9a-f]{4}/, "-0000"))).status, 404);
  served = { html: made.html.replace(/sha384-..../, "sha384-AAAA"), policy: "" };
  const page = await visitor.context.newPage();
  await page.goto(origin());
  assert.equal(await page.evaluate(() => typeof window.footfall), "undefined");
  await page.close();
});

test("every section is saved, refused values stay in their fields, and a viewer may only look", async () => {
  const id = await server.application("Portal");
  const page = await admin.context.newPage();
  const open = (section) => page.goto(`${server.admin}/apps/${id}/settings/${section}`);

  await open("privacy");
  await page.check('[name="privacy/opt_in"]');
  await page.selectOption('[name="privacy/do_not_track"]', "anonymous");
  await page.fill('[name="privacy/query_drop"]', "token\nemail");
  await page.locator("form.form button.button-main").click();
  await page.waitForURL(/saved=1/);
  assert.ok(await page.isChecked('[name="privacy/opt_in"]'));
  await picture(page, "settings-privacy");
  const tag = await (await fetch(`${server.ingest}/tag/${id}.js`)).text();
  assert.match(tag, /"consent":1/);
  assert.match(tag, /"dnt":2/);
  assert.match(tag, /"drop":\["token","email"\]/);

  await open("capture");
  await page.fill('[name="exclusions/addresses"]', "192.0.2.0/99");
  await page.fill('[name="capture_percent"]', "50");
  const [refused] = await Promise.all([
    page.waitForResponse((answer) => answer.request().method() === "POST"),
    page.locator("form.form button.button-main").click(),
  ]);
  assert.equal(refused.status(), 422);
  assert.equal(await page.inputValue('[name="capture_percent"]'), "50");
  assert.equal(await page.inputValue('[name="exclusions/addresses"]'), "192.0.2.0/99");
  assert.equal(await page.getAttribute('[name="exclusions/addresses"]', "aria-invalid"), "true");
  await picture(page, "settings-capture-refused");

  await open("tagging");
  await page.fill('[name="expression"]', "h1");
  await page.fill('[name="cleanup"]', "Welcome (.*)");
  await page.fill('[name="sample"]', "Welcome Ryan");
  await page.getByRole("button", { name: "Test without saving" }).click();
  await page.getByText("“Welcome Ryan” gives “Ryan”.").waitFor();
  assert.equal(await page.inputValue('[name="expression"]'), "h1");
  await picture(page, "settings-tagging-tested");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.waitForURL(/saved=1/);

  for (const section of ["general", "detection", "apdex", "sessions", "properties", "origins", "snippet", "delete"]) {
    const answer = await open(section);
    assert.equal(answer.status(), 200, section);
    await picture(page, `settings-${section}`);
  }
  await page.close();
});

test("robots that are not wanted are dropped with a reason that the health page shows", async () => {
  const id = await server.application("Lonely", { exclusions: { robots: true } });
  served = { html: (await snippet(id, "tag")).html, policy: "" };
  // Driven by automation and saying so: a robot for the server.
  const robot = await openBrowser();
  const page = await robot.context.newPage();
  await page.goto(origin());
  const health = await until("the outcome is counted", async () => {
    const found = await server.api("GET", `/api/v1/applications/${id}/health?from=-1h`);
    return found.value.outcomes.excluded_robot ? found.value.outcomes : undefined;
  });
  assert.equal(health.accepted, undefined);
  assert.deepEqual(await server.sessions(`app:${id}`), []);
  await robot.close();
  const look = await admin.context.newPage();
  await look.goto(`${server.admin}/apps/${id}/health`);
  await look.getByText("robot excluded").first().waitFor();
  await picture(look, "health");
  await look.close();
});

test("a domain that was seen becomes an application with its rule by one click", async () => {
  const id = await server.application("Everything");
  served = { html: (await snippet(id, "tag")).html, policy: "" };
  const shop = await visitor.context.newPage();
  await shop.goto(origin());
  await until("a session", async () => (await server.sessions(`app:${id}`))[0]);
  const page = await admin.context.newPage();
  await page.goto(`${server.admin}/apps/${id}/settings/detection`);
  await page.getByRole("button", { name: "Make an application of 127.0.0.1" }).click();
  await page.waitForURL(/settings\/detection\?saved=1/);
  await page.goto(`${server.admin}/apps/${id}/settings/detection?check=${encodeURIComponent(origin() + "/cart")}`);
  await page.getByText(/Rule 1 wins and gives it to 127\.0\.0\.1/).waitFor();
  await page.close();
  await shop.close();
});

test("an application is taken away only by its name", async () => {
  const id = await server.application("Old shop");
  const page = await admin.context.newPage();
  await page.goto(`${server.admin}/apps/${id}/settings/delete`);
  await page.fill('[name="name"]', "Another");
  await page.getByRole("button", { name: "Delete the application" }).click();
  await page.getByText("this is not its name").waitFor();
  await page.fill('[name="name"]', "Old shop");
  await page.getByRole("button", { name: "Delete the application" }).click();
  await page.waitForURL(server.admin + "/apps");
  assert.equal((await fetch(`${server.ingest}/tag/${id}.js`)).status, 404);
  await page.close();
});
