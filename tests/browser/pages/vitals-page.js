// Keeps the main thread busy after a click, and pushes the page down after the load.
document.getElementById("slow").addEventListener("click", () => {
  const end = performance.now() + 180;
  while (performance.now() < end);
  document.getElementById("slow").textContent = "Done";
});
addEventListener("load", () =>
  setTimeout(() => {
    const banner = document.createElement("div");
    banner.id = "banner";
    banner.textContent = "Sale";
    banner.className = "banner";
    document.body.prepend(banner);
  }, 100),
);
