// @ts-check
/**
 * fetch and XMLHttpRequest: which action they belong to, when they end, whether they fail.
 */
import { absolute, attempt, clock, cut, dying, guard, isOwn, later } from "./core.js";
import { answered, beginRequest, unhold } from "./actions.js";
import { failed } from "./errors.js";
import { bodies } from "./timing.js";

/**
 * @param {any} url
 * @param {any} method
 * @param {"xhr"|"fetch"} kind
 */
function track(url, method, kind) {
  const address = absolute(url);
  if (isOwn(address) || !/^http/.test(address)) return;
  const verb = cut(method || "GET", 16).toUpperCase();
  const { request_: request, action_: action } = beginRequest(address, verb, kind);
  let done = false;
  return {
    request_: request,
    /**
     * @param {number} status 0 without an answer
     * @param {boolean} aborted
     */
    answered_(status, aborted) {
      request.status_ = status;
      request.end_ = clock();
      answered(action);
      if (aborted || (status > 0 && status < 400) || (!status && dying())) return;
      request.failed_ = true;
      failed(address, status ? "HTTP " + status : "No answer", status, action, verb);
    },
    /** @param {number} [end] */
    finished_(end) {
      if (done) return;
      done = true;
      request.end_ = end || request.end_ || clock();
      if (action) unhold(action, request.end_);
    },
  };
}

function patchFetch() {
  const native = window.fetch;
  if (!native) return;
  window.fetch = /** @type {any} */ (
    function (/** @type {any} */ resource, /** @type {any} */ init) {
      const call = attempt(() => {
        const isRequest = resource instanceof Request;
        return track(isRequest ? resource.url : resource, (init && init.method) || (isRequest && resource.method), "fetch");
      });
      /** @type {Promise<Response>|undefined} */
      let promise;
      try {
        // @ts-ignore: whatever the page gave as `this` goes on
        promise = native.apply(this, arguments);
      } finally {
        // What throws at once is never answered.
        if (!promise && call) attempt(call.finished_);
      }
      if (call)
        attempt(() =>
          promise.then(
            guard((answer) => {
              // An answer that may not be read has no status, and did not fail.
              call.answered_(answer.status, !answer.status);
              if (/event-stream/.test(answer.headers.get("content-type")) || !answer.body) return call.finished_();
              const body = { url_: call.request_.url_, at_: call.request_.at_, done_: call.finished_ };
              bodies.add(body);
              // A body that nobody reads makes no entry.
              const drop = () => {
                bodies.delete(body);
                call.finished_();
              };
              later(() => (answer.bodyUsed ? later(drop, 30000) : drop()), 100);
            }),
            guard((reason) => {
              call.answered_(0, !!reason && reason.name === "AbortError");
              call.finished_();
            }),
          ),
        );
      return promise;
    }
  );
}

function patchXhr() {
  const proto = XMLHttpRequest.prototype;
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
    /** @type {any} */
    let call;
    attempt(() => {
      const [url, method] = opened.get(this) || [];
      call = track(url, method, "xhr");
      if (!call) return;
      let aborted = false;
      // Before the handlers of the page: what they ask for belongs to the same action.
      this.addEventListener(
        "readystatechange",
        guard(() => this.readyState > 3 && this.status && call.answered_(this.status, aborted)),
      );
      this.addEventListener("abort", () => (aborted = true));
      this.addEventListener(
        "loadend",
        guard(() => {
          if (!this.status) call.answered_(0, aborted);
          call.finished_();
        }),
      );
    });
    let sent = false;
    try {
      // @ts-ignore: as the page called it
      send.apply(this, arguments);
      sent = true;
    } finally {
      if (!sent && call) attempt(call.finished_);
    }
  };
}

/** Starts to follow requests. */
export function openRequests() {
  attempt(patchFetch);
  attempt(patchXhr);
}
