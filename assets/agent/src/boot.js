// @ts-check
/**
 * Starts the agent, once, and never breaks the page.
 */
import { attempt, doc, later, off, on, page, settings, wish } from "./core.js";
import { openActions } from "./actions.js";
import { openApi } from "./api.js";
import { openClicks } from "./clicks.js";
import { openErrors } from "./errors.js";
import { erase, ids, load, openIds, save } from "./ids.js";
import { join, openLifecycle } from "./lifecycle.js";
import { openRequests } from "./requests.js";
import { openTiming } from "./timing.js";
import { adopt, discard, openZone } from "./transport.js";
import { openVitals } from "./vitals.js";

let begun = false;

function boot() {
  if (wish === 1 || ids.on_) return;
  ids.on_ = 1;
  const known = [openZone, adopt];
  const parts = [() => openIds(known)];
  if (!begun) {
    known.push(join);
    parts.push(openTiming, openActions, openRequests, openErrors, openLifecycle, () => later(openVitals));
    if (!off(8)) parts.push(openClicks);
  }
  begun = true;
  parts.forEach(attempt);
}

// A page that is only prepared is not a visit yet.
const start = () => (doc.prerendering ? on(doc, "prerenderingchange", boot) : boot());

/** The visitor agrees. */
function enable() {
  start();
  if (settings.consent) save("ff_c", "1", 34128000);
}

/** The visitor does not agree any more: nothing is kept, nothing is sent. */
function disable() {
  ids.on_ = 0;
  discard();
  erase();
}

attempt(() => {
  if (page.footfall) return;
  openApi(enable, disable);
  if (!settings.consent || load("ff_c")) start();
});
