/* Two minutes before a session ends a dialog says so, with a button to stay. When it ended the page is covered: what was
   typed stays behind the cover until the same person signed in again, in a window of its own. Without a script a page
   that was sent after the end shows what was typed. */
(() => {
  "use strict";
  // A page that the browser kept as it was may be somebody else's by now.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  const dialog = document.getElementById("session-end");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  const warning = 120, lastSave = 5, again = 5;
  const others = "BroadcastChannel" in window ? new BroadcastChannel("register-session") : null;
  let timer, deadline = 0;

  const isCovered = () => dialog.classList.contains("is-over");
  const at = (seconds, act) => {
    clearTimeout(timer);
    timer = setTimeout(act, Math.max(seconds, 0) * 1000);
  };
  const wait = (seconds) => {
    deadline = performance.now() + seconds * 1000;
    at(seconds - warning, look);
  };
  // Another page of the same person may have kept the session; asking does not. Null when nobody answers.
  const asked = async (answer) => {
    try {
      const response = await answer;
      return response.ok ? await response.json() : { seconds: 0 };
    } catch {
      return null;
    }
  };
  const isOther = (left) => Boolean(left.person) && left.person !== dialog.dataset.person;
  const ask = () => asked(fetch(dialog.dataset.left, { headers: { Accept: "application/json" } }));
  const look = async () => {
    const left = await ask();
    if (!left) return performance.now() >= deadline ? cover() : at(again, look);
    if (left.seconds <= 0 || isOther(left)) return cover();
    if (left.seconds > warning + 5) return wait(left.seconds);
    deadline = performance.now() + left.seconds * 1000;
    open();
    at(left.seconds - lastSave, () => {
      document.dispatchEvent(new CustomEvent("register:ending"));
      at(lastSave, look);
    });
  };
  // The dialog gives the focus back by itself, but not the place in the text where somebody was typing.
  let caret = null;
  const open = () => {
    if (dialog.open) return;
    const here = document.activeElement;
    caret = here && typeof here.selectionStart === "number" ? [here, here.selectionStart, here.selectionEnd] : null;
    dialog.showModal();
  };
  const close = () => {
    dialog.close();
    if (!caret) return;
    const [here, start, end] = caret;
    here.blur();
    here.focus({ preventScroll: true });
    here.setSelectionRange(start, end);
  };
  const cover = () => {
    clearTimeout(timer);
    dialog.classList.add("is-over");
    open();
  };
  const uncover = async () => {
    if (!isCovered()) return;
    const left = await ask();
    if (!left || left.seconds <= 0 || !isCovered()) return;
    dialog.classList.toggle("is-other", isOther(left));
    if (isOther(left)) return;
    dialog.classList.remove("is-over");
    close();
    wait(left.seconds);
    document.dispatchEvent(new CustomEvent("register:signed-in"));
  };
  dialog.addEventListener("cancel", (event) => isCovered() && event.preventDefault());
  dialog.addEventListener("close", () => isCovered() && dialog.showModal());
  dialog.querySelector("[data-again]").addEventListener("click", uncover);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const left = await asked(fetch(form.action, { method: "POST", body: new FormData(form) }));
    if (!left || left.seconds <= 0) return look();
    close();
    wait(left.seconds);
  });
  document.addEventListener("register:signed-out", cover);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && uncover());
  window.addEventListener("focus", uncover);
  window.addEventListener("online", uncover);
  if (others) {
    others.addEventListener("message", uncover);
    // This page is of somebody who is signed in: pages that wait for that can look again.
    others.postMessage("signed-in");
  }
  wait(Number(dialog.dataset.seconds));
})();
