/* Saves on the server while somebody types: the answers that changed, one request at a time, tried again until it is
   answered. The page is told where the case stands; the form, the focus and the caret stay as they are. Nothing of a
   case is kept in the browser. Without a script every page saves with its buttons. */
(() => {
  "use strict";
  const form = document.getElementById("answers");
  if (!form) return;

  const QUIET = 2000, LONGEST = 3000, SLOW = 400, SAID_EVERY = 10000, PATIENCE = 20000, KEEPALIVE_ROOM = 60000;
  const PAUSES = [1000, 2000, 5000, 10000, 15000];
  const NO_ANSWER = /^(csrfmiddlewaretoken|version|save_id|shown_warnings|do|term|pasted|reason)$|^(keep|seen)\./;
  const words = form.dataset;
  const bar = document.getElementById("save-state");
  const voice = document.getElementById("save-said");

  /* ── what the form says ── */
  const listens = (control) =>
    control.name && !["submit", "button", "reset"].includes(control.type) && !NO_ANSWER.test(control.name);
  const boxOf = (control) => control.closest(".field") || form;
  const isAway = (control) => boxOf(control).classList.contains("does-not-apply");
  const isTick = (one) => one.type === "radio" || one.type === "checkbox";
  const now = (one) => (isTick(one) && !one.checked ? [] : [one.value]);
  // What the page came with, whatever was typed before this script did.
  const atFirst = (one) => {
    if (isTick(one)) return one.defaultChecked ? [one.value] : [];
    if (!one.options) return [one.defaultValue];
    const chosen = [...one.options].find((option) => option.defaultSelected) || one.options[0];
    return chosen ? [chosen.value] : [];
  };
  const read = (wanted = () => true, said = now) => {
    const values = new Map();
    for (const control of form.elements) {
      if (!listens(control) || !wanted(control)) continue;
      const texts = values.get(control.name) || values.set(control.name, []).get(control.name);
      texts.push(...said(control));
    }
    return values;
  };
  const key = (texts) => JSON.stringify(texts.filter((text) => text !== ""));
  const control = (name) => {
    const found = form.elements[name];
    return found instanceof RadioNodeList ? found[0] : found;
  };
  const boxOfField = (name) => {
    const id = name.includes(".") ? name.replaceAll(".", "-") : `f-${name}`;
    const first = document.getElementById(id);
    return first && form.contains(first) ? boxOf(first) : null;
  };
  const namesIn = (box) => [...new Set([...form.elements].filter((one) => listens(one) && boxOf(one) === box).map((one) => one.name))];

  /* ── what the server has ── */
  const stored = new Map();
  // A page that comes back with mistakes shows what nobody stored.
  if (!("unsaved" in words)) for (const [name, texts] of read(undefined, atFirst)) stored.set(name, key(texts));
  const refused = new Map();
  const asked = new Map();
  const differs = () => {
    const values = read((one) => !isAway(one));
    const boxes = new Set();
    for (const [name, texts] of values) {
      const said = key(texts);
      if ((stored.get(name) ?? "[]") !== said && refused.get(name) !== said) boxes.add(boxOf(control(name)));
    }
    for (const box of asked.keys()) boxes.delete(box);
    const changed = new Map();
    for (const box of boxes) for (const name of namesIn(box)) changed.set(name, values.get(name) || []);
    return changed;
  };
  const saves = () => Boolean(words.save || words.begin);
  const isUnsaved = () => Boolean(sending) || asked.size > 0 || differs().size > 0 || [...refused].some(([name, said]) => key(read().get(name) || []) === said);

  /* ── when ── */
  let sending = null, stopped = false, leaving = false, offline = false, submitter = null;
  let timer = 0, retry = 0, since = 0, lastName = "";
  const look = (atOnce) => {
    guard();
    if (!saves() || stopped || !differs().size) return;
    since ||= performance.now();
    clearTimeout(timer);
    timer = setTimeout(flush, atOnce ? 0 : Math.max(0, Math.min(QUIET, since + LONGEST - performance.now())));
  };
  const onEdit = (atOnce) => (event) => {
    if (!listens(event.target)) return;
    if (event.type === "input") leaving = false;
    lastName = event.target.name;
    look(atOnce);
  };
  const isTyped = (one) => one.matches("input:not([type=radio]):not([type=checkbox]), textarea");
  form.addEventListener("input", (event) => onEdit(!isTyped(event.target))(event));
  form.addEventListener("change", onEdit(true));
  form.addEventListener("focusout", onEdit(true));
  document.addEventListener("register:filled", () => look(true));
  document.addEventListener("register:ending", () => flush());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());
  window.addEventListener("pageshow", () => { leaving = false; guard(); });
  window.addEventListener("pagehide", () => {
    if (leaving || !saves() || stopped) return;
    if (sending) lastWords();
    else flush();
  });
  window.addEventListener("online", () => sending && attempt());

  /* ── the request ── */
  const newKey = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };
  const token = () => {
    const cookie = /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie);
    return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
  };
  const version = () => form.elements.version;
  // What this page begins is one case, whichever of its requests comes first.
  const beginning = words.begin ? newKey() : "";
  const request = (values, after = "") => {
    const id = newKey(), body = new URLSearchParams({ save_id: id, person: words.person });
    const focused = document.activeElement;
    body.set("touched", form.contains(focused) && listens(focused) ? focused.name : lastName);
    if (after) body.set("after", after);
    if (!words.save) body.set("begins", beginning);
    for (const [name, texts] of values) for (const text of texts.length ? texts : [""]) body.append(name, text);
    return { id, values, body: body.toString(), match: words.save ? version().value : "", tries: 0 };
  };
  const post = (one) => {
    const headers = { Accept: "application/json", "X-CSRFToken": token(), "Content-Type": "application/x-www-form-urlencoded" };
    if (one.match) headers["If-Match"] = `"${one.match}"`;
    const keepalive = one.body.length < KEEPALIVE_ROOM;
    return fetch(words.save || words.begin, { method: "POST", headers, body: one.body, keepalive, signal: AbortSignal.timeout(PATIENCE) });
  };
  const flush = () => {
    clearTimeout(timer);
    if (sending || stopped || leaving || !saves()) return;
    const values = differs();
    if (!values.size) return guard();
    since = 0;
    sending = request(values);
    sending.slow = setTimeout(() => show("busy", words.saysBusy), SLOW);
    attempt();
    guard();
  };
  // The page closes while a save is on its way: what was typed since goes after it. Of a case that is only just being
  // made all goes, because nobody knows which of the two comes first.
  const lastWords = () => {
    const isLate = ([name, texts]) => !words.save || key(sending.values.get(name) || []) !== key(texts);
    const late = new Map([...sending.values, ...differs()].map(([name]) => [name, read().get(name) || []]).filter(isLate));
    const whole = new Map([...late.keys()].flatMap((name) => namesIn(boxOf(control(name)))).map((name) => [name, read().get(name) || []]));
    if (whole.size) post(request(whole, sending.id)).catch(() => {});
  };
  const attempt = async () => {
    const mine = sending;
    clearTimeout(retry);
    if (mine.busy) return;
    mine.busy = true;
    let response, body = null;
    try {
      response = await post(mine);
      if ((response.headers.get("Content-Type") || "").includes("json")) body = await response.json();
    } catch {
      response = null;
    }
    mine.busy = false;
    if (sending !== mine) return;
    const status = response ? response.status : 0;
    if (status === 201 || ((status === 200 || status === 412) && body)) return took(mine, response, body || {});
    if (status === 412 || !status || status >= 500 || status === 429) return status === 412 ? stop("") : again(mine);
    if (status === 401) return document.dispatchEvent(new CustomEvent("register:signed-out"));
    // A token that was changed by signing in again reads as a form from elsewhere.
    if (status === 403 && !body && mine.tries < 2) return again(mine);
    stop(body ? body.sentence : "");
  };
  const again = (mine) => {
    clearTimeout(mine.slow);
    offline = true;
    show("offline", words.saysOffline, words.saysStay);
    retry = setTimeout(attempt, PAUSES[Math.min(mine.tries, PAUSES.length - 1)]);
    mine.tries += 1;
  };
  document.addEventListener("register:signed-in", () => {
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token();
    if (sending) attempt();
    else look(true);
  });
  const stop = (sentence) => {
    stopped = true;
    clearTimeout(sending && sending.slow);
    sending = null;
    submitter = null;
    show("offline", `${words.saysRefused} ${sentence}`);
    guard();
  };

  /* ── the answer ── */
  const took = (mine, response, body) => {
    clearTimeout(mine.slow);
    sending = null;
    offline = false;
    const tag = /"(\d+)"/.exec(response.headers.get("ETag") || "");
    if (tag) version().value = tag[1];
    if (!words.save) begun(response, body);
    const kept = new Set((body.kept || []).map(boxOfField));
    const wrong = new Map(Object.keys(body.problems || {}).map((name) => [boxOfField(name), name]));
    for (const [name, conflict] of Object.entries(body.conflicts || {})) asked.set(boxOfField(name), { name, ...conflict });
    for (const [name, texts] of mine.values) {
      const box = control(name) && boxOf(control(name));
      if (asked.has(box)) continue;
      if (wrong.has(box) && !kept.has(box)) refused.set(name, key(texts));
      else stored.set(name, key(texts));
    }
    // What does not apply was wiped; it is sent anew when it applies again.
    for (const one of form.elements) if (listens(one) && isAway(one)) stored.set(one.name, "[]");
    for (const values of Object.values(body.changed || {})) take(values);
    if (body.regions) fill(body.regions, new Set([...mine.values.keys()].map(control).filter(Boolean).map(boxOf)));
    // Warnings that stand on the page were seen; those that come while the page goes on were not.
    if (!submitter && body.shown !== undefined && form.elements.shown_warnings) form.elements.shown_warnings.value = body.shown;
    if (asked.size) show("choose", words.saysChoose);
    else show("saved", body.sentence || words.saysSaved);
    if (submitter && !asked.size) return goOn();
    submitter = null;
    since = 0;
    look(true);
  };
  const begun = (response, body) => {
    const address = response.headers.get("Location");
    words.save = `${address}bewaren`;
    history.replaceState(null, "", address);
    const number = document.querySelector(".casebar .number");
    if (number && body.number) number.textContent = body.number;
  };
  // An answer of somebody else, where nothing else was typed meanwhile.
  const take = (values) => {
    for (const [name, texts] of Object.entries(values)) {
      const first = control(name);
      if (!first || asked.has(boxOf(first)) || (stored.get(name) ?? "[]") !== key(read().get(name) || [])) continue;
      put(name, texts);
      stored.set(name, key(texts));
    }
  };
  const put = (name, texts) => {
    for (const one of [...form.elements].filter((each) => each.name === name)) {
      if (isTick(one)) one.checked = texts.includes(one.value);
      else one.value = texts[0] ?? "";
    }
  };

  /* ── what the page shows of it ── */
  const fill = (regions, sent) => {
    for (const id of ["verschil", "waarschuwing"]) {
      const region = document.getElementById(`r-${id}`);
      if (!region || region.dataset.now === regions[id] || region.innerHTML.trim() === regions[id]) continue;
      region.dataset.now = regions[id];
      region.innerHTML = regions[id];
      if (regions[id]) announce(region.textContent.replace(/\s+/g, " ").trim(), false);
    }
    const wrong = new Map(Object.entries(regions.problems).map(([id, html]) => [document.getElementById(id), html]));
    for (const box of sent) if (![...wrong.keys()].some((first) => first && boxOf(first) === box)) mark(box, null, "");
    for (const [first, html] of wrong) if (first) whenLeft(boxOf(first), () => mark(boxOf(first), first, html));
  };
  const whenLeft = (box, act) => {
    if (!box.contains(document.activeElement)) return act();
    box.addEventListener("focusout", () => setTimeout(() => whenLeft(box, act)), { once: true });
  };
  const mark = (box, first, html) => {
    if (box === form) return;
    const before = box.querySelector(".error-text");
    const bearers = box.matches("fieldset") ? [box] : [...box.querySelectorAll("input, textarea, select:not(.reason)")];
    if (before) {
      for (const one of bearers) describe(one, (ids) => ids.filter((id) => id !== before.id));
      before.remove();
    }
    box.classList.toggle("has-error", Boolean(html));
    for (const one of box.querySelectorAll("input, textarea, select:not(.reason)")) html ? one.setAttribute("aria-invalid", "true") : one.removeAttribute("aria-invalid");
    if (!html) return;
    (box.querySelector(".withreason") || first).insertAdjacentHTML("beforebegin", html);
    for (const one of bearers) describe(one, (ids) => [...ids, `${first.id}-e`]);
    announce(box.querySelector(".error-text").textContent, false);
  };
  const describe = (one, change) => {
    const ids = change((one.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
    ids.length ? one.setAttribute("aria-describedby", ids.join(" ")) : one.removeAttribute("aria-describedby");
  };
  const show = (state, text, more = "") => {
    if (!bar) return;
    bar.dataset.state = state;
    // New nodes in a box of fixed size: nothing on the page moves.
    const glyph = bar.querySelector("svg").cloneNode(true);
    glyph.firstElementChild.setAttribute("href", { saved: "#g-check", busy: "#g-busy", offline: "#g-problem", choose: "#g-problem" }[state]);
    const line = document.createElement(state === "choose" ? "a" : "span");
    if (state === "choose") line.href = "#verschil";
    line.textContent = text;
    if (more) line.append(Object.assign(document.createElement("span"), { className: "longer", textContent: ` ${more}` }));
    bar.replaceChildren(glyph, line);
    if (state !== "busy") announce(`${text} ${more}`.trim(), state === "offline" || state === "choose");
  };
  let saidAt = -SAID_EVERY, saidLater = 0, waiting = [];
  const announce = (text, urgent) => {
    if (!voice) return;
    waiting = [...waiting.filter((one) => one !== text && !(one.startsWith(words.saysSaved) && text.startsWith(words.saysSaved))), text];
    clearTimeout(saidLater);
    saidLater = setTimeout(() => {
      voice.textContent = waiting.join(" ");
      waiting = [];
      saidAt = performance.now();
    }, urgent ? 0 : Math.max(0, saidAt + SAID_EVERY - performance.now()));
  };

  /* ── choosing between two answers ── */
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-keep]");
    if (!button) return;
    const box = boxOfField(button.dataset.field), conflict = asked.get(box);
    asked.delete(box);
    if (button.dataset.keep === "theirs") {
      for (const name of namesIn(box)) {
        put(name, conflict.values[name] || []);
        stored.set(name, key(conflict.values[name] || []));
      }
    } else for (const name of namesIn(box)) stored.set(name, "?");
    button.closest("[role=group]").remove();
    const panel = document.getElementById("verschil");
    if (panel && !panel.querySelector("[role=group]")) document.getElementById("r-verschil").replaceChildren();
    const first = box.querySelector("input, select, textarea");
    if (first) first.focus();
    if (!asked.size) show("saved", words.saysSaved);
    look(true);
  });

  /* ── leaving ── */
  form.addEventListener("submit", (event) => {
    // Nobody goes on past two answers of which one would be lost unseen.
    if (asked.size) {
      event.preventDefault();
      show("choose", words.saysChoose);
      return document.getElementById("verschil")?.focus();
    }
    if (!saves() || stopped || !(sending || offline || differs().size)) {
      leaving = true;
      return guard();
    }
    // What is typed is saved first: a page that leaves over a line that is gone would take it along.
    event.preventDefault();
    submitter = event.submitter || form.querySelector(".actions button");
    flush();
  });
  const goOn = () => {
    const button = submitter;
    submitter = null;
    form.requestSubmit(button);
  };
  const ask = (event) => event.preventDefault();
  let guarded = false;
  const guard = () => {
    const unsaved = isUnsaved(), wanted = !leaving && unsaved;
    if (bar) bar.classList.toggle("is-behind", unsaved);
    if (wanted === guarded) return;
    guarded = wanted;
    wanted ? window.addEventListener("beforeunload", ask) : window.removeEventListener("beforeunload", ask);
  };
  // What a page with mistakes came back with, and what was typed before this script came.
  look(true);
})();
