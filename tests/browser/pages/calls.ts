// A page written against the public types of the calls that people already make: it has to compile and to work.
import type { DtrumApi } from "@dynatrace/dtrum-api-types/dtrum";

/** Every name, and no other: a name too many or too few does not compile. */
const names: Record<keyof DtrumApi, true> = {
  actionName: true, addActionProperties: true, addEnterActionListener: true, addLeaveActionListener: true,
  addPageLeavingListener: true, addVisitTimeoutListener: true, beginUserInput: true, disable: true,
  disablePersistentValues: true, disableSessionReplay: true, enable: true, enableAutomaticPageDetection: true,
  enableManualPageDetection: true, enablePersistentValues: true, enableSessionReplay: true, endSession: true,
  endUserInput: true, enterAction: true, enterXhrAction: true, enterXhrCallback: true, getAndEvaluateMetaData: true,
  identifyUser: true, incrementOnLoadEndMarkers: true, leaveAction: true, leaveXhrAction: true, leaveXhrCallback: true,
  markAsErrorPage: true, markXHRFailed: true, now: true, registerPreDiffMethod: true, removeEnterActionListener: true,
  removeLeaveActionListener: true, reportCustomError: true, reportError: true, sendBeacon: true,
  sendSessionProperties: true, setAutomaticActionDetection: true, setLoadEndManually: true, setPage: true,
  signalLoadEnd: true, signalOnLoadEnd: true, signalOnLoadStart: true,
};

const api = window.dtrum!;
const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time));
const get = async (path: string) => (await fetch(path)).text();

/** What the load is told, by the query of the page. */
const early: Record<string, unknown> = {};
const mode = new URLSearchParams(location.search).get("load");
if (mode === "manual") {
  api.setLoadEndManually();
  addEventListener("load", () => setTimeout(() => api.signalLoadEnd(), 700));
}
if (mode === "markers") {
  api.signalOnLoadStart();
  api.incrementOnLoadEndMarkers();
  addEventListener("load", () => setTimeout(() => api.signalOnLoadEnd(), 300));
  addEventListener("load", () => setTimeout(() => api.signalOnLoadEnd(), 800));
}
if (mode === "error") {
  early.wrong = api.markAsErrorPage("x" as unknown as number, "not a number");
  early.marked = api.markAsErrorPage(418, "teapot");
  addEventListener("load", () => setTimeout(() => (early.late = api.markAsErrorPage(418, "too late")), 1500));
}
if (mode === "page") {
  early.automatic = api.setPage({ name: "/too-early" });
  api.enableManualPageDetection();
  early.loading = api.setPage({ name: "/books/123", group: "/books/:id" });
}

