/* Substances while one types: a list below the box, with the keys of a combobox. Nothing is chosen by itself.
   The server makes the list. Without a script the button beside the box gives the same substances on the page. */
(() => {
  "use strict";
  const SHORTEST = 2;
  const PAUSE = 120; // milliseconds of rest before the server is asked

  const combobox = (part) => {
    const input = part.querySelector("input");
    const status = part.querySelector("[role=status]");
    const box = input.parentElement;
    const search = part.querySelector("button");
    const chosen = part.querySelector(".chosen");
    let list = null;
    let at = -1;
    let timer = 0;
    let asked = null;
    let arrived = null; // what to do once the list is there

    const options = () => (list ? [...list.children] : []);

    const close = () => {
      clearTimeout(timer);
      if (asked) asked.abort();
      if (list) list.remove();
      list = null;
      at = -1;
      arrived = null;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const point = (to) => {
      const all = options();
      if (all[at]) all[at].setAttribute("aria-selected", "false");
      at = to;
      input.removeAttribute("aria-activedescendant");
      if (!all[at]) return;
      all[at].setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", all[at].id);
      all[at].scrollIntoView({ block: "nearest" });
    };

    const open = (made) => {
      if (list) list.remove();
      list = made;
      at = -1;
      input.removeAttribute("aria-activedescendant");
      list.id = `${input.id}-list`;
      options().forEach((option, number) => {
        option.id = `${list.id}-${number}`;
      });
      box.append(list);
      input.setAttribute("aria-expanded", "true");
      status.textContent = list.dataset.says;
      if (matchMedia("(pointer: coarse)").matches) part.scrollIntoView({ block: "start" });
      if (arrived) arrived();
      arrived = null;
    };

    // The last question counts: an answer to an older one is thrown away.
    const ask = async () => {
      if (asked) asked.abort();
      const mine = (asked = new AbortController());
      const body = new FormData();
      body.append("csrfmiddlewaretoken", input.form.elements.csrfmiddlewaretoken.value);
      body.append("term", input.value);
      try {
        const answer = await fetch(part.dataset.suggestions, { method: "POST", body, signal: mine.signal });
        const text = answer.ok && !answer.redirected ? await answer.text() : "";
        if (mine !== asked || mine.signal.aborted) return;
        const made = new DOMParser().parseFromString(text, "text/html").querySelector("[role=listbox]");
        if (made && document.activeElement === input) return open(made);
        const waiting = arrived === enter;
        close();
        if (waiting && search) search.click();
      } catch {
        // No answer: the button beside the box works as without a script.
        if (mine === asked && !mine.signal.aborted) close();
      }
    };

    const wait = (pause) => {
      clearTimeout(timer);
      if (input.value.trim().length < SHORTEST) return close();
      timer = setTimeout(ask, pause);
    };

    const choose = (option) => {
      const code = option.dataset.code;
      const name = option.querySelector("strong").textContent;
      close();
      if (part.dataset.fills) {
        const filled = document.getElementById(part.dataset.fills);
        filled.value = code;
        filled.dispatchEvent(new Event("change", { bubbles: true }));
        status.textContent = name;
        if (chosen) chosen.textContent = `${part.dataset.saysLinked} ${name}`;
        return;
      }
      const button = document.createElement("button");
      button.type = "submit";
      button.name = "do";
      button.value = `add:${code}`;
      button.hidden = true;
      input.form.append(button);
      input.form.requestSubmit(button);
    };

    // Enter without a choice: the first line, and the word itself when nothing was found.
    const enter = () => (options().length === 1 ? choose(options()[0]) : point(0));

    const later = (act) => {
      arrived = act;
      return wait(0);
    };

    // What each key does; false leaves the key to the browser.
    const keys = {
      ArrowDown: () => (list ? point(at + 1 < options().length ? at + 1 : 0) : later(() => point(0))),
      ArrowUp: () => (list ? point(at > 0 ? at - 1 : options().length - 1) : false),
      Home: () => (at >= 0 ? point(0) : false),
      End: () => (at >= 0 ? point(options().length - 1) : false),
      Escape: () => (list ? close() : false),
      Enter: () => {
        if (at >= 0) return choose(options()[at]);
        if (list) return enter();
        return input.value.trim().length < SHORTEST ? false : later(enter);
      },
    };

    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", `${input.id}-list`);
    input.addEventListener("input", (event) => {
      point(-1);
      arrived = null;
      if (part.dataset.fills) document.getElementById(part.dataset.fills).value = "";
      if (chosen) chosen.textContent = "";
      if (!event.isComposing) wait(PAUSE);
    });
    input.addEventListener("compositionend", () => wait(PAUSE));
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = keys[event.key];
      if (act && act() !== false) event.preventDefault();
    });
    input.addEventListener("blur", close);
    // The focus stays in the box while the list is pressed or scrolled.
    box.addEventListener("mousedown", (event) => list && list.contains(event.target) && event.preventDefault());
    box.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
  };

  for (const part of document.querySelectorAll(".combobox:not([data-ready])")) {
    part.dataset.ready = "yes";
    combobox(part);
  }
})();
