/* Says every twenty seconds that this review page is open, and shows who else has the case open. No word of a case goes
   either way. When the page closes it says so; without that the person is gone after a minute. */
(() => {
  "use strict";
  const place = document.querySelector("[data-presence]");
  if (!place) return;
  const every = 20;
  const body = (leaves) => {
    const form = new FormData();
    form.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    if (leaves) form.set("leaves", "1");
    return form;
  };
  const show = (sentence) => {
    const words = place.querySelector("span");
    if (words.textContent !== sentence) words.textContent = sentence;
    place.hidden = !sentence;
  };
  const beat = async () => {
    if (document.hidden) return;
    try {
      const response = await fetch(place.dataset.presence, { method: "POST", body: body(false) });
      show(response.ok ? (await response.json()).sentence : "");
    } catch {
      show("");
    }
  };
  beat();
  setInterval(beat, every * 1000);
  document.addEventListener("visibilitychange", beat);
  window.addEventListener("pagehide", () => navigator.sendBeacon(place.dataset.presence, body(true)));
})();
