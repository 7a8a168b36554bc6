for (const id of ["buy", "all"]) document.getElementById(id)?.addEventListener("click", () => fetch("/api/cart?delay=30"));
