// @ts-check
/**
 * User actions: what opens them, what keeps them open, what they are made of.
 */
import { caption, element } from "./naming.js";
import {
  attempt,
  clean,
  clock,
  cut,
  doc,
  epoch,
  framed,
  guard,
  here,
  later,
  life,
  off,
  on,
  page,
  perf,
  random32,
  round,
  settings,
  some,
  tell,
  visible,
} from "./core.js";
import { touch } from "./ids.js";
import { arrivals, documentRow, longTasks, marks, navigation, resources } from "./timing.js";
import { look } from "./tags.js";
import { busy, emit, flush, pack } from "./transport.js";

/**
 * @typedef {{at_: number, until_: number, kind_: string, caption_: string, element_: string, url_: string, node_: any,
 *   action_?: Action}} Input
 * @typedef {{url_: string, method_: string, kind_: string, at_: number, end_: number, status_: number, failed_: boolean}} Request
 * @typedef {{
 *   id_: number, type_: "load"|"xhr"|"custom", at_: number, end_: number, name_: string, url_: string, pending_: number,
 *   work_: number, timer_: number, input_?: Input, soft_?: 1, requests_: Request[], errors_: any[],
 *   props_: Record<string, string>, view_: number, to_?: string, added_: [any, number][], parent_: number,
 *   first_?: 1, ended_?: 1, left_?: 1, hidden_: boolean
 * }} Action
 */

/** How long after an input asynchronous work still belongs to it. */
const FOLLOW = settings.fetch ? 500 : 30;
/** A closed chain: nothing more came for this long. */
const QUIET = 50;
/** How long a view may take shape after its last request. */
const SHAPE = 1000;
/** No action is longer. */
const LONGEST = 180000;

/** Page view of the document and of the route; name and group of the page as the page gave them. */
export const view = { page_: random32(), route_: 0, url_: here(), name_: "", group_: "", manual_: false, auto_: true };
view.route_ = view.page_;

/** @type {Action[]} */
let open = [];
/** @type {Input|undefined} */
let input;
/** Whose answer just came: what is asked now belongs to it. @type {{action_: Action, until_: number}|undefined} */
let chain;
let number = random32() >>> 4;

/** Whether an action is still open. @param {Action|undefined} action @returns {any} */
const isOpen = (action) => action && open.includes(action);

/**
 * @param {Action["type_"]} type
 * @param {number} at
 * @param {Partial<Action>} [more]
 * @returns {Action}
 */
export function begin(type, at, more) {
  const parent = type === "custom" && open.filter((one) => one.type_ === type).pop();
  /** @type {Action} */
  const action = {
    id_: ++number,
    type_: type,
    at_: at,
    end_: at,
    name_: "",
    url_: here(),
    pending_: 0,
    work_: clock(),
    timer_: 0,
    requests_: [],
    errors_: [],
    props_: {},
    added_: [],
    view_: view.route_,
    parent_: parent ? parent.id_ : 0,
    hidden_: !visible(),
    ...more,
  };
  if (open.length > 20) close(open[0]);
  open.push(action);
  later(() => close(action), LONGEST);
  tell(0, action.id_, epoch(at), !parent, action.input_ && action.input_.node_);
  return action;
}

/** @param {number} id @returns {Action|undefined} */
export const find = (id) => open.find((action) => action.id_ === id);

/** The load of the document while it goes on. @returns {Action|undefined} */
export const loading = () => open.find((action) => action.first_ && !action.ended_);

/** The action that things without a known cause belong to. @returns {Action|undefined} */
export function current() {
  const cause = live();
  const going = chain && clock() < chain.until_ && isOpen(chain.action_) && chain.action_;
  return (
    open.filter((action) => action.type_ === "custom").pop() ||
    going ||
    (cause ? some(isOpen(cause.action_)) && cause.action_ : open.filter((action) => !action.ended_).pop())
  );
}

/** Whether an input may still cause something. @returns {Input|undefined} */
const live = () => (view.auto_ && input && clock() < input.until_ ? input : undefined);

/**
 * The action of the input that is being followed, opened on demand.
 * @returns {Action|undefined}
 */