const parts = {
  names: () => Object.keys(names),
  early: () => early,

  /** Custom actions, their names, listeners and properties. */
  async actions() {
    const entered: unknown[][] = [];
    const left: unknown[][] = [];
    const onEnter = (...rest: [number, number, boolean, ...unknown[]]) => void entered.push(rest.slice(0, 3));
    const onLeave = (...rest: [number, number, boolean]) => void left.push(rest);
    const nobody = api.actionName("nobody");
    api.addEnterActionListener(onEnter);
    api.addLeaveActionListener(onLeave);
    const begin = api.now();
    const outer = api.enterAction("first", "ignored", undefined, "https://shop.example/source");
    const inner = api.enterAction("inner");
    const codes = {
      nobody,
      given: api.actionName("outer", outer),
      unknown: api.actionName("x", 987654),
      noName: api.actionName(7 as unknown as string),
      noId: api.actionName("x", "y" as unknown as number),
      none: api.enterAction(""),
    };
    const report = api.addActionProperties(
      outer,
      { items: 3, shown: { value: 4, public: true } },
      { day: new Date(0) },
      { plan: "gold" },
      { price: 1.5 },
    );
    await pause(50);
    api.leaveAction(inner);
    const stop = api.now();
    await pause(100);
    api.leaveAction(outer, stop);
    const end = api.now();
    api.removeEnterActionListener(onEnter);
    api.removeLeaveActionListener(onLeave);
    api.leaveAction(api.enterAction("unheard"));
    const early = api.enterAction("moved");
    api.leaveAction(early, api.now(), api.now() - 2000);
    return { codes, outer, inner, entered, left, report, begin, stop, end };
  },

  /** Who it is, what the session is, what went wrong. */
  async reports() {
    api.identifyUser("ryan");
    const one = api.sendSessionProperties({ visits: 7 }, { born: new Date(0) }, { tier: "b" }, { ratio: 0.5 });
    const two = api.sendSessionProperties({ javaLong: { years: 3 }, shortString: { city: "Linz" } });
    const action = api.enterAction("reporting");
    api.reportError(new RangeError("in the action"), action);
    api.reportError({ message: "as an object", file: "https://shop.example/a.js", line: 12, column: 34, stack: "at a.js:12:34" } as unknown as Error, action);
    api.reportCustomError("coupon", "expired", "a hint", action);
    api.reportCustomError("current", "by flag", undefined, true);
    api.leaveAction(action);
    await pause(100);
    api.reportCustomError("alone", "between");
    return { one, two };
  },

  /** Requests and inputs that the page tells of by itself. */
  async requests() {
    const codes: Record<string, unknown> = {};
    codes.nothingRuns = api.enterXhrAction("framework", 0, "/api/none");
    codes.nobodyFailed = api.markXHRFailed(500, "nobody");
    const node = document.getElementById("other")!;
    const input = api.beginUserInput(node, "click", "left button", 3000);
    const started = api.enterXhrAction("framework", 3, "/api/started");
    codes.extended = api.enterXhrAction("framework", 0, "/api/extended") > 0;
    await pause(120);
    api.enterXhrCallback(started);
    const inCallback = get("/api/in-callback?delay=60");
    api.leaveXhrCallback(started);
    codes.wrong = api.markXHRFailed("x" as unknown as number, "not a number", started);
    codes.marked = api.markXHRFailed(507, "soft failure", started);
    api.endUserInput(input);
    await inCallback;
    api.leaveXhrAction(started);
    api.leaveXhrAction(started, api.now());
    await pause(1500);
    codes.late = api.markXHRFailed(507, "too late", started);
    const custom = api.enterAction("extended by hand");
    codes.any = api.enterXhrAction("framework", 1, "/api/any") > 0;
    await pause(30);
    api.leaveXhrAction(custom);
    api.leaveAction(custom);
    const { target, name, info, title } = input;
    return { codes, started, input: { isNode: target === node, name, info, title } };
  },

  /** Names of pages. */
  pages() {
    const codes: Record<string, unknown> = {};
    codes.same = api.setPage({ name: "/books/123", group: "/books/:id" });
    codes.next = api.setPage({ name: "/books/456", group: "/books/:id" });
    api.leaveAction(api.enterAction("reading"));
    api.enableAutomaticPageDetection();
    codes.off = api.setPage({ name: "/books/789" });
    return codes;
  },

  /** What else there is. */
  async rest() {
    const meta = api.getAndEvaluateMetaData();
    const apart = Math.abs(api.now() - Date.now());
    api.registerPreDiffMethod((text) => text);
    api.enableSessionReplay(true);
    api.disableSessionReplay();
    window.dynatrace!.sendBizEvent("order", { total: 12.5, items: ["a", "b"] });
    return { meta, apart };
  },

  automatic: (on: boolean) => api.setAutomaticActionDetection(on),
  persist: (on: boolean) => (on ? api.enablePersistentValues() : api.disablePersistentValues(true)),
  consent: (on: boolean) => (on ? api.enable() : api.disable()),
  end: () => api.endSession(),
  watchLeaving: () => api.addPageLeavingListener((running) => localStorage.setItem("left", String(running))),
  watchTimeout: () => api.addVisitTimeoutListener((id, renewed) => void ((window as any).timedOut = [id, renewed])),
  kill: () => {
    api.enterAction("unfinished");
    api.sendBeacon(false, true, true);
  },
};
(window as any).parts = parts;
