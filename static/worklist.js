/* Says how many cases of a worklist are ticked. Without a script the list works the same and says nothing. */
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
})();