export function ofInput() {
  const cause = live();
  if (cause && !isOpen(cause.action_)) cause.action_ = begin("xhr", cause.at_, { input_: cause, url_: cause.url_ });
  return cause && cause.action_;
}

/** Counts work that keeps an action open. @param {Action} action */
export function hold(action) {
  action.pending_++;
  clearTimeout(action.timer_);
}

/**
 * The work is done.
 * @param {Action} action
 * @param {number} [end]
 */
export function unhold(action, end) {
  action.pending_--;
  action.work_ = clock();
  action.end_ = Math.max(action.end_, end || clock());
  settle(action);
}

/** Closes an action when it stays quiet. @param {Action} action */
export function settle(action) {
  clearTimeout(action.timer_);
  if (action.pending_ > 0 || action.type_ === "load" || (action.type_ === "custom" && !action.left_)) return;
  const rest = action.input_ ? action.input_.until_ - clock() : 0;
  action.timer_ = later(() => close(action), Math.max(QUIET, Math.min(rest, FOLLOW)));
}

/** An answer came: what its readers ask for belongs to the same action. @param {Action|undefined} action */
export function answered(action) {
  if (action) chain = { action_: action, until_: clock() + 30 };
}

/** Addresses that the page asks for by itself, again and again. @type {Map<string, number>} */
const background = new Map();

/**
 * A request begins: finds the action it belongs to.
 * @param {string} url
 * @param {string} method
 * @param {"xhr"|"fetch"} kind
 * @returns {{request_: Request, action_?: Action}}
 */
