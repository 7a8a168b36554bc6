// @ts-check
/**
 * Starts the agent, once, and never breaks the page.
 */
import { attempt, on } from "./core.js";
import { onClose, openActions } from "./actions.js";
import { openApi } from "./api.js";
import { openErrors } from "./errors.js";
import { openIds } from "./ids.js";
import { openLifecycle } from "./lifecycle.js";
import { openRage } from "./rage.js";
import { openRequests } from "./requests.js";
import { lookForUser } from "./tags.js";
import { openTiming } from "./timing.js";
import { adopt } from "./transport.js";
import { openVitals } from "./vitals.js";

function boot() {
  onClose.push(lookForUser);
  for (const part of [openIds, adopt, openTiming, openActions, openRequests, openErrors, openRage, openVitals, openLifecycle]) {
    attempt(part);
  }
}

attempt(() => {
  if (/** @type {any} */ (window).footfall) return;
  openApi();
  // A page that is only prepared is not a visit yet.
  if (/** @type {any} */ (document).prerendering) on(document, "prerenderingchange", boot);
  else boot();
});
