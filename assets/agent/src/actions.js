// @ts-check
/**
 * User actions: what opens them, what keeps them open, what they are made of.
 */
import { caption, element } from "./naming.js";
import { attempt, clock, cut, guard, here, later, on, random32, round, visible } from "./core.js";
import { touch } from "./ids.js";
import { documentRow, drain, longTasks, marks, navigation, resources } from "./timing.js";
import { emit, flush, pack } from "./transport.js";
import { watchPaint } from "./paint.js";

/**
 * @typedef {{at: number, until: number, kind: string, caption: string, element: string, url: string, node: any,
 *   action?: Action}} Input
 * @typedef {{url: string, method: string, kind: string, at: number, end: number, status: number, failed: boolean}} Request
 * @typedef {{
 *   id: number, type: "load"|"xhr"|"custom", at: number, end: number, name: string, url: string, pending: number,
 *   work: number, timer: number, input?: Input, soft?: 1, requests: Request[], errors: any[], properties: Record<string, string>,
 *   pageView: number, to?: string, shown?: number, closed?: boolean
 * }} Action
 */

/** How long after an input asynchronous work still belongs to it. */
const FOLLOW = 500;
/** A closed chain: nothing more came for this long. */
const QUIET = 50;
/** How long a view may take shape after its last request. */
const SHAPE = 1000;
/** No action is longer. */
const LONGEST = 180000;

/** Page view of the document and of the route. */
export const view = { page: random32(), route: 0, url: here() };
view.route = view.page;

/** @type {Action[]} */
let open = [];
/** @type {Input|undefined} */
let input;
let number = 0;

/** Called with each action as it is closed. @type {((action: Action) => void)[]} */
export const onClose = [];

/**
 * @param {Action["type"]} type
 * @param {number} at
 * @param {Partial<Action>} [more]
 * @returns {Action}
 */
export function begin(type, at, more) {
  /** @type {Action} */
  const action = {
    id: ++number,
    type,
    at,
    end: at,
    name: "",
    url: here(),
    pending: 0,
    work: clock(),
    timer: 0,
    requests: [],
    errors: [],
    properties: {},
    pageView: view.route,
    ...more,
  };
  if (open.length > 20) close(open[0]);
  open.push(action);
  later(() => close(action), LONGEST);
  return action;
}

/** @param {number} id @returns {Action|undefined} */
export const find = (id) => open.find((action) => action.id === id);

/** The action that things without a known cause belong to. @returns {Action|undefined} */
export const current = () => {
  const cause = live();
  return (
    open.filter((action) => action.type === "custom").pop() ||
    (cause ? cause.action && !cause.action.closed && cause.action : open.filter((action) => action.timer >= 0).pop()) ||
    undefined
  );
};

/** Whether an input may still cause something. @returns {Input|undefined} */
const live = () => (input && clock() < input.until ? input : undefined);

/**
 * The action of the input that is being followed, opened on demand.
 * @returns {Action|undefined}
 */
function ofInput() {
  const cause = live();
  if (!cause) return undefined;
  if (!cause.action || cause.action.closed) {
    cause.action = begin("xhr", cause.at, { input: cause, url: cause.url });
    watchWork(cause.action);
  }
  return cause.action;
}

/** Counts work that keeps an action open. @param {Action} action */
export function hold(action) {
  action.pending++;
  clearTimeout(action.timer);
}

/**
 * The work is done.
 * @param {Action} action
 * @param {number} [end]
 */
export function unhold(action, end) {
  action.pending--;
  action.work = clock();
  action.end = Math.max(action.end, end || clock());
  settle(action);
}

/** Closes an action when it stays quiet. @param {Action} action */
function settle(action) {
  clearTimeout(action.timer);
  if (action.pending > 0 || action.closed || action.type !== "xhr") return;
  const rest = action.input ? action.input.until - clock() : 0;
  action.timer = later(() => close(action), Math.max(QUIET, Math.min(rest, FOLLOW)));
}

/** Addresses that the page asks for by itself, again and again. @type {Map<string, number>} */
const background = new Map();