export function beginRequest(url, method, kind) {
  /** @type {Request} */
  const request = { url_: url, method_: method, kind_: kind, at_: clock(), end_: 0, status_: 0, failed_: false };
  const key = method + url.split(/[?#]/)[0];
  const cause = live();
  const count = background.get(key) || 0;
  life.count_++;
  let action;
  if (chain && clock() < chain.until_ && isOpen(chain.action_)) action = chain.action_;
  else if (cause && (count < 2 || request.at_ - cause.at_ < 30)) action = ofInput();
  else {
    if (!cause && !open.length) {
      if (background.size > 100) background.clear();
      background.set(key, count + 1);
    }
    action = count < 2 ? current() : undefined;
  }
  if (action) {
    if (action.requests_.length < 200) action.requests_.push(request);
    hold(action);
  }
  return { request_: request, action_: action };
}

/** A new view: of the input that is followed, or by itself. @param {string} from where it was before */
export function newView(from) {
  life.count_++;
  view.route_ = random32();
  touchPage();
  let action = ofInput() || open.filter((one) => one.type_ === "xhr").pop();
  if (action) {
    action.to_ = view.url_;
    action.view_ = view.route_;
    action.work_ = clock();
    action.end_ = Math.max(action.end_, clock());
  } else {
    // During the load it is the router finding its place.
    if (loading() || (from.split("#")[0] === view.url_.split("#")[0] && !/#[!/]/.test(view.url_) && !view.manual_)) return;
    action = begin("xhr", clock());
  }
  action.soft_ = 1;
  settle(action);
}

/** The address changed without a load. */
export function routeChange() {
  const from = view.url_;
  view.url_ = here();
  if (view.url_ === from || !view.auto_) return;
  if (!view.manual_) {
    view.name_ = view.group_ = "";
    newView(from);
  }
}

/** Pictures, scripts, sheets and frames that an action waits for. */
const waiting = new WeakSet();

/**
 * The first nodes of a list. Not more are made: pages have thousands, and an object for each costs more than all else here.
 * @param {any} list
 * @returns {any[]}
 */
const firstOf = (list) => [].slice.call(list, 0, 99);

/**
 * What is added to the page belongs to the actions that are open. No call takes longer than a few milliseconds.
 * @param {MutationRecord[]} records
 */
function onMutation(records) {
  const now = clock();
  const xhr = open.filter((one) => one.type_ === "xhr");
  for (const action of xhr) {
    // A new view takes shape; what moves for longer is no part of it.
    if (action.soft_ && now - action.work_ < SHAPE) {
      action.end_ = now;
      settle(action);
    }
  }
  if (!open.length) return;
  const action = xhr.pop();
  for (const record of records.slice(0, 300)) {
    if (clock() - now > 4) break;
    const nodes = record.addedNodes;
    if (nodes.length) for (const one of open) if (one.added_.push([record, now]) > 600) one.added_.splice(0, 300);
    if (!action) continue;
    for (const added of firstOf(nodes)) {
      if (added.nodeType !== 1) continue;
      for (const one of [added, ...firstOf(added.querySelectorAll("img,iframe"))]) {
        const name = one.nodeName;
        const is =
          one.src && (name === "IMG" ? !one.complete && one.loading !== "lazy" : name === "SCRIPT" || name === "IFRAME");
        if (waiting.has(one) || !(is || (name === "LINK" && one.rel === "stylesheet"))) continue;
        waiting.add(one);
        hold(action);
        const done = () => {
          if (!waiting.delete(one)) return;
          action.added_.push([{ addedNodes: [one] }, clock()]);
          unhold(action);
        };
        on(one, "load error", done);
        later(done, 10000);
      }
    }
  }
}

/**
 * Visually complete and speed index: the share of the window that each part fills, by the time it came. What was there
 * at first paint counts from then on.
 * @param {Action} action
 * @returns {{vc?: number, si?: number}}
 */
function picture(action) {
  const start = clock();
  const isLoad = action.first_;
  if (action.hidden_ || !visible() || framed || (!isLoad && !action.added_.length)) return {};
  const paint = isLoad ? perf.getEntriesByName("first-contentful-paint")[0] : undefined;
  const first = paint ? paint.startTime : action.at_;
  const scrolled = isLoad ? scrollY : 0;
  let shown = isLoad && !paint ? 0 : first;
  let area = 0;
  let sum = 0;
  const add = (node, at) => {
    if (at <= first || clock() - start > 6 || !node.getBoundingClientRect) return;
    const box = node.getBoundingClientRect();
    const wide = Math.min(box.right, innerWidth) - Math.max(box.left, 0);
    const high = Math.min(box.bottom + scrolled, innerHeight) - Math.max(box.top + scrolled, 0);
    const size = wide > 0 && high > 0 ? wide * high : 0;
    if (size < 50) return;
    shown = Math.max(shown, at);
    area += size;
    sum += size * at;
  };
  for (const [{ addedNodes, target }, at] of action.added_.reverse())
    if (at > first) firstOf(addedNodes).forEach((node) => add(node.nodeType === 3 ? target : node, at));
  if (isLoad) {
    const arrived = arrivals();
    for (const image of firstOf(document.images)) add(image, arrived.get(image.currentSrc) || 0);
  }
  const rest = Math.max(0, innerWidth * innerHeight - area);
  return shown > action.at_
    ? { vc: round(shown - action.at_), si: isLoad || action.soft_ ? round((sum + rest * first) / (area + rest) - action.at_) : undefined }
    : {};
}

/** Closes an action and puts it into the next beacon. @param {Action} action */
export function close(action) {
  if (!isOpen(action)) return;
  clearTimeout(action.timer_);
  if (action.pending_ > 0 && !action.ended_) action.end_ = clock();
  action.end_ = Math.min(action.end_, action.at_ + LONGEST);
  const seen = attempt(() => picture(action));
  action.added_ = [];
  open = open.filter((one) => one !== action);
  Object.assign(action.props_, look());
  tell(1, action.id_, epoch(action.end_), !action.parent_);
  const isLoad = action.type_ === "load";
  const cause = action.input_;
  const found = resources(
    action.at_,
    action.end_,
    action.requests_,
    open.flatMap((one) => one.requests_),
  );
  if (action.first_ && !off(16)) found.r = [...documentRow(action.at_), ...(found.r || [])];
  busy();
  emit(action.at_, {
    k: "a",
    t: action.type_,
    id: action.id_,
    pa: some(action.parent_),
    n: some(action.name_),
    i: cause && { k: cause.kind_, c: cause.caption_, e: cause.element_ },
    u: action.url_,
    nu: action.to_,
    pg: some(view.name_),
    gg: some(view.group_),
    ru: action.requests_[0] && clean(action.requests_[0].url_),
    ti: some(cut(doc.title, 256)),
    rf: some(isLoad && clean(doc.referrer)),
    d: round(action.end_ - action.at_),
    lt: some(longTasks(action.at_, action.end_)),
    tm: action.first_ && marks(action.at_),
    soft: action.soft_,
    hd: some(+action.hidden_),
    pv: action.view_,
    ...seen,
    ...found,
    er: some(action.errors_[0] && action.errors_),
    pr: some(Object.keys(action.props_)[0] && action.props_),
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
  const target = isOpen(action) ? action : current();
  if (!target) emit(now, { k: "e", ...error });
  else {
    const errors = target.errors_;
    const same = errors.find((one) => one.t === error.t && one.m === error.m && one.u === error.u);
    if (same) same.x = (same.x || 1) + 1;
    else if (errors.length < 20) errors.push({ at: round(now - target.at_), ...error });
  }
}

/** Load of the document, or its return from the back/forward cache. @param {number} at @param {1} [first] */
function openLoad(at, first) {
  const action = begin("load", at, { first_: first });
  const look = () => {
    const now = clock();
    const last = action.added_[action.added_.length - 1];
    if (visible() && last && now - last[1] < 1000 && now - action.end_ < 3000) return later(look, 200);
    close(action);
    // Not in one task with what is long already.
    later(flush);
  };
  const finish = () => {
    if (action.pending_ > 0) return later(finish, QUIET);
    // Ended; what comes now belongs to others, but the picture may still change.
    action.ended_ = 1;
    action.end_ = Math.max(action.end_, (first && navigation().loadEventEnd) || clock());
    look();
  };
  const loaded = () => later(() => later(finish, QUIET));
  if (!first) requestAnimationFrame(() => later(finish));
  else if (doc.readyState === "complete") loaded();
  else on(window, "load", loaded);
  if (!first && !visible()) close(action);
}

/**
 * An input begins.
 * @param {any} node
 * @param {string} kind
 * @param {number} at
 * @param {any} [said] caption
 * @returns {Input}
 */
export function startInput(node, kind, at, said) {
  // What shows from now on is no picture of the load any more.
  open.filter((one) => one.ended_).forEach(close);
  touchPage();
  busy();
  return (input = {
    at_: at,
    until_: Infinity,
    kind_: kind,
    caption_: said ? cut(said, 100) : caption(node),
    element_: element(node),
    url_: here(),
    node_: node,
  });
}

/** The handlers of an input are through: from now on it is followed for a while. @param {Input} made @param {number} [time] */
export const endInput = (made, time = FOLLOW) => (made.until_ = clock() + time);

/** @param {any} event */
function onInput(event) {
  if (!event.isTrusted) return;
  const now = clock();
  const type = event.type;
  if (input && !input.action_ && now - input.at_ < 700 && type !== "click" && type !== "keydown") return;
  // A key, a touch or a label clicks by itself; clicks of keys count no presses, however late a busy page gets them.
  // A field that is left does not: there the click is what was meant.
  if (input && input.kind_ !== "change" && now - input.at_ < (event.detail ? 20 : 1000) && type === "click") return;
  const made = startInput(
    event.composedPath()[0] || event.target,
    type === "keydown" ? "keypress" : type === "touchend" || event.pointerType === "touch" ? "touch" : type,
    Math.min(now, event.timeStamp || now),
  );
  later(() => endInput(made));
}

/** Starts to watch. */
export function openActions() {
  new MutationObserver(guard(onMutation)).observe(doc, { childList: true, subtree: true });
  const { activationStart, responseStatus } = navigation();
  // The load of a frame belongs to the page of ours around it.
  if (!framed || !attempt(() => page.parent.footfall)) {
    openLoad(activationStart || 0, 1);
    if (responseStatus > 399) attach({ t: "req", m: "HTTP " + responseStatus, u: here(), me: "GET", st: responseStatus });
  }
  on(doc, "click keydown change submit touchend", onInput);
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
  view.page_ = view.route_ = random32();
  view.url_ = here();
  touchPage();
  openLoad(at);
}

/** The visitor signs off: what follows is another session. @param {() => void} renew */
export function finishSession(renew) {
  closeAll();
  emit(clock(), { k: "x" });
  pack();
  renew();
  flush();
}
