// @ts-check
/**
 * fetch and XMLHttpRequest: which action they belong to, when they end, whether they fail.
 */
import { absolute, attempt, clock, cut, dying, guard, later } from "./core.js";
import { attach, beginRequest, unhold } from "./actions.js";
import { onResource } from "./timing.js";
import { isOwn } from "./transport.js";

/** Answers whose body is still coming. @type {{url: string, at: number, done: (end?: number) => void}[]} */
let bodies = [];

/**
 * @param {any} url
 * @param {any} method
 * @param {"xhr"|"fetch"} kind
 */
function track(url, method, kind) {
  const address = absolute(url);
  if (isOwn(address) || !/^http/.test(address)) return undefined;
  const verb = cut(method || "GET", 16).toUpperCase();
  const { request, action } = beginRequest(address, verb, kind);
  let done = false;
  return {
    request,
    /**
     * @param {number} status 0 without an answer
     * @param {boolean} aborted
     */
    answered(status, aborted) {
      request.status = status;
      request.end = clock();
      if (aborted || (status > 0 && status < 400) || (!status && dying())) return;
      request.failed = true;
      attach(
        {
          t: "req",
          m: status ? "HTTP " + status : "No answer",
          u: cut(address, 2048),
          me: verb,
          st: status || undefined,
        },
        action,
      );
    },
    /** @param {number} [end] */
    finished(end) {
      if (done) return;
      done = true;
      request.end = end || request.end || clock();
      if (action) unhold(action, request.end);
    },
  };
}

function patchFetch() {
  const native = window.fetch;
  if (!native) return;
  window.fetch = /** @type {any} */ (
    function (/** @type {any} */ resource, /** @type {any} */ init) {
      const call = attempt(() => {
        const isRequest = typeof Request === "function" && resource instanceof Request;
        return track(isRequest ? resource.url : resource, (init && init.method) || (isRequest && resource.method), "fetch");
      });
      /** @type {Promise<Response>} */
      // @ts-ignore: whatever the page gave as `this` goes on
      const promise = native.apply(this, arguments);
      if (call) {
        attempt(() =>
          promise.then(
            guard((answer) => {
              // An answer that may not be read has no status, and did not fail.
              call.answered(answer.status, !answer.status);
              const stream = /event-stream/.test(answer.headers.get("content-type") || "");
              if (stream || !answer.body) return call.finished();
              const body = { url: call.request.url, at: call.request.at, done: call.finished };
              bodies.push(body);
              // A body that nobody reads makes no entry.
              const drop = () => {
                bodies = bodies.filter((one) => one !== body);
                call.finished();
              };
              later(() => (answer.bodyUsed ? later(drop, 30000) : drop()), 100);
            }),
            guard((reason) => {
              call.answered(0, !!reason && reason.name === "AbortError");
              call.finished();
            }),
          ),
        );
      }
      return promise;
    }
  );
}

function patchXhr() {
  const proto = window.XMLHttpRequest && XMLHttpRequest.prototype;
  if (!proto) return;
  /** @type {WeakMap<XMLHttpRequest, any[]>} */
  const opened = new WeakMap();
  const { open, send } = proto;
  proto.open = /** @type {any} */ (
    function (/** @type {any} */ method, /** @type {any} */ url) {
      // @ts-ignore: `this` is the request
      attempt(() => opened.set(this, [url, method]));
      // @ts-ignore: as the page called it
      return open.apply(this, arguments);
    }
  );
  proto.send = function () {
    attempt(() => {
      const [url, method] = opened.get(this) || [];
      const call = track(url, method, "xhr");
      if (!call) return;
      let aborted = false;
      this.addEventListener("abort", () => (aborted = true));
      this.addEventListener(
        "loadend",
        guard(() => {
          call.answered(this.status, aborted);
          call.finished();
        }),
      );
    });
    // @ts-ignore: as the page called it
    return send.apply(this, arguments);
  };
}

/** Starts to follow requests. */
export function openRequests() {
  attempt(patchFetch);
  attempt(patchXhr);
  onResource.push((entry) => {
    const body = bodies.find((one) => one.url === entry.name && entry.startTime >= one.at - 5);
    if (body) {
      bodies = bodies.filter((one) => one !== body);
      body.done(entry.responseEnd);
    }
  });
}
