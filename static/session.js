/* Two minutes before a session ends a dialog says so, with a button to stay. Without a script nothing is missing. */
(() => {
  "use strict";
  const dialog = document.getElementById("session-end");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  const warning = 120;
  let timer;

  const wait = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(seconds - warning, 0) * 1000);
  };
  // Another page of the same person may have kept the session; asking does not.
  const look = async () => {
    const left = await asked(fetch(dialog.dataset.left, { headers: { Accept: "application/json" } }));
    if (left > warning + 5) return wait(left);
    dialog.classList.toggle("is-over", left <= 0);
    if (!dialog.open) dialog.showModal();
    clearTimeout(timer);
    if (left > 0) timer = setTimeout(look, left * 1000);
  };
  const asked = async (answer) => {
    try {
      const response = await answer;
      return response.ok ? (await response.json()).seconds : 0;
    } catch {
      return 0;
    }
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const left = await asked(fetch(form.action, { method: "POST", body: new FormData(form) }));
    if (left <= 0) return look();
    dialog.close();
    wait(left);
  });
  wait(Number(dialog.dataset.seconds));
})();