/**
 * A request begins: finds the action it belongs to.
 * @param {string} url
 * @param {string} method
 * @param {"xhr"|"fetch"} kind
 * @returns {{request: Request, action?: Action}}
 */
export function beginRequest(url, method, kind) {
  /** @type {Request} */
  const request = { url, method, kind, at: clock(), end: 0, status: 0, failed: false };
  const key = method + url.split(/[?#]/)[0];
  const cause = live();
  const count = background.get(key) || 0;
  let action;
  if (cause && (count < 2 || request.at - cause.at < 30)) {
    action = ofInput();
  } else {
    if (!cause && !open.length) {
      if (background.size > 100) background.clear();
      background.set(key, count + 1);
    }
    action = count < 2 ? current() : undefined;
  }
  if (action) {
    if (action.requests.length < 200) action.requests.push(request);
    hold(action);
  }
  return { request, action };
}

/**
 * The address changed without a load.
 */
export function routeChange() {
  const to = here();
  if (to === view.url) return;
  const from = view.url;
  view.url = to;
  view.route = random32();
  touchPage();
  const action = ofInput() || open.filter((one) => one.type === "xhr").pop();
  if (action) {
    action.soft = 1;
    action.to = to;
    action.pageView = view.route;
    action.work = clock();
    action.end = Math.max(action.end, clock());
    settle(action);
  } else if (from.split("#")[0] !== to.split("#")[0] || /#[!/]/.test(to)) {
    // During the load it is the router finding its place.
    if (open.some((one) => one.type === "load" && one.timer >= 0)) return;
    const fresh = begin("xhr", clock(), { soft: 1, url: to });
    watchWork(fresh);
    settle(fresh);
  }
}

/** Extends an action by what is added to the page, and waits for pictures, scripts and sheets. @param {Action} action */
function watchWork(action) {
  /** @type {Set<any>} */
  const waiting = new Set();
  const observer = new MutationObserver(
    guard((records) => {
      if (action.closed) return observer.disconnect();
      // A new view takes shape; what moves for longer is no part of it.
      if (action.soft && clock() - action.work < SHAPE) {
        action.end = Math.max(action.end, clock());
        settle(action);
      }
      for (const record of records) {
        for (const node of record.addedNodes) {
          if (node.nodeType !== 1) continue;
          const inside = node.querySelectorAll ? [...node.querySelectorAll("img,iframe"), node] : [];
          for (const one of inside.slice(-50)) {
            const busy =
              (one.nodeName === "IMG" && one.src && !one.complete && one.loading !== "lazy") ||
              (one.nodeName === "SCRIPT" && one.src) ||
              (one.nodeName === "LINK" && one.rel === "stylesheet") ||
              (one.nodeName === "IFRAME" && one.src);
            if (!busy || waiting.has(one) || waiting.size > 100) continue;
            waiting.add(one);
            hold(action);
            const done = () => {
              if (waiting.has(one)) {
                waiting.delete(one);
                action.shown = clock();
                unhold(action);
              }
            };
            on(one, "load error", done);
            later(done, 10000);
          }
        }
      }
    }),
  );
  observer.observe(document, { childList: true, subtree: true });
}

/** Closes an action and puts it into the next beacon. @param {Action} action */
export function close(action) {
  if (action.closed) return;
  action.closed = true;
  clearTimeout(action.timer);
  if (action.pending > 0) action.end = clock();
  action.end = Math.min(action.end, action.at + LONGEST);
  drain();
  const others = open.filter((one) => one !== action).flatMap((one) => one.requests);
  open = open.filter((one) => one !== action);
  for (const run of onClose) attempt(() => run(action));
  const isLoad = action.type === "load";
  const cause = action.input;
  const found = resources(action.at, action.end, action.requests, others);
  const first = action.requests[0];
  if (isLoad && action.id === 1) {
    const page = documentRow(action.at);
    if (page) found.r = [page, ...(found.r || [])];
  }
  emit(action.at, {
    k: "a",
    t: action.type,
    n: action.name || undefined,
    i: cause && { k: cause.kind, c: cause.caption, e: cause.element },
    u: action.url,
    nu: action.to,
    ru: first ? cut(first.url, 2048) : undefined,
    ti: cut(document.title, 256) || undefined,
    rf: (isLoad && cut(document.referrer, 2048)) || undefined,
    d: round(action.end - action.at),
    vc: action.shown ? Math.max(0, round(action.shown - action.at)) : undefined,
    lt: longTasks(action.at, action.end) || undefined,
    tm: isLoad && action.id === 1 ? marks(action.at) : undefined,
    soft: action.soft,
    pv: action.pageView,
    ...found,
    er: action.errors.length ? action.errors : undefined,
    pr: Object.keys(action.properties).length ? action.properties : undefined,
  });
}

/** Closes everything early: the page goes. */
export const closeAll = () => open.slice().forEach(close);

/** Keeps the browser session alive; a new one takes nothing of the old. */
export const touchPage = () => touch(pack);

/**
 * Attaches an error to the action it happened in, or sends it alone.
 * @param {any} error
 * @param {Action|undefined} [action]
 */
export function attach(error, action) {
  const now = clock();
  const target = action && !action.closed ? action : current();
  if (!target) {
    emit(now, { k: "e", ...error });
  } else if (target.errors.length < 20) {
    const last = target.errors[target.errors.length - 1];
    if (last && last.t === error.t && last.m === error.m && last.u === error.u) last.x = (last.x || 1) + 1;
    else target.errors.push({ at: round(now - target.at), ...error });
  }
}

/** Load of the document. @param {number} at */
function openLoad(at) {
  const action = begin("load", at);
  const paint = watchPaint(at);
  let busy = 0;
  const finish = () => {
    clearTimeout(busy);
    if (action.closed || action.pending > 0) {
      busy = later(finish, QUIET);
      return;
    }
    // Ended; what comes now belongs to others, but the picture may still change.
    action.timer = -1;
    const entry = navigation();
    action.end = Math.max(action.end, (entry && entry.loadEventEnd) || clock());
    paint(action.end, (shown) => {
      action.shown = shown;
      close(action);
      flush();
    });
  };
  const loaded = () => later(() => later(finish, QUIET), 0);
  if (document.readyState === "complete") loaded();
  else on(window, "load", loaded);
}

/** @param {any} event */
function onInput(event) {
  if (!event.isTrusted) return;
  const node = (event.composedPath && event.composedPath()[0]) || event.target;
  const now = clock();
  const type = event.type;
  if (input && !input.action && now - input.at < 700 && type !== "click" && type !== "keydown") return;
  // A key, a touch or a label clicks by itself. A field that is left does not: there the click is what was meant.
  if (input && input.kind !== "change" && now - input.at < 20 && type === "click") return;
  touchPage();
  const made = {
    at: Math.min(now, event.timeStamp || now),
    until: Infinity,
    kind: type === "keydown" ? "keypress" : type === "touchend" || event.pointerType === "touch" ? "touch" : type,
    caption: caption(node),
    element: element(node),
    url: here(),
    node,
  };
  input = made;
  // The window begins when the handlers are through.
  later(() => (made.until = clock() + FOLLOW), 0);
}

/** Starts to watch. */
export function openActions() {
  const entry = navigation();
  openLoad((entry && entry.activationStart) || 0);
  on(document, "click keydown change submit touchend", onInput, true);
  for (const name of ["pushState", "replaceState"]) {
    const native = history[name];
    history[name] = function () {
      const result = native.apply(this, arguments);
      attempt(routeChange);
      return result;
    };
  }
  on(window, "popstate hashchange", routeChange);
}

/** A page that comes back from the back/forward cache is a page view of its own. @param {number} at */
export function restored(at) {
  view.page = view.route = random32();
  view.url = here();
  touchPage();
  const action = begin("load", at);
  requestAnimationFrame(() =>
    later(() => {
      action.end = clock();
      close(action);
      flush();
    }, 0),
  );
  if (!visible()) close(action);
}

/** The visitor signs off: what follows is another session. @param {() => void} renew */
export function finishSession(renew) {
  closeAll();
  emit(clock(), { k: "x" });
  pack();
  renew();
  flush();
}

