// Bundles the agent into the file that is given: esbuild joins the modules, terser shortens them.
// Names that end in `_` are ours and become single letters; names that begin with `_` are web-vitals' own.
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

// Parts of web-vitals that the agent does not use: soft navigations (it has its own), ratings and deltas (the server
// rates), ids and addresses of metrics, prerendering (it starts after it), counting of interactions for browsers that do
// not count (the worst one is told instead of the 98th percentile).
const lean = {
  softNavs: "export const checkSoftNavsEnabled = () => false; export const storeSoftNavEntry = () => {};",
  getActivationStart: `export const getActivationStart = () =>
    (performance.getEntriesByType("navigation")[0] || {}).activationStart || 0;`,
  onFCP: `import { getVisibilityWatcher } from "./lib/getVisibilityWatcher.js";
    import { observe } from "./lib/observe.js";
    export const onFCP = (run) => observe(["paint"], (entries) => entries.some(({ name, startTime }) =>
      name === "first-contentful-paint" && startTime < getVisibilityWatcher().firstHiddenTime) && run());`,
  getVisibilityWatcher: `import { onBFCacheRestore } from "./bfcache.js";
    import { getActivationStart } from "./getActivationStart.js";
    let first_ = -1;
    const runs_ = [];
    const now_ = () => (document.visibilityState === "hidden" ? 0 : Infinity);
    export const getVisibilityWatcher = () => {
      if (first_ < 0) {
        const entry = performance.getEntriesByType("visibility-state")
          .find(({ name, startTime }) => name === "hidden" && startTime >= getActivationStart());
        first_ = entry ? entry.startTime : now_();
        addEventListener("visibilitychange", (event) => {
          if (now_()) return;
          for (const run of runs_) run();
          first_ = Math.min(first_, event.timeStamp);
        }, true);
        onBFCacheRestore(() => setTimeout(() => (first_ = now_())));
      }
      return { get firstHiddenTime() { return first_; }, onHidden: (run) => runs_.push(run) };
    };`,
  initUnique: "export const initUnique = (_, Class) => new Class();",
  whenActivated: "export const whenActivated = (run) => run();",
  initMetric: `export const initMetric = (name, value = -1, navigationType = "") => ({ value, entries: [], navigationType });`,
  whenIdleOrHidden: `export const whenIdleOrHidden = (run) => {
    let ran_;
    const go_ = () => {
      removeEventListener("visibilitychange", go_, true);
      ran_ = ran_ || run() || 1;
    };
    if (document.visibilityState === "hidden") return go_();
    addEventListener("visibilitychange", go_, true);
    (globalThis.requestIdleCallback || setTimeout)(go_, { timeout: 1000 });
  };`,
  interactionCountPolyfill: `export const getInteractionCount = () => performance.interactionCount || 0;
    export const initInteractionCountPolyfill = () => {};`,
  observe: `export const observe = (types, run, opts) => {
    try {
      const observer = new PerformanceObserver((list) => queueMicrotask(() =>
        run(list.getEntries().sort((a, b) => a.startTime + a.duration - b.startTime - b.duration))));
      for (const type of types) observer.observe({ type, buffered: true, ...opts });
      return observer;
    } catch {}
  };`,
  bindReporter: `export const bindReporter = (report, metric) => {
    let last_;
    return (force) => {
      if (force && metric.value >= 0 && metric.value !== last_) report(metric, (last_ = metric.value));
    };
  };`,
};
// Conditions whose answer is known here; terser takes what they decide away. Entries of other types are not asked for,
// browsers without event timing make none, and no page comes back before what waited for its hiding is done.
const known = {
  false: [
    /\b\w+(\.entryType)? === '(soft-navigation|interaction-contentful-paint)'/g,
    /opts\.reportAllChanges|this\._on\w+\?\.\(\w+\)/g,
  ],
  true: [
    /entry\.entryType === 'largest-contentful-paint'|metricIdToFinalize === metric\.id/g,
    /globalThis\.PerformanceEventTiming &&\s*'interactionId' in PerformanceEventTiming\.prototype/g,
  ],
  // Not needed at all: options nobody gives, checks of what is always there, what only soft navigations use.
  "": [
    /\.\.\.opts,|opts\.durationThreshold \?\?|if \(!entry\)\s+continue;|firstSessionEntry &&\s+lastSessionEntry &&/g,
    /, getBFCacheRestoreTime\(\)(?=\);)|bfcacheRestoreTime = event\.timeStamp;/g,
    /const lcpEntryManager = initUnique\(opts, LCPEntryManager\);|lcpEntryManager\._processEntry\(entry\);/g,
  ],
};
/** @param {string} text @returns {string} */
const leanOf = (text) =>
  Object.entries(known).reduce((lean, [answer, all]) => all.reduce((rest, one) => rest.replace(one, answer), lean), text);
const replaced = new Set();
const leaner = {
  name: "leaner",
  setup({ onLoad }) {
    onLoad({ filter: /web-vitals.dist.modules.+\.js$/ }, ({ path }) => {
      const part = /(\w+)\.js$/.exec(path)[1];
      if (lean[part]) replaced.add(part);
      // As TypeScript, so that fields are set in the constructor: defined by name they could not be shortened.
      return { contents: lean[part] || leanOf(readFileSync(path, "utf8")), loader: "ts" };
    });
  },
};

const bundled = await build({
  entryPoints: ["src/boot.js"],
  bundle: true,
  write: false,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "none",
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  plugins: [leaner],
});
for (const part of Object.keys(lean)) {
  if (!replaced.has(part)) throw new Error(`web-vitals has no part ${part} any more`);
}

const { code } = await minify(bundled.outputFiles[0].text, {
  ecma: 2020,
  toplevel: true,
  compress: { passes: 5, unsafe_arrows: true, unsafe_methods: true, pure_getters: true, keep_fargs: false },
  mangle: { toplevel: true, properties: { regex: /^_|_$/ } },
});
const count = code.split('"__FOOTFALL_SETTINGS__"').length - 1;
if (count !== 1) throw new Error(`agent.js names its settings ${count} times, not once`);
const bytes = brotliCompressSync(code).length;
if (bytes > 12288) throw new Error(`agent.js takes ${bytes} bytes as brotli, more than 12288`);

writeFileSync(process.argv[2], code);
console.log(`agent.js: ${bytes} bytes as brotli, ${code.length} plain`);
