// @ts-check
/**
 * What pages may call: `window.footfall`, and the same under the name that people already call, `window.dtrum`.
 */
import { clean, clock, cut, doc, epoch, guard, here, hooks, page, perf, settings, some, wish } from "./core.js";
import {
  answered,
  attach,
  begin,
  close,
  closeAll,
  current,
  endInput,
  find,
  finishSession,
  hold,
  loading,
  newView,
  ofInput,
  startInput,
  unhold,
  view,
} from "./actions.js";
import { ids, keepVisitor, renew, save } from "./ids.js";
import { failed, report } from "./errors.js";
import { evaluate, forget, identify } from "./tags.js";
import { emit, flush } from "./transport.js";

/**
 * Pairs as text, and the report about them. Takes plain objects and the groups `{javaLong, date, shortString, javaDouble}`.
 * @param {any[]} groups
 */
function pairs(groups) {
  /** @type {Record<string, string>} */
  const found = {};
  /** @type {any[]} */
  const sentProperties = [];
  /** @type {any[]} */
  const failedProperties = [];
  const add = (object) => {
    for (const key of Object.keys(object || {})) {
      let value = object[key];
      if (/^(javaLong|date|shortString|javaDouble)$/.test(key) && value && typeof value === "object") {
        add(value);
        continue;
      }
      const open = value && value.public;
      if (value && typeof value === "object" && "value" in value) value = value.value;
      const text = value instanceof Date ? value.toISOString() : value;
      if (text == null || sentProperties.length > 49 || (wish && !open)) failedProperties.push({ key, reason: "not sent" });
      else {
        found[cut(key, 64)] = cut(text, 512);
        sentProperties.push({ key, value });
      }
    }
  };
  groups.forEach(add);
  return { found_: found, count_: sentProperties.length, report_: { failedProperties, sentProperties, info: "" } };
}

/** @param {number|undefined} time wall time @returns {number} by our clock */
const moment = (time) => (/** @type {any} */ (time) > 0 ? Math.min(/** @type {any} */ (time) - perf.timeOrigin, clock()) : clock());

/** @param {any} action @param {number} [stop] wall time: then nothing more is waited for */
function end(action, stop) {
  if (!action) return;
  action.end_ = Math.max(action.at_, moment(stop), stop ? 0 : action.end_);
  action.left_ = 1;
  if (!stop && action.pending_ > 0) return;
  action.pending_ = 0;
  close(action);
}

/** The load waits for the page. */
const wait = () => {
  const load = loading();
  if (load) hold(load);
};
const ready = () => {
  const load = loading();
  if (load && load.pending_ > 0) unhold(load);
};

/** @param {number} hook @returns {(run: any) => void} */
const add = (hook) => (run) => {
  if (typeof run === "function" && hooks[hook].length < 50) hooks[hook].push(run);
};
/** @param {number} hook @returns {(run: any) => void} */
const remove = (hook) => (run) => {
  hooks[hook] = hooks[hook].filter((one) => one !== run);
};
const nothing = () => {};

