// The figures of the web-vitals library, kept for the test that compares them.
import { onCLS, onFCP, onINP, onLCP, onTTFB } from "web-vitals";

window.vitals = {};
for (const watch of [onCLS, onFCP, onINP, onLCP, onTTFB]) {
  watch(({ name, value }) => (window.vitals[name] = value), { reportAllChanges: true });
}
