/* Small help with an answer: a reason for missing takes the place of the value and can be undone in one step, and a
   button fills in today or the same place. Without a script both are typed or chosen. */
(() => {
  "use strict";
  const form = document.getElementById("answers");
  if (!form) return;
  const controls = (box) => [...box.querySelectorAll("input, textarea, select:not(.reason)")];
  const isTick = (one) => one.type === "radio" || one.type === "checkbox";
  const isFilled = (one) => (isTick(one) ? one.checked : one.value.trim() !== "");
  const tellOthers = () => document.dispatchEvent(new CustomEvent("register:filled"));

  const mute = (box, reason) => {
    box.classList.toggle("is-missing", Boolean(reason.value));
    reason.classList.toggle("is-chosen", Boolean(reason.value));
  };
  const empty = (box, reason) => {
    const was = controls(box).map((one) => [one, one.value, one.checked]);
    const had = controls(box).some(isFilled);
    for (const one of controls(box)) isTick(one) ? (one.checked = false) : (one.value = "");
    box.querySelectorAll(".undo").forEach((one) => one.remove());
    if (!had) return;
    const undo = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet undo", textContent: form.dataset.saysUndo });
    undo.addEventListener("click", () => {
      for (const [one, value, checked] of was) Object.assign(one, { value, checked });
      reason.value = "";
      undo.remove();
      mute(box, reason);
      reason.focus();
      tellOthers();
    });
    reason.after(undo);
  };
  form.addEventListener("change", (event) => {
    const box = event.target.closest(".field");
    if (!box || !event.target.matches("select.reason")) return;
    if (event.target.value) empty(box, event.target);
    mute(box, event.target);
  });
  // An answer takes the place of the reason.
  form.addEventListener("input", (event) => {
    const box = event.target.closest(".field");
    const reason = box && box.querySelector("select.reason");
    if (!reason || event.target === reason || !reason.value || !isFilled(event.target)) return;
    reason.value = "";
    box.querySelectorAll(".undo").forEach((one) => one.remove());
    mute(box, reason);
  });
  form.addEventListener("click", (event) => {
    const chip = event.target.closest("button[data-fills]");
    if (!chip) return;
    const box = chip.closest(".field"), reason = box.querySelector("select.reason");
    const texts = JSON.parse(chip.dataset.fills), boxes = controls(box);
    texts.forEach((text, place) => { if (boxes[place]) boxes[place].value = text; });
    if (reason) { reason.value = ""; mute(box, reason); }
    tellOthers();
  });
  for (const reason of form.querySelectorAll("select.reason")) if (reason.closest(".field")) mute(reason.closest(".field"), reason);
})();
