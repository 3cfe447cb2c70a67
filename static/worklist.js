/* Says how many cases of a worklist are ticked, and lets j and k walk through it for who switched that on. Without a script
   the list works the same. */
(() => {
  "use strict";
  const list = document.getElementById("list");
  if (!list) return;
  const place = list.querySelector("[data-ticked]");
  const count = () => {
    const ticked = list.querySelectorAll("input[name=cases]:checked").length;
    place.textContent = ticked ? `(${ticked})` : "";
    if (ticked) list.querySelector(".several").open = true;
  };
  list.addEventListener("change", (event) => event.target.name === "cases" && count());
  count();

  if (!document.querySelector("[data-letter-keys]")) return;
  const cases = [...list.querySelectorAll("tbody th a")];
  const steps = { j: 1, k: -1 };
  document.addEventListener("keydown", (event) => {
    const writes = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (!(event.key in steps) || writes || event.ctrlKey || event.altKey || event.metaKey) return;
    const row = event.target.closest("tr");
    const at = cases.findIndex((link) => row && row.contains(link));
    const next = at < 0 ? 0 : Math.min(Math.max(at + steps[event.key], 0), cases.length - 1);
    if (cases[next]) cases[next].focus();
  });
})();
