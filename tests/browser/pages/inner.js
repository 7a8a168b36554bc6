document.getElementById("inside").addEventListener("click", () => fetch("/api/inner?delay=40"));
