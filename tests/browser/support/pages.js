// Every page of the product, once: what the gates look at. A new page adds its line here.

/** Sections of the settings of an application. */
export const SECTIONS = ["general", "detection", "tagging", "apdex", "sessions", "privacy", "snippet"];

/** Pages with a fixed address, for somebody who is signed in. */
export const FIXED = [
  "/",
  "/apps",
  "/apps/new",
  "/sessions?from=-7d",
  "/sessions?q=user:nobody",
  "/sessions?q=nonsense:1",
  "/search?q=a",
  "/search?q=nothing+has+this+name",
  "/settings",
  "/settings?q=mask",
  "/settings/users",
  "/settings/tokens",
  "/settings/audit",
  "/settings/audit?q=nobody",
  "/me",
  "/help",
  "/help?q=apdex",
  "/help/numbers",
  "/help/outcomes",
  "/help/glossary",
  "/api",
  "/api?call=GET+/api/v1/sessions",
  "/no/such-page",
];

/** Pages of one application. */
export const OF_APPLICATION = ["", "/actions?from=-7d", "/actions?q=browser:nothing", "/health", ...SECTIONS.map((section) => `/settings/${section}`)];

/** Pages for somebody who is not signed in. */
export const OUTSIDE = ["/login"];

/**
 * Addresses of all pages, with a session, a person and an application that exist.
 * @param {import("playwright-core").Page} page signed in
 * @param {string} origin
 */
export async function everyPage(page, origin) {
  await page.goto(`${origin}/sessions?from=-7d&q=user:any+actions%3E3`);
  const session = await page.locator('table a[href^="/sessions/s_"]').first().getAttribute("href");
  const user = await page.locator('table a[href^="/users/"]').first().getAttribute("href");
  await page.goto(`${origin}/apps`);
  const links = await page.locator('main a[href^="/apps/a_"]').evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  const application = /^\/apps\/a_\w+/.exec(links.find((href) => !href?.includes("a_0000000")) ?? "")?.[0];
  if (!session || !user || !application) throw new Error(`no session, person or application: ${session} ${user} ${links}`);
  return [
    ...FIXED,
    session,
    `${session}/actions/1/waterfall`,
    user,
    ...OF_APPLICATION.map((path) => application + path),
  ];
}

/**
 * A name for files.
 * @param {string} path
 */
export const nameOf = (path) => path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "").slice(0, 60) || "home";