/** @param {() => void} enable @param {() => void} disable @returns {Record<string, Function>} */
const calls = (enable, disable) => ({
  enterAction(name, _type, startTime, sourceUrl) {
    const at = moment(startTime);
    if (!name || !ids.on_ || clock() - at > 3600000) return 0;
    return begin("custom", at, { name_: cut(name, 256), url_: sourceUrl ? clean(sourceUrl) : here() }).id_;
  },
  leaveAction(id, stopTime, startTime) {
    const action = find(id);
    if (action && startTime) action.at_ = Math.max(moment(startTime), clock() - 3600000);
    end(action, stopTime);
  },
  addEnterActionListener: add(0),
  removeEnterActionListener: remove(0),
  addLeaveActionListener: add(1),
  removeLeaveActionListener: remove(1),
  addPageLeavingListener: add(2),
  addVisitTimeoutListener: add(3),
  actionName(name, id) {
    if (!name || typeof name !== "string") return 2;
    if (id != null && !(id > 0)) return 3;
    const action = id ? find(id) : current();
    if (action) action.name_ = cut(name, 256);
    return action ? 0 : 1;
  },
  addActionProperties(id, ...groups) {
    const action = find(id);
    if (!action) return;
    const { found_: found, report_: made } = pairs(groups);
    Object.assign(action.props_, found);
    return made;
  },
  sendSessionProperties(...groups) {
    const { found_: pr, count_: count, report_: made } = pairs(groups);
    if (count) emit(clock(), { k: "p", pr });
    return made;
  },
  identifyUser: identify,
  endSession() {
    finishSession(renew);
    forget();
  },
  reportError: (error, id) => report(error, undefined, find(id)),
  reportCustomError(key, value, hint, parent) {
    attach({ t: "custom", m: cut(key, 256), n: cut(value, 256), s: some(cut(hint, 1000)) }, find(parent));
  },
  markAsErrorPage(code, message) {
    const load = loading();
    if (!load || !(code > 0)) return false;
    failed(here(), message, code, load);
    return true;
  },
  markXHRFailed(code, message, id) {
    const action = id ? find(id) : current();
    if (!action || action.type_ !== "xhr" || !(code > 0)) return false;
    const request = action.requests_[0];
    failed(request ? request.url_ : here(), message, code, action);
    return true;
  },
  enterXhrAction(_type, mode, url) {
    if (!ids.on_) return 0;
    const action = /** @type {any} */ ((mode === 3 && ofInput()) || current());
    if (!action || (!mode && action.type_ !== "xhr")) return 0;
    hold(action);
    if (url) action.requests_.push({ url_: url, method_: "", kind_: "xhr", at_: clock(), end_: 0, status_: 0, failed_: false });
    return action.id_;
  },
  leaveXhrAction(id, stopTime) {
    const action = find(id);
    if (action && action.pending_ > 0) unhold(action, moment(stopTime));
  },
  enterXhrCallback: (id) => answered(find(id)),
  leaveXhrCallback: () => answered(undefined),
  beginUserInput(node, type, addInfo, validTime) {
    const isText = typeof node === "string";
    const made = startInput(isText ? document.body : node, cut(type, 20), clock(), isText && node);
    if (validTime) endInput(made, validTime);
    return { target: node, name: type, info: addInfo || "", title: doc.title, made };
  },
  endUserInput: (input) => endInput(input.made),
  setAutomaticActionDetection: (enabled) => (view.auto_ = !!enabled),
  setLoadEndManually: wait,
  signalLoadEnd: ready,
  signalOnLoadStart: wait,
  incrementOnLoadEndMarkers: wait,
  signalOnLoadEnd: ready,
  sendBeacon(_sync, _preview, kill) {
    if (kill) closeAll();
    flush();
  },
  enable,
  disable,
  enableSessionReplay: nothing,
  disableSessionReplay: nothing,
  enablePersistentValues() {
    save("ff_n", "", 0);
    keepVisitor();
  },
  disablePersistentValues(remember) {
    save("ff_n", "1", remember ? 34128000 : undefined);
    keepVisitor();
  },
  enableManualPageDetection: () => (view.manual_ = true),
  enableAutomaticPageDetection: () => (view.manual_ = false),
  setPage(given) {
    const name = cut(given.name, 256);
    if (!view.manual_) return -2;
    if (!name || name === view.name_) return -1;
    const isLoading = loading();
    view.name_ = name;
    view.group_ = cut(given.group, 256);
    if (isLoading) return 2;
    newView("");
    return 1;
  },
  getAndEvaluateMetaData: () =>
    [...settings.tags, ...settings.props].map((rule, index) => ({
      id: cut(/** @type {any} */ (rule).k || index, 64),
      type: rule.s,
      expression: rule.x,
      value: evaluate(rule) || null,
    })),
  now: () => epoch(clock()),
  registerPreDiffMethod: nothing,
});

/**
 * Hands the calls to the page, each guarded.
 * @param {() => void} enable
 * @param {() => void} disable
 */
export function openApi(enable, disable) {
  const made = calls(enable, disable);
  for (const name in made) made[name] = guard(made[name]);
  page.footfall = made;
  page.dtrum = page.dtrum || made;
  page.dynatrace = page.dynatrace || {
    sendBizEvent: guard((type, fields) => {
      const id = made.enterAction(type);
      made.addActionProperties(id, fields);
      made.leaveAction(id);
    }),
  };
}
