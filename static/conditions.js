/* Shows a question when another has the answer that asks for it, as the rules in the page say, and takes it away when it
   has not. A filled answer that goes this way is named, and comes back with one press until the page is left. Without a
   script every question stands on the page with its condition in words. */
(() => {
  "use strict";
  const form = document.getElementById("answers");
  if (!form) return;
  const conditional = [...form.querySelectorAll("[data-asks]")];
  if (!conditional.length) return;

  const boxOf = (control) => control.closest(".field");
  const named = (name) => [...form.elements].filter((control) => control.name === name || new RegExp(`^${CSS.escape(name)}_(day|month|year|time)$`).test(control.name));
  const given = (controls) =>
    controls.filter((one) => !["radio", "checkbox"].includes(one.type) || one.checked).map((one) => one.value.trim()).filter(Boolean);
  const applies = (box) => {
    const deciders = named(box.dataset.asks);
    if (!deciders.length) return true;
    const decider = boxOf(deciders[0]);
    if (decider.classList.contains("does-not-apply")) return false;
    const values = given(deciders), reason = form.elements[`${box.dataset.asks}_missing`];
    if (!values.length) return !reason || ["", "PEND"].includes(reason.value);
    const wanted = box.dataset.asksIf.split(" ").filter(Boolean);
    return !wanted.length || values.some((value) => wanted.includes(value));
  };
  const filled = (box) => box.matches(".field") && given([...box.querySelectorAll("input, select:not(.reason), textarea")]).length > 0;
  const label = (box) => {
    const found = box.querySelector(".label").cloneNode(true);
    found.querySelectorAll(".optional").forEach((one) => one.remove());
    return found.textContent.trim();
  };

  // What stood in each question before it was last changed, so that one press brings it back.
  const state = (box) => [...box.querySelectorAll("input, select, textarea")].map((one) => [one, one.value, one.checked]);
  const before = new Map();
  const remember = () => conditional.forEach((box) => named(box.dataset.asks).slice(0, 1).forEach((one) => before.set(boxOf(one), state(boxOf(one)))));

  const review = (changed) => {
    const wiped = [];
    for (const box of conditional) {
      const away = !applies(box);
      if (away && !box.classList.contains("does-not-apply") && filled(box)) wiped.push(box);
      box.classList.toggle("does-not-apply", away);
    }
    if (!changed || !before.has(changed)) return;
    changed.parentNode.querySelectorAll(".wiped").forEach((note) => note.previousElementSibling === changed && note.remove());
    if (wiped.length) tell(changed, wiped.map(label), before.get(changed));
    remember();
  };
  const tell = (decider, labels, was) => {
    const note = Object.assign(document.createElement("div"), { className: "wiped" });
    const words = Object.assign(document.createElement("span"), { textContent: `${form.dataset.saysWiped} ${labels.join(", ")}.` });
    words.setAttribute("role", "status");
    const undo = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet", textContent: form.dataset.saysUndo });
    undo.addEventListener("click", () => {
      for (const [one, value, checked] of was) Object.assign(one, { value, checked });
      review(decider);
      (decider.querySelector("input:checked") || decider.querySelector("input, select")).focus();
      document.dispatchEvent(new CustomEvent("register:filled"));
    });
    note.append(words, " ", undo);
    decider.after(note);
  };
  remember();
  form.addEventListener("change", (event) => review(boxOf(event.target)));
  form.addEventListener("input", (event) => event.target.matches("input:not([type=radio]):not([type=checkbox])") && review(null));
  document.addEventListener("register:filled", () => review(null));
})();
